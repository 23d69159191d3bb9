"""Terms: what a price entry says, checked once and then trusted."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from typing import Any, Literal

from billing_site.common.errors import BillingError
from catalogue.domain.money import check_amount
from catalogue.domain.price_models import PRICE_MODELS, PerUnit, PriceModel

Scope = Literal["resource", "account"]

# The terms of each model by name, and whether it needs them.
_TERMS_OF = {
    name: {field.name: field.default is MISSING for field in fields(model_class)}
    for name, model_class in PRICE_MODELS.items()
}


class InvalidTerms(BillingError):
    """A price without a term that its model needs, or with one that it does not have."""

    code = "invalid_terms"


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """The terms of one price: a model, and what any model may have beside.

    model: [with its own terms]
    included: [free units of each charge, taken off first; 0 or more, exact]
    cap: [money, most per billing period, 0 or more; None is none]
    minimum: [money, least per billing period where there is a charge, 0 or more; None is none]
    scope: [over what quantities are summed before: each resource, or the account]
    """

    model: PriceModel
    included: Decimal = Decimal(0)
    cap: Decimal | None = None
    minimum: Decimal | None = None
    scope: Scope = "resource"

    def __post_init__(self) -> None:
        check_amount("The included quantity", self.included)
        if self.cap is not None:
            check_amount("The cap", self.cap)
        if self.minimum is not None:
            check_amount("The minimum", self.minimum)
        if self.scope not in ("resource", "account"):
            raise InvalidTerms(f"The scope of a price is resource or account, not {self.scope!r}.")

    @property
    def unit_price(self) -> Decimal | None:
        """The price of one unit [money], where the model has a single one: only per unit."""
        return self.model.unit_price if isinstance(self.model, PerUnit) else None


def price_terms(
    model: str,
    model_terms: Mapping[str, object],
    *,
    included: Decimal = Decimal(0),
    cap: Decimal | None = None,
    minimum: Decimal | None = None,
    scope: Scope = "resource",
) -> PriceTerms:
    """Build the terms of a price from a row's columns, of which each model uses some.

    model: [per_unit, flat, graduated, volume, stairstep, package or percentage]
    model_terms: [column -> Decimal, or a tuple of Tier for `tiers`; None is an empty column]
    included, cap, minimum, scope: [as in `PriceTerms`]

    >>> price_terms("flat", {"fee": Decimal("19.00"), "unit_price": None}).model
    Flat(fee=Decimal('19.00'))
    """
    if model not in PRICE_MODELS:
        raise InvalidTerms(f"{model!r} is not a price model: use {', '.join(PRICE_MODELS)}.")
    given: dict[str, Any] = {name: value for name, value in model_terms.items() if value is not None}
    known = _TERMS_OF[model]
    for name in sorted(set(given) - set(known)):
        raise InvalidTerms(f"A price of the model {model} has no {name}: leave it empty.")
    for name, needed in known.items():
        if needed and name not in given:
            raise InvalidTerms(f"A price of the model {model} needs {name}; write 0 if it costs nothing.")
    return PriceTerms(PRICE_MODELS[model](**given), included, cap, minimum, scope)
