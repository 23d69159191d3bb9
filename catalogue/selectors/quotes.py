"""What items would cost a customer, and what they cost the company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from catalogue.domain import money, quotes, tax, tax_treatments
from catalogue.domain.periods import local_date, month_cycle
from catalogue.models import TaxRate, TaxTreatment
from catalogue.selectors.exchange_rates import NoExchangeRate, exchange_rate_on
from catalogue.selectors.price_lookup import Found, PriceInForce, PriceQuestion, SoldProduct, prices_at
from catalogue.selectors.promotions import HeldPromotion, promotions_of
from catalogue.selectors.quote_customers import Book, Customer
from catalogue.selectors.quote_requests import AskedItem, CannotQuote, Flaw, flaws_of_items, no_price


@dataclass(frozen=True, slots=True)
class QuotedCost:
    """The same items out of the head office's book; without a margin `unknown` says why."""

    book: Book
    lines: Sequence[quotes.QuoteLine]
    margin: quotes.QuotedMargin | None
    unknown: str = ""

    @property
    def net_amount(self) -> Decimal:
        return quotes.net_of(self.lines)


@dataclass(frozen=True, slots=True)
class Quote:
    """An invoice for each month that items lie in; lines name `products` by SKU and `prices` by id."""

    customer: Customer
    products: Mapping[str, SoldProduct]
    prices: Mapping[int, PriceInForce]
    invoices: Sequence[quotes.QuotedInvoice]
    cost: QuotedCost | None

    @property
    def net_amount(self) -> Decimal:
        return sum((invoice.net_amount for invoice in self.invoices), Decimal(0))

    @property
    def tax_amount(self) -> Decimal:
        return sum((invoice.tax_amount for invoice in self.invoices), Decimal(0))


def quote(
    *,
    customer: Customer,
    items: Sequence[AskedItem],
    coupon: str = "",
    issued_on: date | None = None,
    with_cost: bool = False,
) -> Quote:
    """Return what a customer's invoices would say of items, each priced as a whole at its start.

    Four queries, however many items; with cost those of an exchange rate, too. coupon: a code that the
    customer has not entered yet. issued_on: [local date] decides the tax rates; None: the first day after
    each month. with_cost: whether a sales office's head office side is wanted. Raises CannotQuote.
    """
    head_office = customer.head_office if with_cost else None
    sell, cost = _look_up(customer, head_office, items)
    promotions = promotions_of(
        company_id=customer.book.company_id,
        account_id=customer.account_id,
        currency=customer.book.currency.code,
        coupon=coupon,
    )
    flaws = list(flaws_of_items(items, sell, customer.book.currency.code))
    if coupon and coupon not in {promotion.terms.code for promotion in promotions}:
        flaws.append(Flaw(None, "coupon", f"{coupon} is no coupon that takes anything off now."))
    if flaws:
        raise CannotQuote(flaws)
    zone = ZoneInfo(customer.timezone)
    months = [local_date(item.start, zone).replace(day=1) for item in items]
    lines = quotes.quote_lines(_priced(items, months, sell), customer.book.currency.minor_units)
    invoices = _invoices(customer, lines, promotions, issued_on)
    return Quote(
        customer=customer,
        products={found.product.sku: found.product for found in sell if found.product},
        prices={found.price.id: found.price for found in (*sell, *cost) if found.price},
        invoices=invoices,
        cost=_cost(customer, head_office, items, months, cost, invoices, issued_on) if head_office else None,
    )


def _look_up(
    customer: Customer, head_office: Book | None, items: Sequence[AskedItem]
) -> tuple[Sequence[Found], Sequence[Found]]:
    """Return what the seller's book says of each item, and what the head office's does."""
    sold_in, code = customer.book.company_id, customer.book.currency.code
    questions = [PriceQuestion(sold_in, item.sku, code, customer.account_id, item.start) for item in items]
    if head_office is not None:
        paid_to, code = head_office.company_id, head_office.currency.code
        questions += [PriceQuestion(paid_to, item.sku, code, None, item.start) for item in items]
    found = prices_at(questions)
    return found[: len(items)], found[len(items) :]


def _priced(
    items: Sequence[AskedItem], months: Sequence[date], found: Sequence[Found]
) -> list[quotes.QuotedItem]:
    """Return the items that have a price."""
    return [
        quotes.QuotedItem(
            position=position,
            month=month,
            sku=item.sku,
            family=answer.product.family,
            tax_category=answer.product.tax_category,
            quantity=item.charged_quantity,
            records=item.records,
            price_id=answer.price.id,
            terms=answer.price.terms,
        )
        for position, (item, month, answer) in enumerate(zip(items, months, found, strict=True))
        if answer.product and answer.price
    ]


def _invoices(
    customer: Customer,
    lines: Sequence[quotes.QuoteLine],
    promotions: Sequence[HeldPromotion],
    issued_on: date | None,
) -> list[quotes.QuotedInvoice]:
    rows = TaxRate.objects.filter(country=customer.country).order_by()
    rates = [
        tax.TaxRate(customer.country, *row)
        for row in rows.values_list("category", "name", "percent", "valid_from")
    ]
    given = TaxTreatment.objects.filter(account=customer.account_id).order_by()
    treatments = [
        tax_treatments.TaxTreatment(*row) for row in given.values_list("category", "valid_from", "valid_to")
    ]
    return [
        quotes.quote_invoice(
            month,
            of_month,
            promotions=[promotion.terms for promotion in promotions if promotion.counts_in(month)],
            rates=rates,
            country=customer.country,
            treatments=treatments,
            issued_on=_issue_date(month, issued_on),
            minor_units=customer.book.currency.minor_units,
            mode=customer.tax_rounding,
        )
        for month, of_month in quotes.by_month(lines).items()
    ]


def _cost(
    customer: Customer,
    head_office: Book,
    items: Sequence[AskedItem],
    months: Sequence[date],
    found: Sequence[Found],
    invoices: Sequence[quotes.QuotedInvoice],
    issued_on: date | None,
) -> QuotedCost:
    """Set the cost against the revenue: each invoice's net at the rate of its issue date (rule 9)."""
    to = head_office.currency
    lines = quotes.quote_lines(_priced(items, months, found), to.minor_units)
    unpriced = [item for item, answer in zip(items, found, strict=True) if answer.price is None]
    if unpriced:
        return QuotedCost(
            head_office, lines, None, f"{head_office.company}: {no_price(unpriced[0], to.code)}"
        )
    revenue = Decimal(0)
    for invoice in invoices:
        on = _issue_date(invoice.month, issued_on)
        try:
            exchange = exchange_rate_on(customer.book.currency.code, to.code, on)
        except NoExchangeRate as missing:
            return QuotedCost(head_office, lines, None, missing.sentence)
        revenue += money.convert(invoice.net_amount, exchange.rate, to)
    return QuotedCost(head_office, lines, quotes.QuotedMargin(revenue, quotes.net_of(lines)))


def _issue_date(month: date, issued_on: date | None) -> date:
    return issued_on or month_cycle(month).ends_on
