"""GET /api/v1/what-if."""

import pytest

from catalogue.models import Company, Scope
from tests.factories.houses import client_of, head_office, key_of
from tests.factories.stories import told

pytestmark = pytest.mark.django_db
PATH = "/api/v1/what-if"
ASKED = {"company": "US1", "month": "2026-01", "percent": "10"}


def test_ten_percent_more():
    """744 * 0.099 = 73.656 -> 73.66 from 66.96, at a cost of 38.69."""
    told("margin-two-books")
    api = client_of(key_of(Company.objects.get(code="HQ"), Scope.BILLING_READ.value, Scope.COST_READ.value))
    body = api.get(PATH, ASKED).json()
    figures = {
        "revenue_now": "66.96",
        "revenue_then": "73.66",
        "margin_now": "28.27",
        "margin_then": "34.97",
    }
    assert body == {
        "month": "2026-01",
        "currency": "USD",
        "whole": {"key": "all", "name": "", **figures},
        "products": [{"key": "VM", "name": "VM", **figures}],
        "accounts": [{"key": "ACME", "name": "ACME", **figures}],
    }


def test_without_the_scope_for_cost_there_is_no_margin():
    told("margin-two-books")
    api = client_of(key_of(Company.objects.get(code="HQ"), Scope.BILLING_READ.value))
    whole = api.get(PATH, ASKED).json()["whole"]
    assert (whole["revenue_then"], whole["margin_now"], whole["margin_then"]) == ("73.66", None, None)
    assert api.get(PATH, {**ASKED, "kind": "target"}).json()["code"] == "invalid_rule"


def test_another_office_is_not_there():
    alder = head_office("north", "alder", "birch").sales_offices[0]
    asked = {**ASKED, "month": "2023-09", "company": "birch"}
    assert client_of(alder.key).get(PATH, asked).status_code == 404
    of_account = key_of(alder.company, Scope.BILLING_READ.value, account=alder.account)
    assert client_of(of_account).get(PATH, {**asked, "company": "alder"}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"percent": "-100"}, {"percent": "x"}, {"month": "2026"}, {"decimals": "13"}, {"product": "NONE"}],
    ids=lambda wrong: "-".join(wrong),
)
def test_what_cannot_be_tried_is_refused(wrong):
    told("margin-two-books")
    api = client_of(key_of(Company.objects.get(code="HQ"), Scope.BILLING_READ.value))
    assert api.get(PATH, {**ASKED, **wrong}).status_code == 400
