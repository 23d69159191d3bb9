"""What can be done about a finding by a button: which service of another app is called."""

from decimal import Decimal

from billing_site.common.errors import BillingError
from reconciliation.domain.leakage import RULES


class NoSuchFix(BillingError):
    """A fix that does nothing about this finding."""

    code = "no_such_fix"
    is_conflict = True


FIXES = {
    "mediate_again": "Take the events in again",
    "rate_again": "Rate the month again",
    "credit": "Credit the difference",
}
_OF_LEVELS = {
    "received_to_rated": ("mediate_again", "rate_again"),
    "stream_to_billing": ("mediate_again", "rate_again"),
    "primary_to_secondary": ("rate_again",),
    "billing_to_finance": ("credit",),
    **{name: rule.fixes for name, rule in RULES.items()},
}


def fixes_of(level: str, *, difference: Decimal, has_account: bool) -> list[str]:
    """Return what can be done about a finding, by name of the fix.

    level: [of reconciliation, or a rule of leakage]
    difference: [first minus second] only what was billed too much is credited
    has_account: [whether it is about a known account]

    >>> fixes_of("billing_to_finance", difference=Decimal("10.00"), has_account=True)
    ['credit']
    >>> fixes_of("billing_to_finance", difference=Decimal("-10.00"), has_account=True)
    []
    """
    if not has_account:
        return []
    return [fix for fix in _OF_LEVELS.get(level, ()) if fix != "credit" or difference > 0]
