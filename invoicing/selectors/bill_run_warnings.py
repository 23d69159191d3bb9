"""What a person should know before a bill run issues."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from billing_site.common import sql
from catalogue.models import Account, TaxRate, TaxTreatment
from catalogue.selectors.tax_treatments import tax_treatments_on
from invoicing.models import BillRun, BillRunWarning, Invoice
from invoicing.selectors.exchange_rates import currencies_without_rate
from metering.models import EventException

_Kind = BillRunWarning.Kind
_Exception = EventException.Kind
# These events are kept and not rated until their cause is gone.
_UNRATED = (
    _Exception.UNKNOWN_RESOURCE,
    _Exception.UNKNOWN_ACCOUNT,
    _Exception.UNKNOWN_SKU,
    _Exception.UNKNOWN_RECORD,
    _Exception.UNKNOWN_UNIT,
    _Exception.USAGE_AFTER_END,
)
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that does not keep a run from issuing unless its company says so."""

    kind: _Kind
    sentence: str
    count: int = 1


def warnings_of(run: BillRun) -> list[Doubt]:
    """Return what is doubtful about a run now, some rows a kind; a fixed number of queries."""
    return [
        *_exceptions(run),
        *_without_tax_data(run),
        *_without_tax_rate(run),
        *_without_number_for_reverse_charge(run),
        *_without_exchange_rate(run),
        *_out_of_order(run),
    ]


def _exceptions(run: BillRun) -> Iterator[Doubt]:
    """Open exceptions of the company, and those of its head office of which nobody knows whose they are."""
    head_office = run.company.head_office_id
    ours = Q(company_id=run.company_id) | Q(company_id=None, head_office_id=head_office)
    kinds = EventException.objects.filter(ours, closed_at=None).order_by("kind").values_list("kind")
    for kind, count in kinds.annotate(n=Count("pk")):
        what = f"{_Exception(kind).label}: {count} open"
        if kind == _Exception.NO_PRICE:
            yield Doubt(
                _Kind.MISSING_PRICES,
                f"{what}. What has no price is not billed; enter the prices, then draft again.",
                count,
            )
        elif kind in _UNRATED:
            yield Doubt(
                _Kind.UNRATED_EVENTS,
                f"{what}. These events are not rated until their cause is gone.",
                count,
            )
        else:
            yield Doubt(_Kind.OPEN_EXCEPTIONS, f"{what}. Look whether they change what is billed.", count)


def _without_tax_data(run: BillRun) -> Iterator[Doubt]:
    company = run.company
    for name, value in (("address", company.address), ("tax number", company.tax_number)):
        if not value:
            yield Doubt(
                _Kind.MISSING_TAX_DATA, f"{company.code} has no {name}, which its invoices have to show."
            )
    (bare,) = sql.rows("invoicing", "accounts_without_address", {"company": run.company_id, "named": _NAMED})
    if bare["count"]:
        more = " and others" if bare["count"] > _NAMED else ""
        yield Doubt(
            _Kind.MISSING_TAX_DATA,
            f"{bare['count']} accounts have no address: {', '.join(bare['codes'])}{more}.",
            bare["count"],
        )


def _without_tax_rate(run: BillRun) -> Iterator[Doubt]:
    """Countries of accounts for which nobody has entered a standard rate: they are taxed at 0."""
    treated = tax_treatments_on(run.issued_on).values("account")
    accounts = Account.objects.filter(company=run.company_id).exclude(pk__in=treated)
    countries = accounts.order_by("country").values_list("country")
    known = TaxRate.objects.filter(category="standard", valid_from__lte=run.issued_on)
    taxed = set(known.order_by().values_list("country", flat=True).distinct())
    for country, count in countries.annotate(n=Count("pk")):
        if country not in taxed:
            yield Doubt(
                _Kind.MISSING_TAX_DATA,
                f"{country} has no standard tax rate on {run.issued_on}: {count} accounts are taxed at 0.",
                count,
            )


def _without_number_for_reverse_charge(run: BillRun) -> Iterator[Doubt]:
    treated = tax_treatments_on(run.issued_on).filter(category=TaxTreatment.Category.REVERSE_CHARGE)
    bare = treated.filter(account__company=run.company_id, account__tax_number="").order_by("account__code")
    codes = list(bare.values_list("account__code", flat=True).distinct())
    if codes:
        more = " and others" if len(codes) > _NAMED else ""
        yield Doubt(
            _Kind.MISSING_TAX_DATA,
            f"{len(codes)} accounts owe the tax themselves (reverse charge) and have no tax number: "
            f"{', '.join(codes[:_NAMED])}{more}.",
            len(codes),
        )


def _without_exchange_rate(run: BillRun) -> Iterator[Doubt]:
    for base, quote in currencies_without_rate(company=run.company, on=run.issued_on):
        yield Doubt(
            _Kind.MISSING_EXCHANGE_RATE,
            f"There is no exchange rate from {base} to {quote} on {run.issued_on}: the margin of these "
            "invoices cannot be told.",
        )


def _out_of_order(run: BillRun) -> Iterator[Doubt]:
    of_the_year = Invoice.objects.filter(
        company=run.company_id, state=Invoice.State.ISSUED, issued_on__year=run.issued_on.year
    )
    last = of_the_year.aggregate(day=Max("issued_on"))["day"]
    if last and last > run.issued_on:
        yield Doubt(
            _Kind.NUMBERS_OUT_OF_ORDER,
            f"{run.company.code} has issued invoices on {last}; those of this run would have higher numbers "
            f"and an earlier day, {run.issued_on}.",
        )
