import csv
from pathlib import Path

import pytest

from catalogue.domain.tax_numbers import InvalidTaxNumber, check_tax_number

DEMO = Path(__file__).parents[3] / "billing_site" / "demo" / "data"


@pytest.mark.parametrize("file", ["accounts.csv", "companies.csv"])
def test_the_numbers_of_the_demo(file):
    """Twelve countries, as their papers show them; the Emirates and Kuwait have no check."""
    with (DEMO / file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    checked = {row["country"]: check_tax_number(row["country"], row["tax_number"]) for row in rows}
    assert len(checked) == 12
    assert {country for country, known in checked.items() if not known} == {"AE", "KW"}


@pytest.mark.parametrize(
    ("country", "number", "reason"),
    [
        ("DE", "DE123456789", "its check digits do not fit"),
        ("DE", "FR40303265045", "it has"),
        ("GB", "12", "it has the wrong length"),
        ("JP", "T5000000000013", "its check digits do not fit"),
        ("US", "00-1234567", "a part of it is not given there"),
        ("FR", "x", "it has another form"),
        ("DE", "DE\0", "it has"),
    ],
)
def test_numbers_that_the_country_cannot_have_given(country, number, reason):
    with pytest.raises(InvalidTaxNumber, match=reason):
        check_tax_number(country, number)


@pytest.mark.parametrize("country", ["AE", "KW", "XX", "OS"])
def test_a_country_without_check_takes_any(country):
    assert check_tax_number(country, "anything") is False


def test_separators_and_prefix_make_no_difference():
    for number in ("DE123456788", "123456788", " DE 123 456 788 ", "123.456.788"):
        assert check_tax_number("DE", number)
