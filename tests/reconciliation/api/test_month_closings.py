"""GET /api/v1/month-closings."""

import pytest

from tests.factories.houses import client_of, head_office

pytestmark = pytest.mark.django_db


def test_an_office_s_own_months():
    alder = head_office("north", "alder", "birch").sales_offices[0]
    api = client_of(alder.key)
    (row,) = api.get("/api/v1/month-closings", {"month": "2023-09"}).json()["results"]
    assert row == {
        "company": "alder",
        "month": "2023-09",
        "state": "open",
        "soft_closed_at": None,
        "closed_at": None,
    }
    assert api.get("/api/v1/month-closings", {"company": "birch"}).status_code == 404
    assert api.get("/api/v1/month-closings", {"state": "closed"}).json()["results"] == []
