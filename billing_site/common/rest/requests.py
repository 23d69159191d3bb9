"""What a request says: who asks, for what, in which format."""

import json
from typing import IO, Any

from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.request import Request


def caller_of(request: Request) -> Any:
    """Return who asks: the API key, or the person of the session."""
    return request.auth if request.auth is not None else request.user


class NotFound(exceptions.NotFound):
    """What does not exist, or lies where the caller cannot see: both are answered by the same words."""

    default_detail = "There is nothing here by this name, or nothing that you may see."


class JsonUnlessAsked(DefaultContentNegotiation):
    """Answer in the view's first format whatever `Accept` says, so that a refusal reaches everyone."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except (exceptions.NotAcceptable, exceptions.NotFound):
            return renderers[0], renderers[0].media_type


class WholeJson(JSONParser):
    """JSON that no answer can choke on: a refusal says again what it refuses."""

    def parse(self, stream: IO[bytes], *how: Any) -> Any:
        try:
            body = super().parse(stream, *how)
            json.dumps(body, ensure_ascii=False).encode()
        except UnicodeEncodeError as problem:
            raise exceptions.ParseError(
                "A text of the body holds half a character (\\ud800 to \\udfff); send whole ones."
            ) from problem
        except RecursionError as problem:
            raise exceptions.ParseError(
                "The body is nested deeper than anything that is taken here; see /api/docs/."
            ) from problem
        return body
