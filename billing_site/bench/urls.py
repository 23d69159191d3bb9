"""The site with an address that answers a caller with nothing: the floor of the API."""

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

    def post(self, _request: Request) -> Response:
        return Response({})


urlpatterns = [path("api/v1/empty", EmptyAnswer.as_view()), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
