"""`manage.py import_prices`: a real revision in three files, the counts that it prints, and its refusals."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import Price, PriceImport, PriceImportPolicy
from tests.factories.price_files import PRICE_LISTS, WIDE, head_office, twelve_countries

pytestmark = pytest.mark.django_db


def run(file, *arguments):
    out = StringIO()
    call_command("import_prices", file, *arguments, stdout=out)
    return out.getvalue().strip().splitlines()[-1]


def test_a_real_revision_in_three_files():
    twelve_countries()
    revision = ("azure_revision_2026-06-18.csv", "--effective", "2026-06-18")
    runs = [
        ("products_300.csv", "--effective", "2026-01-01"),
        ("azure_revision_2026-04-02.csv", "--effective", "2026-04-02"),
        revision,
        revision,
    ]
    counted = [run(PRICE_LISTS / name, *rest).split(": ")[1] for name, *rest in runs]
    assert counted == [
        "300 new, 0 changed, 0 unchanged, 0 withdrawn, 0 errors, 0 warnings",
        "120 new, 0 changed, 0 unchanged, 0 withdrawn, 0 errors, 0 warnings",
        "20 new, 80 changed, 40 unchanged, 0 withdrawn, 0 errors, 29 warnings",
        "0 new, 0 changed, 140 unchanged, 0 withdrawn, 0 errors, 0 warnings",
    ]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(f"{WIDE}\nVM,,hour,usage,1,2,3\n")
    return path


def test_a_dry_run(file):
    head_office()
    assert run(file, "--dry-run") == "Nothing was changed: this was a dry run."
    assert not PriceImport.objects.exists()


def test_what_is_wrong_ends_it_with_an_error(file):
    head_office()
    file.write_text(f"{WIDE}\nVM,,hour,usage,x,2,3\n")
    with pytest.raises(CommandError, match="correct the lines above"):
        run(file)
    assert not Price.objects.exists()


def test_it_waits_for_approval(file):
    PriceImportPolicy.objects.create(company=head_office(), needs_approval=True)
    assert "waits for approval by a second person" in run(file)
    assert not Price.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--effective", "soon"], "neither a date nor an instant"),
        (["--company", "XX"], "no company XX"),
    ],
    ids=["effective", "company"],
)
def test_what_it_cannot_do(file, arguments, sentence):
    head_office()
    with pytest.raises(CommandError, match=sentence):
        run(file, *arguments)


def test_no_such_file(tmp_path):
    head_office()
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run(tmp_path / "none.csv")
