"""The console's start page: what a person would ask first, of what the person may see."""

from typing import Any

from django.db.models import Count, Max, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timesince import timesince

from billing_site.common.admin import Table, show_money
from billing_site.common.clock import now
from catalogue.models import User
from catalogue.selectors.visible import visible_accounts, visible_companies
from invoicing.models import BillRun, BillRunAccount, Invoice
from invoicing.selectors.totals import totals_by_currency
from invoicing.selectors.visible import visible_bill_runs, visible_invoices
from metering.models import EventException
from metering.selectors.unrated import unrated
from metering.selectors.visible import visible_batches, visible_exceptions

_LATEST_BATCHES = 1000


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the cards and tables to the start page (unfold's DASHBOARD_CALLBACK)."""
    person = request.user
    assert isinstance(person, User)
    tables: list[Table] = []
    cards = []
    if person.has_perm("catalogue.view_account"):
        cards.append(_card("Companies", visible_companies(person).count(), "catalogue_company"))
        cards.append(_card("Accounts", visible_accounts(person).count(), "catalogue_account"))
    if person.has_perm("metering.view_eventexception"):
        cards.append(_open_exceptions(person))
        cards.append(_unrated(person))
        tables += _exceptions_by_kind(person)
    # Batches are a head office's: its sales offices see what became of the events.
    is_of_a_sales_office = person.company is not None and person.company.parent_id is not None
    if person.has_perm("metering.view_ingestbatch") and not is_of_a_sales_office:
        cards.append(_latest_events(person))
    if person.has_perm("invoicing.view_invoice"):
        tables[:0] = [_latest_invoices(person), _latest_bill_runs(person)]
    return {**context, "cards": cards, "tables": tables}


def _card(title: str, value: Any, page: str, *, query: str = "", note: str = "") -> dict[str, Any]:
    shown = f"{value:,}" if isinstance(value, int) else value
    return {"title": title, "value": shown, "note": note, "href": reverse(f"admin:{page}_changelist") + query}


def _open_exceptions(person: User) -> dict[str, Any]:
    number = visible_exceptions(person).filter(closed_at=None).count()
    note = "Each waits for its cause to go." if number else "Nothing waits."
    return _card("Open exceptions", number, "metering_eventexception", query="?state=open", note=note)


def _unrated(person: User) -> dict[str, Any]:
    waiting = unrated(person, at=now()).count
    note = "Accepted, and in no charge yet." if waiting else "All that was accepted is rated."
    card = _card("Unrated for over an hour", waiting, "metering_eventexception", note=note)
    return {**card, "href": reverse("admin:metering_eventexception_unrated")}


def _exceptions_by_kind(person: User) -> list[Table]:
    waiting = visible_exceptions(person).filter(closed_at=None).order_by()
    kinds = waiting.values_list("kind").annotate(n=Count("pk"))
    risks: dict[str, list[str]] = {}
    known = (
        waiting.exclude(currency="").values_list("kind", "currency").annotate(at_risk=Sum("money_at_risk"))
    )
    for kind, currency, amount in known.order_by("kind", "currency"):
        risks.setdefault(kind, []).append(show_money(amount, currency))
    rows = sorted(
        (EventException.Kind(kind).label, number, " + ".join(risks.get(kind, []))) for kind, number in kinds
    )
    return [Table("Open exceptions", ["why", "how many", "money at risk, where known"], rows)] if rows else []


def _latest_events(person: User) -> dict[str, Any]:
    latest = visible_batches(person).order_by("-id")[:_LATEST_BATCHES]
    found = latest.aggregate(events=Sum("event_count"), at=Max("received_at"))
    note = f"The last came {timesince(found['at'], now())} ago." if found["at"] else "None came yet."
    return _card("Events, latest batches", found["events"] or 0, "metering_ingestbatch", note=note)


def _latest_invoices(person: User) -> Table:
    issued = visible_invoices(person).filter(state=Invoice.State.ISSUED)
    month = issued.aggregate(latest=Max("month"))["latest"]
    rows = [
        (total.currency, total.invoices, *(show_money(amount, total.currency) for amount in total.amounts))
        for total in totals_by_currency(issued.filter(month=month))
    ]
    title = f"Invoices of {month:%B %Y}" if month else "Invoices"
    return Table(title, ["currency", "invoices", "net", "tax", "gross"], rows)


def _latest_bill_runs(person: User) -> Table:
    runs = visible_bill_runs(person)
    month = runs.aggregate(latest=Max("month"))["latest"]
    counted = runs.filter(month=month).order_by("company__code").annotate(total=Count("accounts"))
    parked = dict(
        BillRunAccount.objects.filter(bill_run__in=counted.values("pk"), state=BillRunAccount.State.PARKED)
        .order_by()
        .values_list("bill_run")
        .annotate(n=Count("pk"))
    )
    rows = [
        (
            run.company.code,
            run.issued_on,
            BillRun.State(run.state).label,
            run.total,
            parked.get(run.pk, 0),
        )
        for run in counted
    ]
    title = f"Bill runs of {month:%B %Y}" if month else "Bill runs"
    return Table(title, ["company", "issued on", "state", "accounts", "parked"], rows)
