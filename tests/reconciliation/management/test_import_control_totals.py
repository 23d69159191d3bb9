import pytest
from django.core.management import CommandError, call_command

from reconciliation.models import ControlLine
from tests.factories.houses import head_office

pytestmark = pytest.mark.django_db
TABLE = "source,id,resource,hour,quantity\nmeters,u-1,vm,2026-03-05T10:00:00Z,1.5\n"


@pytest.fixture
def file(tmp_path):
    head_office("north", "alder", "birch")
    path = tmp_path / "control.csv"
    path.write_text(TABLE)
    return path


def test_a_control_file_is_taken_once(file, capsys):
    call_command("import_control_totals", file)
    call_command("import_control_totals", file)
    assert capsys.readouterr().out.splitlines() == [
        "control.csv: days told by lines: 1; 1 stored, 0 removed, 0 unchanged",
        "control.csv: days told by lines: 1; 0 stored, 0 removed, 1 unchanged",
    ]


def test_wrong_lines_are_told_and_nothing_is_stored(file, capsys):
    file.write_text(TABLE.replace("1.5", "one"))
    with pytest.raises(CommandError, match="Nothing was stored"):
        call_command("import_control_totals", file)
    assert capsys.readouterr().out.startswith("line 2, quantity: 'one' is not a number")
    assert not ControlLine.objects.filter(source="meters").exists()


def test_an_unknown_company_or_file_is_a_sentence(file, tmp_path):
    with pytest.raises(CommandError, match="There is no company nowhere"):
        call_command("import_control_totals", file, company="nowhere")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_control_totals", tmp_path / "none.csv")
