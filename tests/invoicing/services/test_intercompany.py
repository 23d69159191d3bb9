from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from catalogue.models import Account
from invoicing.models import (
    InterCompanyDocument,
    InterCompanyLine,
)
from tests.factories.bill_runs import (
    MARCH,
    bill,
    office,
    policy,
    use,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 4, tzinfo=UTC)


class TestHeadOffice:
    def test_it_issues_the_cost_of_the_month_in_its_own_series(self, north):
        bill(north)
        document = InterCompanyDocument.objects.get()
        assert (document.number, document.currency, document.net_amount) == ("hq-IC-2026-00001", "USD", 12)
        assert (document.seller["address"], document.buyer["tax_number"]) == ("Main Street 1", "DE200000013")
        lines = InterCompanyLine.objects.filter(document_id=document.pk).order_by("position")
        assert [(line.account, line.sku, line.quantity, line.net_amount) for line in lines] == [
            ("a", "TRAFFIC", 10, 4),
            ("b", "TRAFFIC", 20, 8),
        ]

    def test_two_offices_share_the_series(self, north):
        south = office("south", accounts=["s"])
        use("s", "5")
        bill(north)
        bill(south)
        numbers = InterCompanyDocument.objects.order_by("number").values_list("number", "sales_office__code")
        assert list(numbers) == [("hq-IC-2026-00001", "north"), ("hq-IC-2026-00002", "south")]

    def test_what_was_parked_has_a_document_of_its_own_later(self, north):
        policy(north, parks_incomplete=True)
        Account.objects.filter(code="a").update(address="")
        bill(north)
        assert InterCompanyDocument.objects.get().net_amount == 8
        Account.objects.filter(code="a").update(address="Street 1")
        bill(north)
        assert [document.net_amount for document in InterCompanyDocument.objects.order_by("number")] == [8, 4]

    def test_it_never_changes(self, north):
        bill(north)
        document = InterCompanyDocument.objects.get()
        line = InterCompanyLine.objects.first()
        for change in (
            lambda: InterCompanyDocument.objects.update(net_amount=1),
            lambda: InterCompanyDocument.objects.all().delete(),
            lambda: InterCompanyLine.objects.update(net_amount=1),
            lambda: InterCompanyLine.objects.all().delete(),
            lambda: InterCompanyLine.objects.create(
                document_id=document.pk,
                position=9,
                account_id=0,
                account="x",
                month=MARCH,
                product_id=line.product_id,
                sku="X",
                quantity=1,
                net_amount=0,
            ),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_a_head_office_that_sells_itself_has_none(self, north):
        bill(north.parent)
        assert not InterCompanyDocument.objects.exists()
