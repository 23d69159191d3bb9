"""Another billing system's invoices beside ours, by a mapping of its columns that is saved by name."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError

from billing_site.common.tables import TableRefused
from catalogue.models import Account
from invoicing.models import Invoice
from reconciliation.models import ExportMapping, OtherInvoice, ReconciliationRun
from reconciliation.services.other_invoices import UnknownMapping, mapping_of, take_export
from reconciliation.services.reconciling import reconcile
from tests.factories.bill_runs import APRIL, bill, office, use

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 6, tzinfo=UTC)
WHMCS = "id,userid,invoicenum,date,duedate,subtotal,tax,total,status,currencycode\n"
JBILLING = "id,create_datetime,user_id,public_number,total,balance,currency,deleted\n"


@pytest.fixture
def north():
    """Invoices of 119.00 and 23.80 gross, issued on 3 April, to clients 501 and 502 of the other system."""
    company = office(accounts=["a", "b"])
    for code, external_id in (("a", "501"), ("b", "502")):
        Account.objects.filter(code=code).update(external_id=external_id)
    use("a", "100")
    use("b", "20")
    bill(company)
    return company


def take(company, name, text, **more):
    mapping = mapping_of(company=company, name=name)
    return take_export(mapping=mapping, file=BytesIO(text.encode()), **more)


def numbers():
    return [Invoice.objects.get(account__code=code).number for code in "ab"]


def whmcs(first="119.00", second="23.80"):
    one, two = numbers()
    return (
        f"{WHMCS}1,501,{one},2026-04-03,2026-05-03,100.00,19.00,{first},Paid,EUR\n"
        f"2,502,{two},2026-04-03,2026-05-03,20.00,3.80,{second},Unpaid,EUR\n"
        f"3,501,X-9,2026-04-03,2026-05-03,20.00,3.80,23.80,Cancelled,EUR\n"
    )


def differences(company):
    run = reconcile(company=company, month=APRIL, level=ReconciliationRun.Level.INVOICES_TO_OTHER, at=AT)
    return run.compared, [(row.kind, row.key, row.difference) for row in run.discrepancies.all()]


def test_columns_like_whmcs_match_by_number(north):
    assert str(take(north, "WHMCS", whmcs())) == "2 new, 0 changed, 0 removed, 0 unchanged, 1 no invoices"
    assert differences(north) == (2, [])
    one, two = numbers()
    changed = take(north, "WHMCS", whmcs(first="129.00", second="13.80"))
    assert (changed.new, changed.changed) == (0, 2)
    assert differences(north) == (
        2,
        [
            ("mismatch", f"WHMCS a {one}", Decimal(-10)),
            ("mismatch", f"WHMCS b {two}", Decimal(10)),
        ],
    )


def test_columns_like_jbilling_match_by_account(north):
    """Its own numbers; two invoices of a client come to ours; one is deleted, one too many."""
    lines = (
        f"{JBILLING}1,2026-04-03 02:00:00,501,J-1,100.00,0,EUR,0\n"
        "2,2026-04-09 02:00:00,501,J-2,19.00,0,EUR,0\n"
        "3,2026-04-03 02:00:00,502,J-3,23.80,0,EUR,1\n"
    )
    assert str(take(north, "jBilling", lines)) == "2 new, 0 changed, 0 removed, 0 unchanged, 1 no invoices"
    assert differences(north) == (2, [("missing", "jBilling b", Decimal("23.80"))])


def test_the_same_export_changes_nothing_and_a_later_one_replaces_its_days(north):
    take(north, "WHMCS", whmcs())
    again = take(north, "WHMCS", whmcs())
    assert (again.new, again.changed, again.removed, again.unchanged) == (0, 0, 0, 2)
    less = "\n".join(whmcs().splitlines()[:2])
    assert take(north, "WHMCS", less).removed == 1
    assert differences(north)[1][0][0] == "missing"


def test_a_mapping_of_one_s_own(north):
    ExportMapping.objects.create(
        company=north,
        name="Old system",
        columns={"number": "Rechnung", "account": "Kunde", "issued_on": "Datum", "amount": "Brutto"},
        date_order="dmy",
    )
    text = "Rechnung;Kunde;Datum;Brutto\n1;a;03.04.2026;119.00\n2;b;3.4.2026;23.80\n"
    assert take(north, "Old system", text).new == 2
    assert differences(north) == (2, [])


def test_an_unknown_mapping_is_refused_and_a_preset_saved_once(north):
    with pytest.raises(UnknownMapping, match="north has no mapping 'Excel'; there are WHMCS, jBilling"):
        mapping_of(company=north, name="Excel")
    assert mapping_of(company=north, name="WHMCS") == mapping_of(company=north, name="WHMCS")


@pytest.mark.parametrize(
    "columns",
    [{"number": "id"}, {"number": "a", "account": "b", "issued_on": "c", "amount": "d", "x": "e"}, []],
    ids=["columns missing", "a column too many", "no object"],
)
def test_a_mapping_without_sense_is_refused(north, columns):
    with pytest.raises(ValidationError, match="columns"):
        ExportMapping(company=north, name="X", columns=columns).full_clean()


WRONG = {
    "an empty file": ("", "The file is empty: send a CSV file with a heading"),
    "another system's columns": (JBILLING, "line 1, invoicenum: This column is missing."),
    "an unknown client": (
        f"{WHMCS}1,999,N-1,2026-04-03,,,,1.00,Paid,EUR\n",
        "line 2, userid: north has no account whose external id is '999'.",
    ),
    "another currency": (
        f"{WHMCS}1,501,N-1,2026-04-03,,,,1.00,Paid,USD\n",
        "line 2, currencycode: a is billed in EUR, not in USD.",
    ),
    "another order of days": (
        f"{WHMCS}1,501,N-1,03/04/2026,,,,1.00,Paid,EUR\n",
        "line 2, date: '03/04/2026' is no day written iso",
    ),
    "an invoice twice": (
        f"{WHMCS}1,501,N-1,2026-04-03,,,,1.00,Paid,EUR\n2,501,N-1,2026-04-03,,,,1.00,Paid,EUR\n",
        "line 3, invoicenum: The invoice N-1 stands on line 2, too: keep one.",
    ),
    "an amount with its currency": (
        f"{WHMCS}1,501,N-1,2026-04-03,,,,$1.00 USD,Paid,EUR\n",
        "line 2, total: '$1.00 USD' is not a number",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_told_and_nothing_is_half_imported(north, text, sentence):
    with pytest.raises(TableRefused) as refused:
        take(north, "WHMCS", text)
    assert str(refused.value).startswith(sentence)
    assert not OtherInvoice.objects.exists()
