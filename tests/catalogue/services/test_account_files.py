from datetime import date
from io import BytesIO

import pytest

from billing_site.common.tables import TableRefused
from catalogue.models import Account, Contact, TaxTreatment
from catalogue.services.account_files import import_accounts
from tests.factories.invoices import company

pytestmark = pytest.mark.django_db

TWO = """company,external_id,code,name,address,tax_number,contact_name,contact_role,contact_2_email
DE,0017,acme,"Acme GmbH","Ring 1
20459 Hamburg",DE123456788,Ada,billing,noc@acme.example
FR,0017,,Dupont,,,,,
"""


def load(text, *companies, encoding="utf-8", **options):
    return import_accounts(
        file=BytesIO(text.encode(encoding)), companies=companies or [company(), company("FR")], **options
    )


def refusals(text, *companies, **options):
    with pytest.raises(TableRefused) as refused:
        load(text, *companies, **options)
    assert not Account.objects.exists()
    return [str(finding) for finding in refused.value.findings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_taken_once(encoding):
    saved = load(TWO, encoding=encoding)
    assert (saved.new, saved.changed, saved.unchanged) == (2, 0, 0)
    saved = load(TWO)
    assert (saved.new, saved.changed, saved.unchanged) == (0, 0, 2)
    acme, dupont = Account.objects.order_by("id")
    assert (acme.code, acme.address, acme.country) == ("acme", "Ring 1\n20459 Hamburg", "DE")
    assert (dupont.code, dupont.external_id) == ("FR-0017", "0017")
    assert list(Contact.objects.values_list("account", "name", "email", "role")) == [
        (acme.pk, "Ada", "", "billing"),
        (acme.pk, "", "noc@acme.example", "billing"),
    ]


def test_how_an_account_is_taxed_is_a_group_of_columns():
    text = (
        "code,tax_number,tax_treatment_category,tax_treatment_valid_from,tax_treatment_valid_to,"
        "tax_treatment_2_category,tax_treatment_2_reason,tax_treatment_2_valid_from\n"
        "a,DE123456788,reverse_charge,2026-01-01,2026-07-01,exempt,Section 4,2026-07-01\n"
        "b,,,,,,,\n"
    )
    assert load(text, company()).new == 2
    assert load(text, company()).unchanged == 2
    rows = TaxTreatment.objects.values_list("account__code", "category", "reason", "valid_from", "valid_to")
    assert list(rows) == [
        ("a", "reverse_charge", "", date(2026, 1, 1), date(2026, 7, 1)),
        ("a", "exempt", "Section 4", date(2026, 7, 1), None),
    ]
    assert load("code,name\na,Other\n", company()).changed == 1
    assert TaxTreatment.objects.count() == 2


def test_a_wrong_treatment_is_told_by_line():
    text = "code,tax_treatment_category,tax_treatment_valid_from\na,free,soon\nb,exempt,2026-01-01\n"
    assert [finding.partition(":")[0] for finding in refusals(text, company())] == [
        "line 2, tax treatment 1 category",
        "line 2, tax treatment 1 valid_from",
        "line 3, tax treatment 1 reason",
    ]


def test_a_dry_run_leaves_nothing_behind():
    assert load(TWO, dry_run=True).new == 2
    assert not Account.objects.exists()


def test_one_company_need_not_be_named():
    assert load("code;name\na;Ärzte\n", company()).new == 1
    assert Account.objects.get().name == "Ärzte"


def test_every_line_that_is_wrong_is_told():
    text = "company,code,name,timezone\nDE,a\nXX,b,Name,UTC\nDE,c,Name,Mars/Base\nDE,a,First,\nDE,a,Second,\n"
    assert refusals(text) == [
        "line 2: The line has 2 cells and the heading 4.",
        "line 3, company: There is no company 'XX' that you reach: name one of DE, FR.",
        "line 4, timezone: 'Mars/Base' is no time zone; use an IANA name: Europe/Berlin.",
        "line 6: The account a stands on line 5 already: keep one.",
    ]


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("company,code,colour", "line 1, colour: There is no such column"),
        ("company,code,name,name", "line 1, name: This column stands twice"),
        ("company,name", "line 1: The file needs a column code or external_id"),
        ("code,name", "line 1: The file needs a column company"),
        ("company,code,contact_10_name", "line 1, contact_10_name: There is no such column"),
    ],
)
def test_a_heading_that_cannot_be_used(heading, told):
    assert refusals(f"{heading}\n")[0].startswith(told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04rest", "line 1: The file is an Excel workbook"),
        ("company,code,name\nDE,a,Müller\n".encode("latin-1"), "line 2, name: This is not text in UTF-8"),
        (b'company,code,name\nDE,a,"open\n', "line 2: From here on this is no CSV"),
    ],
)
def test_files_that_are_no_such_table(content, told):
    with pytest.raises(TableRefused) as refused:
        import_accounts(file=BytesIO(content), companies=[company()])
    assert str(refused.value.findings[0]).startswith(told)
    assert not Account.objects.exists()


def test_a_line_beyond_the_first_batch_undoes_all(monkeypatch):
    monkeypatch.setattr("catalogue.services.account_saving._AT_ONCE", 2)
    lines = [f"DE,a{n}" for n in range(5)]
    assert load("company,code\n" + "\n".join(lines[:3]) + "\n", dry_run=True).new == 3
    assert refusals("company,code\n" + "\n".join([*lines, "DE,a0", "XX,b"]) + "\n") == [
        "line 7: The account a0 stands on line 2 already: keep one.",
        "line 8, company: There is no company 'XX' that you reach: name one of DE, FR.",
    ]


def test_a_thousand_findings_are_enough():
    assert len(refusals("company,code\n" + "XX,a\n" * 3000)) == 1000
