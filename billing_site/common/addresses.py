"""Addresses that no person and no program means."""

from collections.abc import Callable
from urllib.parse import unquote_plus

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


def refuse_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 where a value of the address holds NUL: PostgreSQL has no such text, so nothing fits it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\0" in unquote_plus(request.META.get("QUERY_STRING", "")):
            raise BadRequest("The address holds the character NUL.")
        return get_response(request)

    return answer
