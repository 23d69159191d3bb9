from datetime import UTC, datetime, timedelta

import pytest

from catalogue.models import ApiKey, Scope
from catalogue.selectors.api_keys import KeyRefused, api_key_of
from catalogue.services.api_keys import CannotCreateKey, create_api_key, revoke_api_key
from tests.factories.houses import head_office
from tests.factories.invoices import account, company

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def test_the_secret_is_shown_once_and_kept_as_a_hash():
    key, text = create_api_key(name="orders", company=company(), scopes=[Scope.EVENTS_WRITE])
    assert text.startswith(f"mk_{key.prefix}.")
    secret = text.split(".", 1)[1]
    assert len(secret) >= 40
    stored = ApiKey.objects.filter(pk=key.pk).values().get()
    assert secret not in str(stored)
    assert api_key_of(text, at=NOW) == key


def test_scopes_are_kept_in_their_own_order_and_once():
    key, _ = create_api_key(
        name="k", company=company(), scopes=["billing:read", "events:write", "billing:read"]
    )
    assert key.scopes == ["events:write", "billing:read"]


@pytest.mark.parametrize("scopes", [[], ["everything"]])
def test_a_key_needs_scopes_that_exist(scopes):
    with pytest.raises(CannotCreateKey, match="choose from events:write"):
        create_api_key(name="k", company=company(), scopes=scopes)


def test_a_key_is_of_an_account_of_its_company():
    stranger = head_office("sumac").account
    with pytest.raises(CannotCreateKey, match="has no account sumac-1"):
        create_api_key(name="k", company=company(), account=stranger, scopes=[Scope.BILLING_READ])


@pytest.mark.parametrize("scope", ["cost:read", "events:write", "catalogue:write", "billing:write"])
def test_a_key_of_an_account_only_reads(scope):
    with pytest.raises(CannotCreateKey, match=scope):
        create_api_key(name="k", company=company(), account=account(), scopes=["billing:read", scope])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
        lambda text: text.replace("mk_", "mk_0", 1),
        lambda text: text.split(".")[0],
        lambda text: text.split(".")[0] + ".",
        lambda text: "",
        lambda text: "mk_\0.\0",
    ],
)
def test_a_wrong_key_is_not_known(spoil):
    _, text = create_api_key(name="k", company=company(), scopes=[Scope.BILLING_READ])
    with pytest.raises(KeyRefused, match="not known"):
        api_key_of(spoil(text), at=NOW)


def test_a_key_ends_at_its_instant():
    _, text = create_api_key(
        name="k", company=company(), scopes=[Scope.BILLING_READ], expires_at=NOW + timedelta(hours=1)
    )
    api_key_of(text, at=NOW + timedelta(hours=1) - timedelta(microseconds=1))
    with pytest.raises(KeyRefused, match="expired at 2026-09-01 13:00 UTC"):
        api_key_of(text, at=NOW + timedelta(hours=1))


def test_a_revoked_key_stays_revoked_from_its_first_instant():
    key, text = create_api_key(name="k", company=company(), scopes=[Scope.BILLING_READ])
    revoke_api_key(key=key, revoked_at=NOW)
    assert revoke_api_key(key=key, revoked_at=NOW + timedelta(days=1)).revoked_at == NOW
    api_key_of(text, at=NOW - timedelta(seconds=1))
    with pytest.raises(KeyRefused, match="revoked"):
        api_key_of(text, at=NOW)


def test_whoever_lacks_the_secret_does_not_learn_that_a_key_was_revoked():
    key, text = create_api_key(name="k", company=company(), scopes=[Scope.BILLING_READ])
    revoke_api_key(key=key, revoked_at=NOW)
    with pytest.raises(KeyRefused, match="not known"):
        api_key_of(text.split(".")[0] + ".guess", at=NOW)
