"""Random terms of prices: all models, with what any model may have beside, and their rows."""

from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from random import Random
from typing import Any

from catalogue.domain.price_models import PRICE_MODELS, Tier
from catalogue.domain.price_models.tiers import bands
from catalogue.domain.terms import PriceTerms, price_terms
from catalogue.models import Price, PriceTier

# Bounds that whole hours and small sums meet exactly, and some that they do not.
_BOUNDS = ("1", "2", "2.5", "3", "10", "10.000000000001", "24", "100", "743", "1000")


def random_terms(random: Random) -> PriceTerms:
    """Return terms of any model, whose included quantity, cap and minimum matter now and then."""
    model = random.choice(tuple(PRICE_MODELS))
    return price_terms(
        model,
        _OF_MODEL[model](random),
        included=Decimal(random.choice(("0", "0", "0", "1", "2.5", "743", "0.000000000001"))),
        cap=random.choice((None, None, _money(random))),
        minimum=random.choice((None, None, _money(random))),
        scope=random.choice(("resource", "resource", "account")),
    )


def price_row(terms: PriceTerms, **key: Any) -> Price:
    """Return the row of a price, not saved; `key` is whose it is and when it is valid."""
    columns = asdict(terms)
    model = columns.pop("model")
    model.pop("tiers", None)
    names = {model_class: name for name, model_class in PRICE_MODELS.items()}
    return Price(**key, **columns, **model, model=names[type(terms.model)])


def tier_rows(price: Price, terms: PriceTerms) -> list[PriceTier]:
    """Return the rows of a saved price's tiers, not saved."""
    tiers = getattr(terms.model, "tiers", ())
    return [
        PriceTier(
            price=price,
            position=band.number,
            lower=tiers[band.number - 2].up_to if band.number > 1 else 0,
            up_to=band.tier.up_to,
            unit_price=band.tier.unit_price or 0,
            flat_fee=band.tier.flat_fee or 0,
        )
        for band in bands(tiers)
    ]


def _money(random: Random) -> Decimal:
    decimals = random.choice((0, 2, 3, 4, 12))
    return Decimal(random.randrange(10 ** random.randint(1, decimals + 3))).scaleb(-decimals)


def _bounds(random: Random) -> list[Decimal | None]:
    chosen = random.sample(_BOUNDS, k=random.randint(0, 3))
    return [*sorted(Decimal(bound) for bound in chosen), None]


def _priced_tiers(random: Random) -> dict[str, object]:
    tiers = (Tier(up_to, _money(random), random.choice((None, _money(random)))) for up_to in _bounds(random))
    return {"tiers": tuple(tiers)}


def _fee_tiers(random: Random) -> dict[str, object]:
    return {"tiers": tuple(Tier(up_to, None, _money(random)) for up_to in _bounds(random))}


_OF_MODEL: dict[str, Callable[[Random], dict[str, object]]] = {
    "per_unit": lambda random: {"unit_price": _money(random)},
    "flat": lambda random: {"fee": _money(random)},
    "graduated": _priced_tiers,
    "volume": _priced_tiers,
    "stairstep": _fee_tiers,
    "package": lambda random: {
        "package_size": Decimal(random.choice(_BOUNDS)),
        "package_price": _money(random),
    },
    "percentage": lambda random: {
        "percent": _money(random),
        "fixed_fee": random.choice((None, _money(random))),
    },
}
