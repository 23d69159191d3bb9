"""Why a charge is what it is: price entry, steps, intervals or records, and their events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Sum

from billing_site.common.errors import BillingError
from catalogue.domain.price_models import PerUnit
from catalogue.domain.rounding import round_to
from catalogue.domain.terms import PriceTerms
from catalogue.models import Account, Currency, Price, Product
from catalogue.selectors.price_terms import prices_by_id, terms_of
from catalogue.selectors.reach import Caller
from metering.domain.explanations import Billed, Priced, difference, made_up
from metering.domain.price_versions import PriceVersion
from metering.models import AccountPeriod, Charge, Order
from metering.selectors.explained_inputs import Inputs, ResourcePart, known_inputs
from metering.selectors.explained_orders import OrderInputs, due_orders, order_as_charged
from metering.selectors.explained_sources import Asked, SourcePage
from metering.selectors.visible import visible_charges, with_names

PAGE_SIZE = 100
_STORED_DECIMALS = 12
_OPEN = "More is known by now than when it was rated; the month is rated again by itself within minutes."
_CLOSED = (
    "What it was rated from was changed since, in a way that does not let it be computed again; "
    "what was billed stands."
)
_NO_PRICE = "The price entry that it was rated by is not known any more; what was billed stands."


class ChargeNotFound(BillingError):
    """No charge has this id, or none that the caller may see."""

    code = "charge_not_found"


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a charge comes from.

    charge: the row, with the names behind its ids (`account`, `book`, `sku`, `unit`, `resource`, `order`).
    timezone: the account's, in which its month begins. product: what is sold, with rounding and aggregation.
    price, terms: the entry that priced it, and its terms. price None: the terms were agreed on the order, or
    (terms None) are not known.
    should: the charge as its inputs give it; the sum of its steps is its amount. For a true-up,
    `made_up_charge` is the charge that is made up to the minimum.
    billed: of a correction, the closed charges that were billed before; the charge is `should` less these.
    agrees, note: whether that is what stands in the charge, to the last of its 12 decimals; if not, why.
    received_by: what came later was not counted; None: nothing. counted_until: up to here time counts.
    parts: of a charge that pools an account's resources, the largest; `part_count`: how many there are.
    sources: a page of the stretches or usage records that were counted.
    """

    charge: Any
    timezone: str
    product: Product
    price: Price | None
    terms: PriceTerms | None
    should: Priced
    made_up_charge: Priced | None
    billed: tuple[Billed, ...]
    agrees: bool
    note: str
    received_by: datetime | None
    counted_until: datetime
    parts: tuple[ResourcePart, ...]
    part_count: int
    sources: SourcePage

    @property
    def is_correction(self) -> bool:
        return bool(self.charge.month != self.charge.service_month)


@transaction.atomic
def explain_charge(
    *, charge_id: int, caller: Caller, as_of: datetime, page_size: int = PAGE_SIZE, after: str = ""
) -> Explanation:
    """Explain one charge that the caller may see; the cost side only to those who may see cost.

    For pages, the API and the portal ("why this amount?" of an invoice line that names the charge). as_of:
    [instant] now; it is looked at only where an open month was never rated. page_size, after: which of the
    sources; give `explanation.sources.next_after` to get the next ones. Some 15 queries, whatever the size of
    the account; the payload of events is left out for callers who may not read the stream that they came in.
    Raises ChargeNotFound and InvalidCursor.
    """
    charge: Any = with_names(visible_charges(caller)).filter(pk=charge_id).first()
    if charge is None:
        raise ChargeNotFound(f"There is no charge {charge_id}, or none that you may see.")
    account = Account.objects.select_related("company").get(pk=charge.account_id)
    period = AccountPeriod.objects.get(account=account, month=charge.service_month)
    cutoffs = AccountPeriod.objects.filter(account=account, month=charge.month).values_list(
        "cutoff", flat=True
    )
    received_by = next(iter(cutoffs), None)
    counted_until = period.period_end
    if period.cutoff is None:
        counted_until = min(period.period_end, period.rated_as_of or as_of)
    product = Product.objects.get(pk=charge.product_id)
    order = Order.objects.filter(pk=charge.order_id).first() if charge.order_id else None
    zone = ZoneInfo(account.timezone)
    price = prices_by_id([charge.price_id]).get(charge.price_id) if charge.price_id else None
    terms = terms_of(price) if price else _agreed_on(order)
    is_pooled = price is not None and price.scope == Price.Scope.ACCOUNT
    known = known_inputs(
        charge=charge,
        product=product,
        period=period,
        zone=zone,
        head_office_id=account.company.head_office_id,
        is_pooled=is_pooled,
        received_by=received_by,
        count_until=counted_until,
    )
    variants: list[Inputs | OrderInputs] = [known]
    if charge.cycle_start is not None:
        variants = [due_orders(charge, product)]
        if order is not None and charge.month == charge.service_month:
            variants.append(order_as_charged(charge, product, order, zone))
    billed = _billed_before(charge)
    inputs, should, base, agrees = _first_that_agrees(charge, variants, price, terms, billed)
    asked = Asked(caller, account.company.head_office_id, account.code, received_by)
    parts = inputs.parts() if is_pooled else []
    return Explanation(
        charge=charge,
        timezone=account.timezone,
        product=product,
        price=price,
        terms=terms,
        should=should,
        made_up_charge=base,
        billed=tuple(billed),
        agrees=agrees,
        note="" if agrees else _why_not(terms, received_by),
        received_by=received_by,
        counted_until=counted_until,
        parts=tuple(parts[:PAGE_SIZE]),
        part_count=len(parts),
        sources=inputs.page(asked, page_size=page_size, after=after),
    )


