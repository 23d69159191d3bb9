"""API keys in the Authorization header."""

import pghistory
import structlog
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from billing_site.common.clock import now
from catalogue.models import ApiKey
from catalogue.selectors.api_keys import KeyRefused, api_key_of


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer mk_<prefix>.<secret>`; the request then has the key as `auth` and no user."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        kind, _, text = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        try:
            key = api_key_of(text.strip().decode("ascii", "replace"), at=now())
        except KeyRefused as refusal:
            raise AuthenticationFailed(refusal.sentence, refusal.code) from refusal
        structlog.contextvars.bind_contextvars(api_key=key.prefix)
        pghistory.context(api_key=key.prefix)
        return None, key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 (the framework's signature)
        return 'Bearer realm="meridian"'


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the schema describes it."""

    target_class = ApiKeyAuthentication
    name = "API key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of a company or an account: `mk_<prefix>.<secret>`.",
        }
