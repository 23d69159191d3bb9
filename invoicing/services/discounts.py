"""Take promotions off draft invoices (rule 13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from billing_site.common import sql
from billing_site.common.errors import BillingError
from catalogue.services.promotions import count_redemptions
from invoicing.domain.promotion_rounds import rounds_of


class RedemptionsUsedUp(BillingError):
    """A promotion has fewer redemptions left than drafts were granted; nothing is issued."""

    code = "redemptions_used_up"
    is_conflict = True


def draft_discounts(*, accounts: Sequence[int], month: date, with_limited: bool) -> None:
    """Add the discount lines and redemptions of the accounts' draft invoices, which have none yet.

    with_limited: promotions with a limited number of redemptions count, too, and are granted in order of the
    accounts' codes; the caller holds their locks, and gives all accounts that hold one in one call. They
    are counted when the drafts are issued.
    """
    known = {"accounts": list(accounts), "month": month, "with_limited": with_limited}
    held = sql.rows("invoicing", "held_promotions", known)
    if not held:
        return
    rounds = rounds_of((row["promotion_id"], row["invoice_id"]) for row in held)
    sql.run("invoicing", "drop_discount_tables")
    sql.run(
        "invoicing",
        "collect_held_promotions",
        {**known, "promotions": list(rounds), "rounds": list(rounds.values())},
    )
    sql.run("invoicing", "collect_discountable")
    sql.run("invoicing", "create_discount_shares")
    for number in range(1, max(rounds.values()) + 1):
        sql.run("invoicing", "take_off", {"round": number})
        sql.run("invoicing", "leave_the_rest", {"round": number})
    sql.run("invoicing", "draft_discount_lines")
    sql.run("invoicing", "draft_redemptions")


def count_drafted_redemptions(*, accounts: Sequence[int], month: date) -> None:
    """Count each invoice of the accounts that is about to be issued for the promotions that it used.

    Raises RedemptionsUsedUp.
    """
    known = {"accounts": list(accounts), "month": month}
    times = {
        row["promotion_id"]: row["times"] for row in sql.rows("invoicing", "redemptions_of_drafts", known)
    }
    if times and count_redemptions(times=times) != frozenset(times):
        raise RedemptionsUsedUp(
            "A promotion was redeemed elsewhere while invoices that use it were finished; run it again."
        )
