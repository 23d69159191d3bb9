import pytest
from django.core.management import CommandError, call_command

from catalogue.models import Account
from tests.factories.invoices import company

pytestmark = pytest.mark.django_db


def import_file(tmp_path, capsys, text, *options):
    path = tmp_path / "accounts.csv"
    path.write_text(text, encoding="utf-8")
    company(), company("FR")
    try:
        call_command("import_accounts", str(path), *options)
        refusal = ""
    except CommandError as error:
        refusal = str(error)
    return capsys.readouterr().out.splitlines(), refusal


def test_counts(tmp_path, capsys):
    text = "company,code\nDE,a\nFR,b\n"
    assert import_file(tmp_path, capsys, text) == (["accounts.csv: 2 new, 0 changed, 0 unchanged"], "")
    assert import_file(tmp_path, capsys, text) == (["accounts.csv: 0 new, 0 changed, 2 unchanged"], "")


def test_a_company_for_a_file_without_that_column(tmp_path, capsys):
    assert import_file(tmp_path, capsys, "code\na\n", "--company", "FR")[1] == ""
    assert Account.objects.get().company.code == "FR"
    assert "There is no company XX" in import_file(tmp_path, capsys, "code\na\n", "--company", "XX")[1]


def test_a_dry_run(tmp_path, capsys):
    lines, _ = import_file(tmp_path, capsys, "code\na\n", "--company", "FR", "--dry-run")
    assert lines == [
        "accounts.csv: 1 new, 0 changed, 0 unchanged",
        "Nothing was changed: this was a dry run.",
    ]
    assert not Account.objects.exists()


def test_a_wrong_file(tmp_path, capsys):
    lines, refusal = import_file(tmp_path, capsys, "company,code\nDE,a\n" + "XX,b\n" * 60)
    assert lines[0] == "line 3, company: There is no company 'XX' that you reach: name one of DE, FR."
    assert lines[-1] == "... and 10 more"
    assert refusal.startswith("Nothing was stored")
    assert not Account.objects.exists()


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_accounts", str(tmp_path / "none.csv"))
