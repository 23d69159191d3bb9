import pytest
from django.core.management import CommandError, call_command

from catalogue.models import Product
from metering.models import Order
from tests.factories.houses import head_office

pytestmark = pytest.mark.django_db
TABLE = "account,code,sku,started_on\nalder-1,o1,PLAN,2026-03-01\nbirch-1,o1,PLAN,2026-03-01\n"


@pytest.fixture
def file(tmp_path):
    head_office("north", "alder", "birch")
    Product.objects.create(sku="PLAN", unit="month", kind="recurring", cycle="monthly")
    path = tmp_path / "orders.csv"
    path.write_text(TABLE)
    return path


def test_orders_are_imported_and_checked(file, capsys):
    call_command("import_orders", file, dry_run=True)
    assert not Order.objects.filter(code="o1").exists()
    call_command("import_orders", file)
    call_command("import_orders", file)

    assert capsys.readouterr().out.splitlines() == [
        "orders.csv: 2 new, 0 with another end, 0 unchanged",
        "Nothing was stored: this was a dry run.",
        "orders.csv: 2 new, 0 with another end, 0 unchanged",
        "orders.csv: 0 new, 0 with another end, 2 unchanged",
    ]


def test_wrong_lines_are_told_and_nothing_is_stored(file, capsys):
    with pytest.raises(CommandError, match="Nothing was stored"):
        call_command("import_orders", file, company="alder")

    assert capsys.readouterr().out == "line 3, account: There is no account 'birch-1' that you reach.\n"
    assert not Order.objects.filter(code="o1").exists()


def test_a_company_or_file_that_is_not_there_is_told(file):
    with pytest.raises(CommandError, match="There is no company nowhere"):
        call_command("import_orders", file, company="nowhere")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_orders", file.with_name("none.csv"))
