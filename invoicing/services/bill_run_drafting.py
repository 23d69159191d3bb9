"""Draft the invoices of a bill run, a shard of accounts in a transaction; many workers do so side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

import structlog
from django.db import InterfaceError, OperationalError, transaction

from billing_site.common import sql
from billing_site.common.errors import BillingError
from catalogue.models import Company
from invoicing.models import BillRun, BillRunAccount, BillRunPolicy
from invoicing.selectors.exchange_rates import exchange_rates_of
from invoicing.services.discounts import draft_discounts
from metering.services.closing import close_accounts

log = structlog.get_logger(__name__)

# Few enough that a worker's memory, and what is lost with it, stay small.
ACCOUNTS_AT_ONCE = 1_000


def draft_some_accounts(*, run_id: int) -> bool:
    """Close and draft up to ACCOUNTS_AT_ONCE pending accounts of a run; tell whether there were any.

    Nothing happens unless the run is being drafted. Other workers take other accounts; killed, its accounts
    are pending again. If the shard fails it is done by halves, until the account that fails is alone: it is
    parked with the reason.
    """
    shard: list[int] = []
    try:
        with transaction.atomic():
            shard = _taken(run_id, at_most=ACCOUNTS_AT_ONCE)
            _draft(run_id, shard)
    except (OperationalError, InterfaceError):
        raise
    except Exception as trouble:
        if not shard:
            raise
        _draft_apart(run_id, shard, trouble)
    return bool(shard)


def shards_waiting(*, run_id: int, at_most: int) -> int:
    """Return how many workers find accounts to draft, up to a number."""
    pending = BillRunAccount.objects.filter(bill_run=run_id, state=BillRunAccount.State.PENDING)
    return min(at_most, -(-pending.count() // ACCOUNTS_AT_ONCE))


def draft_invoices(*, company: Company, accounts: Sequence[int], month: date, issued_on: date) -> None:
    """Make the drafts of rated accounts of a company anew, without limited promotions."""
    known = {
        "accounts": list(accounts),
        "month": month,
        "issued_on": issued_on,
        "exchange_rates": json.dumps(exchange_rates_of(company=company, on=issued_on)),
    }
    sql.run("invoicing", "clear_drafts", {**known, "only_discounts": False})
    sql.run("invoicing", "draft_invoices", known)
    sql.run("invoicing", "draft_lines", known)
    sql.run("invoicing", "drop_empty_drafts", known)
    draft_anew(accounts=accounts, month=month, issued_on=issued_on, with_limited=False)


def draft_anew(*, accounts: Sequence[int], month: date, issued_on: date, with_limited: bool) -> None:
    """Give drafts with lines their discounts, taxes and totals; those that they have are taken away."""
    known = {"accounts": list(accounts), "month": month, "issued_on": issued_on}
    sql.run("invoicing", "clear_drafts", {**known, "only_discounts": True})
    draft_discounts(accounts=accounts, month=month, with_limited=with_limited)
    sql.run("invoicing", "draft_taxes", known)
    sql.run("invoicing", "total_invoices", known)


def _taken(run_id: int, *, at_most: int, among: Sequence[int] | None = None) -> list[int]:
    asked = {"bill_run": run_id, "at_most": at_most, "among": None if among is None else list(among)}
    return [row["account_id"] for row in sql.rows("invoicing", "take_accounts", asked)]


def _draft(run_id: int, accounts: Sequence[int]) -> None:
    if not accounts:
        return
    run = BillRun.objects.select_related("company__parent").get(pk=run_id)
    close_accounts(accounts=accounts, month=run.month, cutoff=run.cutoff)
    policy = BillRunPolicy.objects.filter(company=run.company).first() or BillRunPolicy()
    draft_invoices(company=run.company, accounts=accounts, month=run.month, issued_on=run.issued_on)
    sql.run(
        "invoicing",
        "record_drafts",
        {
            "bill_run": run.pk,
            "accounts": list(accounts),
            "month": run.month,
            "parks_incomplete": policy.parks_incomplete,
        },
    )


def _draft_apart(run_id: int, accounts: Sequence[int], trouble: Exception) -> None:
    """Draft accounts of which one at least fails, by halves; park the one that fails."""
    if len(accounts) == 1:
        _park(run_id, accounts[0], trouble)
        return
    middle = len(accounts) // 2
    for half in (accounts[:middle], accounts[middle:]):
        try:
            with transaction.atomic():
                _draft(run_id, _taken(run_id, at_most=len(half), among=half))
        except (OperationalError, InterfaceError):
            raise
        except Exception as still:  # noqa: BLE001 - whatever it is, it must not hold up the other accounts
            _draft_apart(run_id, half, still)


def _park(run_id: int, account_id: int, trouble: Exception) -> None:
    log.error("account_parked", bill_run=run_id, account=account_id, exc_info=trouble)
    cause = trouble.sentence if isinstance(trouble, BillingError) else _first_line(trouble)
    BillRunAccount.objects.filter(
        bill_run=run_id, account=account_id, state=BillRunAccount.State.PENDING
    ).update(
        state=BillRunAccount.State.PARKED,
        reason=f"It could not be drafted: {cause} Mend the cause, then retry the parked accounts.",
    )


def _first_line(trouble: Exception) -> str:
    return f"{str(trouble).partition(chr(10))[0].rstrip('.') or type(trouble).__name__}."
