import pytest

from invoicing.models import Invoice, NumberSeries
from invoicing.selectors.number_report import number_report
from tests.factories.bill_runs import bill
from tests.factories.invoices import account, issued_invoice

pytestmark = pytest.mark.django_db


def found(series):
    report = number_report([series])[series.pk]
    return report.documents, report.missing, report.surplus, report.is_contiguous


def test_a_bill_run_leaves_no_gap_in_either_series(north):
    bill(north)
    reports = number_report(NumberSeries.objects.all())
    assert {report.sentence for report in reports.values()} == {"without gaps"}
    assert sorted(report.documents for report in reports.values()) == [1, 2]


@pytest.mark.parametrize(
    ("numbers", "last", "expected"),
    [
        ([], 0, (0, [], [], True)),
        ([1, 2, 3], 3, (3, [], [], True)),
        ([1, 3], 3, (2, [2], [], False)),
        ([2], 4, (1, [1, 3, 4], [], False)),
        ([1, 2, 3], 2, (3, [], [3], False)),
    ],
)
def test_gaps_and_surplus_are_told(numbers, last, expected):
    for number in numbers:
        issued_invoice(account(f"a{number}"), number=f"DE-2023-{number:05}")
    company = account().company
    series = NumberSeries.objects.create(company=company, kind="invoice", year=2023, last_number=last)
    assert found(series) == expected


def test_a_year_is_a_series_of_its_own():
    issued_invoice(number="DE-2023-00001")
    series = NumberSeries.objects.create(company=account().company, kind="invoice", year=2024, last_number=1)
    assert found(series) == (0, [1], [], False)
    assert Invoice.objects.count() == 1
