"""What one currency was worth in another on a day, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from billing_site.common import sql
from billing_site.common.errors import BillingError
from catalogue.domain.money import cross_rate
from catalogue.models import ExchangeRate

# Rates are published against the euro (ECB); pegs such as the dirham's are known against the dollar.
PIVOTS = ("EUR", "USD")


class NoExchangeRate(BillingError):
    """A pair of currencies that no rate connects on a day."""

    code = "no_exchange_rate"


@dataclass(frozen=True, slots=True)
class Conversion:
    """The exact rate of a pair, and the listed rates that it comes from, each with its date.

    None for a currency and itself, one as listed, two by way of a third currency (base's leg first; the leg
    of the third currency itself is left out).
    """

    rate: Fraction
    legs: tuple[ExchangeRate, ...]


def exchange_rate_on(base: str, quote: str, on: date) -> Conversion:
    """Return how much of `quote` one `base` was worth on a day (one query).

    A pair that is listed is used as listed, with its last rate on or before that day. Otherwise both legs by
    the euro (or the dollar, for what is listed only there), each on its own last date on or before.
    Raises NoExchangeRate.
    """
    if base == quote:
        return Conversion(Fraction(1), ())
    last = _last_rates([(base, quote), *((pivot, code) for pivot in PIVOTS for code in (base, quote))], on)
    if listed := last.get((base, quote)):
        return Conversion(Fraction(listed.rate), (listed,))
    for pivot in PIVOTS:
        to_base, to_quote = last.get((pivot, base)), last.get((pivot, quote))
        if (to_base or base == pivot) and (to_quote or quote == pivot):
            return Conversion(
                cross_rate(
                    Fraction(to_base.rate) if to_base else Fraction(1),
                    Fraction(to_quote.rate) if to_quote else Fraction(1),
                ),
                tuple(leg for leg in (to_base, to_quote) if leg),
            )
    raise NoExchangeRate(
        f"There is no exchange rate from {base} to {quote} on {on} or before: enter one, or import "
        "those of the ECB."
    )


def _last_rates(pairs: Sequence[tuple[str, str]], on: date) -> dict[tuple[str, str], ExchangeRate]:
    asked = {"bases": [base for base, _ in pairs], "quotes": [quote for _, quote in pairs], "on": on}
    rates = ExchangeRate.objects.raw(sql.statement("catalogue", "last_exchange_rates"), asked)
    return {(rate.base_id, rate.quote_id): rate for rate in rates}
