"""Which months of an account are open, and which are closed."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from catalogue.models import Account


class AccountPeriod(models.Model):
    """One row is a billing month of an account; its bounds are frozen when the row is made.

    A bill run closes it with its cut-off: then its charges do not change, and what is learnt later becomes
    difference charges in an open period. While only drafts were made of them it can be opened again; once
    sealed, never. `stale` marks what rating has to look at again.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="periods")
    month = models.DateField(help_text="The first day, local.")
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    cutoff = models.DateTimeField(
        null=True, help_text="Set when it is closed: what was received later is late."
    )
    is_sealed = models.BooleanField(
        db_default=False, default=False, help_text="Billed: nobody opens it again."
    )
    stale = models.BooleanField(default=True)
    stale_since = models.DateTimeField(
        null=True, help_text="When it went stale, by the database's clock: for watching, no rule reads it."
    )
    rated_as_of = models.DateTimeField(
        null=True, help_text="Up to when billable time counts in the charges of the month while it is open."
    )
    rate_again_at = models.DateTimeField(
        null=True, help_text="When what runs, or was recorded ahead, is due; empty once the month is over."
    )

    class Meta:
        ordering = ["account", "month"]
        constraints = [
            models.UniqueConstraint(fields=["account", "month"], name="account_period_once"),
            models.CheckConstraint(
                name="account_period_ends_after_start", condition=Q(period_end__gt=F("period_start"))
            ),
            models.CheckConstraint(name="account_period_month_is_first", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="account_period_sealed_when_closed",
                condition=Q(is_sealed=False) | Q(cutoff__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["account"], condition=Q(stale=True), name="account_period_stale"),
            models.Index(
                fields=["rate_again_at"],
                condition=Q(cutoff=None, rate_again_at__isnull=False),
                name="account_period_rate_again",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="closed_for_good",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__cutoff__isnull=False),
                func="""
                    IF TG_OP = 'UPDATE'
                        AND (OLD.account_id, OLD.month, OLD.period_start, OLD.period_end)
                          = (NEW.account_id, NEW.month, NEW.period_start, NEW.period_end)
                        AND (NEW.cutoff = OLD.cutoff OR (NEW.cutoff IS NULL AND NOT OLD.is_sealed))
                        AND NEW.is_sealed >= OLD.is_sealed THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'Period % of account % is closed and cannot change.', OLD.month, OLD.account_id
                        USING ERRCODE = 'check_violation';
                """,  # noqa: E501
            ),
            # Many statements make a month stale; a trigger forgets none of them. A closed month whose rows
            # are detached cannot be computed again: it stays as it was billed.
            pgtrigger.Trigger(
                name="knows_since_when_it_is_stale",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.stale AND NEW.cutoff IS NOT NULL
                        AND touches_detached(NEW.period_start, NEW.period_end) THEN
                        NEW.stale := false;
                    END IF;
                    IF NOT NEW.stale THEN
                        NEW.stale_since := NULL;
                    ELSIF NEW.stale_since IS NULL THEN
                        NEW.stale_since := statement_timestamp();
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account.code} {self.month:%Y-%m}"
