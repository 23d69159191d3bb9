"""The site with addresses that answer a caller with nothing: the floors of API and pages."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing_site import urls
from catalogue.models import Scope


class EmptyAnswer(APIView):
    scope = Scope.CATALOGUE_READ
    permission = "catalogue.view_price"
    schema = None

    def get(self, _request: Request) -> Response:
        return Response({})

    def post(self, _request: Request) -> Response:
        return Response({})


@login_required
def empty_page(_request: HttpRequest) -> HttpResponse:
    """The least that a person who is signed in can be answered."""
    return HttpResponse()


urlpatterns = [path("empty", empty_page), path("api/v1/empty", EmptyAnswer.as_view()), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
