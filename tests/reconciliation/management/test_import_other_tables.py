"""Finance's totals and another system's invoices, by command."""

import pytest
from django.core.management import CommandError, call_command

from reconciliation.models import FinanceTotal, OtherInvoice
from tests.factories.houses import head_office

pytestmark = pytest.mark.django_db
TOTALS = "account,currency,month,amount\nalder-1,USD,2023-10,7.50\n"
INVOICES = "number,account,issued_on,amount\n1,alder-1,2023-10-02,7.50\n"


@pytest.fixture(autouse=True)
def houses():
    head_office("north", "alder", "birch")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "table.csv"


def test_finance_s_totals_are_checked_and_taken_once(file, capsys):
    file.write_text(TOTALS)
    call_command("import_finance_totals", file, dry_run=True)
    assert FinanceTotal.objects.filter(month="2023-10-01").count() == 0
    call_command("import_finance_totals", file, company="alder")
    call_command("import_finance_totals", file)
    assert capsys.readouterr().out.splitlines() == [
        "table.csv: 1 new, 0 changed, 0 removed, 0 unchanged",
        "Nothing was stored: this was a dry run.",
        "table.csv: 1 new, 0 changed, 0 removed, 0 unchanged",
        "table.csv: 0 new, 0 changed, 0 removed, 1 unchanged: these totals stood already, nothing changed",
    ]


def test_totals_of_others_are_refused(file, capsys):
    file.write_text(TOTALS)
    with pytest.raises(CommandError, match="Nothing was stored"):
        call_command("import_finance_totals", file, company="birch")
    told = "line 2, account: There is no account 'alder-1' that you reach.\n"
    assert capsys.readouterr().out == told


def test_another_system_s_invoices_by_a_saved_mapping(file, capsys):
    from reconciliation.models import ExportMapping

    ExportMapping.objects.filter(name="alder system").update(
        columns={name: name for name in ("number", "account", "issued_on", "amount")}
    )
    file.write_text(INVOICES)
    arguments = {"company": "alder", "mapping": "alder system"}
    call_command("import_other_invoices", file, dry_run=True, **arguments)
    call_command("import_other_invoices", file, **arguments)
    assert capsys.readouterr().out.splitlines()[::2] == [
        *["table.csv: 1 new, 0 changed, 0 removed, 0 unchanged, 0 no invoices"] * 2
    ]
    assert OtherInvoice.objects.filter(company__code="alder", number="1").count() == 1
    file.write_text(INVOICES.replace("alder-1", "birch-1"))
    with pytest.raises(CommandError, match="Nothing was stored"):
        call_command("import_other_invoices", file, **arguments)
    with pytest.raises(CommandError, match="alder has no mapping 'Excel'"):
        call_command("import_other_invoices", file, company="alder", mapping="Excel")


@pytest.mark.parametrize("command", ["import_finance_totals", "import_other_invoices"])
def test_a_file_that_is_not_there_is_a_sentence(command, file):
    arguments = {"company": "alder", "mapping": "WHMCS"} if command == "import_other_invoices" else {}
    with pytest.raises(CommandError, match="cannot be read"):
        call_command(command, file, **arguments)
