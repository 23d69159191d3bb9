"""What finance booked, by month or by day: taken whole, or refused with what is wrong."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest

from billing_site.common.tables import TableRefused
from catalogue.models import Company
from reconciliation.models import FinanceTotal, ReconciliationRun
from reconciliation.services.finance_totals import (
    record_finance_totals,
    take_finance_file,
    take_finance_totals,
)
from reconciliation.services.reconciling import reconcile
from tests.factories.bill_runs import APRIL, MARCH, bill, office, use

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 4, 6, tzinfo=UTC)
MONTHS = "account,currency,month,amount\na,EUR,2026-03,119.00\nb,EUR,2026-03,23.80\n"
DAYS = "account;currency;day;amount\na;EUR;2026-04-03;119.00\nb;EUR;2026-04-03;23.80\n"


@pytest.fixture
def north():
    """100 and 20 GB at 1 EUR, 19 % tax: 119.00 and 23.80 gross, issued on 3 April."""
    company = office(accounts=["a", "b"])
    use("a", "100")
    use("b", "20")
    bill(company)
    return company


def take(text, **more):
    return take_finance_file(companies=list(Company.objects.all()), file=BytesIO(text.encode()), **more)


def differences(company, month):
    run = reconcile(company=company, month=month, level=ReconciliationRun.Level.BILLING_TO_FINANCE, at=AT)
    found = [(row.kind, row.key, row.difference, row.day) for row in run.discrepancies.order_by("key")]
    return run.compared, found


def test_a_month_that_agrees(north):
    assert str(take(MONTHS)) == "2 new, 0 changed, 0 removed, 0 unchanged"
    assert differences(north, MARCH) == (2, [])


def test_the_same_file_twice_changes_nothing_and_says_so(north):
    take(MONTHS)
    again = take(MONTHS)
    assert str(again) == (
        "0 new, 0 changed, 0 removed, 2 unchanged: these totals stood already, nothing changed"
    )


def test_a_month_is_replaced_as_a_whole(north):
    take(MONTHS)
    less = take("account,currency,month,amount\na,EUR,2026-03,120.00\n")
    assert (less.new, less.changed, less.removed, less.unchanged) == (0, 1, 1, 0)
    assert differences(north, MARCH) == (
        2,
        [("mismatch", "a", Decimal(-1), None), ("missing", "b", Decimal("23.80"), None)],
    )


def test_days_are_compared_by_day_of_issue(north):
    assert str(take(DAYS)) == "2 new, 0 changed, 0 removed, 0 unchanged"
    assert differences(north, APRIL) == (2, [])


def test_compensating_days_are_two_differences(north):
    """Finance has 100.00 on the 3rd and 19.00 on the 4th: together right."""
    take(DAYS.replace("a;EUR;2026-04-03;119.00", "a;EUR;2026-04-03;100.00\na;EUR;2026-04-04;19.00"))
    day = date(2026, 4, 4)
    assert differences(north, APRIL) == (
        3,
        [
            ("mismatch", "a 2026-04-03", Decimal(19), date(2026, 4, 3)),
            ("extra", "a 2026-04-04", Decimal(-19), day),
        ],
    )


def test_days_take_the_place_of_their_month_and_not_the_other_way_round(north):
    take(MONTHS.replace("2026-03", "2026-04"))
    days = take(DAYS)
    assert (days.new, days.removed) == (2, 2)
    with pytest.raises(TableRefused, match="line 2, month: 2026-04 of north stands by day: days are expect"):
        take(MONTHS.replace("2026-03", "2026-04"))
    assert FinanceTotal.objects.filter(day=None).count() == 0


def test_signs_that_are_the_other_way_round(north):
    other = MONTHS.replace("119.00", "-119.00").replace("23.80", "-23.80")
    with pytest.raises(
        TableRefused, match="the file, amount: 2 of 2 amounts are below 0, and what customers"
    ):
        take(other)
    assert not FinanceTotal.objects.exists()
    take(other, signs="reversed")
    assert differences(north, MARCH) == (2, [])
    take(other, signs="as_booked")
    assert [row[2] for row in differences(north, MARCH)[1]] == [Decimal(238), Decimal("47.60")]


def test_one_credit_among_others_is_no_doubt(north):
    assert take(MONTHS.replace("23.80", "-23.80")).new == 2


def test_a_dry_run_leaves_nothing(north):
    assert take(MONTHS, dry_run=True).new == 2
    assert not FinanceTotal.objects.exists()


def test_a_company_s_totals_leave_those_of_others(north):
    south = office("south", accounts=["d"])
    record_finance_totals(company=south, month=MARCH, totals={"d": Decimal(5)})
    take(MONTHS)
    assert FinanceTotal.objects.get(company=south).amount == 5


WRONG = {
    "an empty file": ("", "The file is empty: send a CSV file with a heading"),
    "only a heading": ("account,currency,month,amount\n", "The file has no lines"),
    "other currencies": (
        MONTHS.replace("b,EUR", "b,USD"),
        "line 3, currency: b is billed in EUR, not in USD.",
    ),
    "no currency": ("account,month,amount\na,2026-03,1", "line 1, currency: This column is missing."),
    "unknown accounts": (
        MONTHS.replace("b,EUR", "stranger,EUR"),
        "line 3, account: There is no account 'stranger' that you reach.",
    ),
    "months where days are expected": (
        DAYS.replace("2026-04-03", "2026-04"),
        "line 2, day: '2026-04' is a month, and days are expected: write 2026-03-05.",
    ),
    "days where months are expected": (
        MONTHS.replace("2026-03", "2026-03-31"),
        "line 2, month: '2026-03-31' is a day, and months are expected: write 2026-03.",
    ),
    "neither day nor month": ("account,currency,amount\na,EUR,1", "line 1, day: Say when it was booked"),
    "day and month": (
        "account,currency,day,month,amount\na,EUR,2026-03-05,2026-03,1",
        "line 1, day: Say when it was booked",
    ),
    "an account twice": (
        f"{MONTHS}a,EUR,2026-03,1\n",
        "line 4: The same account and time stand on line 2: send their sum.",
    ),
    "no amount": (MONTHS.replace("23.80", ""), "line 3, amount: It is empty: write 0"),
    "a decimal comma": (MONTHS.replace("23.80", '"23,80"'), "line 3, amount: '23,80' is not a number"),
    "a workbook": ("PK\x03\x04", "line 1: The file is an Excel workbook"),
    "not UTF-8": (None, "line 2, account: This is not text in UTF-8"),
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_told_and_nothing_is_half_imported(north, text, sentence):
    content = b"account,currency,month,amount\n\xe9,EUR,2026-03,1\n" if text is None else text.encode()
    with pytest.raises(TableRefused) as refused:
        take_finance_file(companies=[north], file=BytesIO(content))
    assert str(refused.value).startswith(sentence)
    assert not FinanceTotal.objects.exists()


def test_totals_of_a_program(north):
    line = {"account": "a", "currency": "EUR", "month": "2026-03", "amount": "119"}
    assert take_finance_totals(companies=[north], lines=[(1, line)]).new == 1
    with pytest.raises(TableRefused, match="There are no totals"):
        take_finance_totals(companies=[north], lines=[])
    by_day = {"account": "b", "currency": "EUR", "day": "2026-03-31", "amount": "1"}
    with pytest.raises(TableRefused, match="a column day or a column month, and only one"):
        take_finance_totals(companies=[north], lines=[(1, line), (2, by_day)])
