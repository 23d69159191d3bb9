from decimal import Decimal

import pytest

from catalogue.domain.money import InvalidAmount
from catalogue.domain.price_models import Flat, Percentage, PerUnit, Stairstep, Tier
from catalogue.domain.terms import InvalidTerms, PriceTerms, price_terms

ZERO = Decimal(0)


def test_empty_columns_belong_to_other_models() -> None:
    row = {"unit_price": Decimal("0.05"), "fee": None, "tiers": None, "package_size": None, "percent": None}
    terms = price_terms("per_unit", row, cap=Decimal("33.60"), scope="account")
    assert terms == PriceTerms(PerUnit(Decimal("0.05")), cap=Decimal("33.60"), scope="account")
    assert terms.unit_price == Decimal("0.05")


def test_only_a_per_unit_price_has_a_unit_price() -> None:
    assert PriceTerms(Flat(ZERO)).unit_price is None


def test_optional_terms() -> None:
    assert price_terms("percentage", {"percent": Decimal("2.5")}).model == Percentage(Decimal("2.5"), ZERO)
    tiers = (Tier(None, ZERO, Decimal(50)),)
    assert price_terms("stairstep", {"tiers": tiers}).model == Stairstep(tiers)


@pytest.mark.parametrize(
    ("model", "terms", "sentence"),
    [
        ("per_hour", {}, "is not a price model: use per_unit, flat"),
        ("flat", {}, "needs fee; write 0"),
        ("package", {"package_size": Decimal(1)}, "needs package_price"),
        ("flat", {"fee": ZERO, "unit_price": ZERO}, "flat has no unit_price"),
    ],
)
def test_terms_that_do_not_fit_the_model(model: str, terms: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidTerms, match=sentence):
        price_terms(model, terms)


@pytest.mark.parametrize("term", ["included", "cap", "minimum"])
def test_nothing_beside_the_model_is_below_zero(term: str) -> None:
    with pytest.raises(InvalidAmount, match=term):
        PriceTerms(Flat(ZERO), **{term: Decimal("-0.01")})  # type: ignore[arg-type]


def test_an_unknown_scope() -> None:
    with pytest.raises(InvalidTerms, match="resource or account"):
        PriceTerms(Flat(ZERO), scope="company")  # type: ignore[arg-type]