def _first_that_agrees(
    charge: Any,
    variants: Sequence[Inputs | OrderInputs],
    price: Price | None,
    terms: PriceTerms | None,
    billed: Sequence[Billed],
) -> tuple[Inputs | OrderInputs, Priced, Priced | None, bool]:
    """Compute the charge by what is known today, and if that changed since by what it was rated by."""
    minor_units = Currency.objects.values_list("minor_units", flat=True).get(code=charge.currency)
    if terms is None:
        return variants[0], Priced(Fraction(0), (), minor_units), None, False
    price_id = price.pk if price else None
    tries = [(one, versions) for one in variants for versions in _versions(charge, price)]
    # Where none agrees the first is shown, so it comes once more at the end.
    for number, (inputs, versions) in enumerate([*tries, tries[0]]):
        base = inputs.priced(price_id, versions, terms, minor_units)
        is_true_up = charge.kind == Charge.Kind.TRUE_UP
        should = made_up(terms, base) if is_true_up else base
        agrees = _agrees(charge, should, billed)
        if agrees or number == len(tries):
            break
    return inputs, should, base if is_true_up else None, agrees


def _agreed_on(order: Order | None) -> PriceTerms | None:
    return PriceTerms(PerUnit(order.unit_price)) if order and order.unit_price is not None else None


def _versions(charge: Any, price: Price | None) -> Iterator[list[PriceVersion]]:
    """Yield the price versions that may have counted: the book as it is, then those that charges name."""
    if price is None:
        yield []
        return
    book = Price.objects.filter(
        product_id=charge.product_id, company_id=charge.company_id, currency_id=charge.currency
    )
    own = [None, charge.account_id] if charge.side == Charge.Side.SELL else [None]
    known = [entry for entry in book if entry.account_id in own]
    yield [_version(entry) for entry in known if entry.superseded_at is None]
    same_month = Charge.objects.filter(
        account_id=charge.account_id,
        service_month=charge.service_month,
        month__lte=charge.month,
        side=charge.side,
        kind=Charge.Kind.CHARGE,
        product_id=charge.product_id,
    )
    standing = same_month.order_by().values("price_id").annotate(total=Sum("quantity")).filter(total__gt=0)
    named = {price.pk, *standing.values_list("price_id", flat=True)}
    yield [_version(entry) for entry in known if entry.pk in named]


def _version(entry: Price) -> PriceVersion:
    return PriceVersion(entry.pk, entry.valid_from, entry.valid_to, entry.account_id is not None)


def _billed_before(charge: Any) -> list[Billed]:
    if charge.month == charge.service_month:
        return []
    key = {
        name: getattr(charge, name)
        for name in (
            *("side", "kind", "company_id", "account_id", "service_month", "resource_id", "order_id"),
            *("cycle_start", "product_id", "item_quantity", "price_id", "currency"),
        )
    }
    earlier = Charge.objects.filter(month__lt=charge.month, **key).order_by("month", "id")
    return [Billed(one.pk, one.month, one.quantity, one.amount, one.net_amount) for one in earlier]


def _agrees(charge: Any, should: Priced, billed: Sequence[Billed]) -> bool:
    """Tell whether inputs give what stands in the charge, which keeps 12 decimals of each exact value."""
    _, _, net_amount = difference(should, billed)
    stored = round_to(should.quantity, _STORED_DECIMALS), round_to(should.amount, _STORED_DECIMALS)
    before = (sum((b.quantity for b in billed), Decimal(0)), sum((b.amount for b in billed), Decimal(0)))
    return (stored[0] - before[0], stored[1] - before[1], net_amount) == (
        charge.quantity,
        charge.amount,
        charge.net_amount,
    )


def _why_not(terms: PriceTerms | None, received_by: datetime | None) -> str:
    if terms is None:
        return _NO_PRICE
    return _OPEN if received_by is None else _CLOSED
