"""Which key a secret belongs to."""

import hashlib
import hmac
from datetime import datetime

from billing_site.common.errors import BillingError
from catalogue.models import ApiKey

KEY_START = "mk_"


class KeyRefused(BillingError):
    """A key that is unknown, revoked or expired."""

    code = "key_refused"


def hash_of_secret(secret: str) -> str:
    """Return the SHA-256 of a secret in hex; it is random and long, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def api_key_of(text: str, *, at: datetime) -> ApiKey:
    """Return the key that `mk_<prefix>.<secret>` is, with its company and account; one query.

    Raises KeyRefused. It tells that a key expired or was revoked only to whoever holds the secret.
    """
    prefix, _, secret = text.removeprefix(KEY_START).partition(".")
    keys = ApiKey.objects.select_related("company", "account")
    # PostgreSQL refuses NUL in a text, and a prefix never holds one.
    key = keys.filter(prefix=prefix).first() if prefix.isalnum() else None
    known = key.secret_hash if key else ""
    if key is None or not hmac.compare_digest(known, hash_of_secret(secret)):
        raise KeyRefused("The API key is not known; check that it was copied as a whole.")
    if key.revoked_at is not None and key.revoked_at <= at:
        raise KeyRefused("The API key was revoked; ask the company that gave it for another.")
    if key.expires_at is not None and key.expires_at <= at:
        raise KeyRefused(f"The API key expired at {key.expires_at:%Y-%m-%d %H:%M} UTC; create another.")
    return key
