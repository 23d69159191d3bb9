from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from catalogue.models import Account
from catalogue.services.accounts import open_account
from invoicing.selectors.bill_runs import bill_run_variance
from invoicing.services.bill_run_driving import drive_bill_run
from invoicing.services.bill_runs import (
    resume_bill_run,
)
from tests.factories.bill_runs import (
    APRIL,
    bill,
    issued,
    now,
    policy,
    states,
    use,
    use_in_april,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 4, tzinfo=UTC)


class TestWarnings:
    def sentences(self, run):
        return [warning.sentence for warning in run.warnings.all()]

    def test_a_house_in_order_has_none(self, north):
        assert self.sentences(bill(north)) == []

    def test_what_is_missing_is_told_and_stops_nothing(self, north):
        Account.objects.filter(code__in=["a", "c"]).update(address="", country="FR")
        north.tax_number = ""
        north.save()
        run = bill(north)
        assert self.sentences(run) == [
            "north has no tax number, which its invoices have to show.",
            "2 accounts have no address: a, c.",
            "FR has no standard tax rate on 2026-04-03: 2 accounts are taxed at 0.",
        ]
        assert run.state == "issued"

    def test_a_missing_price_is_told_before_anything_is_issued(self, north):
        for name in ("d", "e"):
            open_account(code=name, company=north, currency="USD")
            Account.objects.filter(code=name).update(address="Street 1")
            use(name, "1")
        policy(north, stops_on_warnings=True)
        run = bill(north)
        assert run.state == "stopped"
        assert self.sentences(run) == [
            "no price in the account's currency: 2 open. What has no price is not billed; enter the prices, "
            "then draft again."
        ]
        assert issued(north) == []

    def test_a_run_stopped_by_warnings_goes_on_when_somebody_says_so(self, north):
        policy(north, stops_on_warnings=True)
        Account.objects.filter(code="a").update(address="")
        run = bill(north)
        assert (run.state, states(run)["a"]) == ("stopped", "pending")
        resume_bill_run(run=run)
        drive_bill_run(run_id=run.pk)
        assert now(run).state == "issued"

    def test_numbers_that_would_go_back_in_time_are_told(self, north):
        bill(north)
        use_in_april(a="1")
        later = {"month": APRIL, "cutoff": datetime(2026, 5, 2, tzinfo=UTC)}
        run = bill(north, **later, issued_on=date(2026, 4, 1))
        assert [warning.kind for warning in run.warnings.all()] == [
            "missing_exchange_rate",
            "numbers_out_of_order",
        ]


def test_the_variance_names_who_changed_most(north):
    bill(north)
    use_in_april(a="11", b="5", c="1")
    run = bill(north, month=APRIL, cutoff=datetime(2026, 5, 2, tzinfo=UTC), issued_on=date(2026, 5, 3))
    found = bill_run_variance(run_id=run.pk, at_most=10)
    assert [(row.account, int(row.before_amount), int(row.now_amount), row.percent) for row in found] == [
        ("c", 0, 1, None),
        ("b", 20, 5, Decimal("-75.0")),
        ("a", 10, 11, Decimal("10.0")),
    ]
