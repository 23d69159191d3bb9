import pytest

from catalogue.models import Account
from catalogue.services.accounts import CannotOpenAccount, open_account
from tests.factories.invoices import company

pytestmark = pytest.mark.django_db


def test_what_is_not_given_is_the_companys():
    seller = company("JP", currency_code="JPY", minor_units=0, timezone="Asia/Tokyo")
    account = open_account(code="a", company=seller)
    assert (account.currency_id, account.country, account.timezone) == ("JPY", "JP", "Asia/Tokyo")
    assert (account.name, account.opened_at) == ("a", None)


def test_opening_again_changes_nothing():
    first = open_account(code="a", company=company(), name="First")
    assert open_account(code="a", company=company(), name="Second") == first
    assert Account.objects.get().name == "First"


def test_a_code_is_taken_once():
    open_account(code="a", company=company())
    with pytest.raises(CannotOpenAccount, match="is taken"):
        open_account(code="a", company=company("FR"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"timezone": "Europe/Atlantis"}, "IANA name"),
        ({"currency": "XXX"}, "not in the catalogue"),
        ({"country": "Germany"}, "wrong country"),
        ({"email": "nobody"}, "wrong email"),
        ({"late_usage": "never"}, "wrong late_usage"),
    ],
)
def test_values_that_billing_could_not_use(wrong, sentence):
    with pytest.raises(CannotOpenAccount, match=sentence):
        open_account(code="a", company=company(), **wrong)
