"""What each role may do: a pattern names rights of Django (app.verb_model), one with ! takes away.

Whose accounts a person does it for is a matter of reach (catalogue/selectors/reach.py), not of role.
"""

from typing import Any

from catalogue.selectors.roles import Role
from catalogue.services.roles import ensure_roles

_SEE_ALL = ("catalogue.view_*", "metering.view_*", "invoicing.view_*", "reconciliation.view_*")

# catalogue.view_cost: cost charges, the head office's prices, margin.
ROLES: dict[str, tuple[str, ...]] = {
    Role.BILLING_ADMIN: ("catalogue.*", "metering.*", "invoicing.*", "reconciliation.*", "!*.approve_*"),
    Role.PRICING: (
        *(*_SEE_ALL, "!catalogue.view_apikey", "!catalogue.view_user"),
        *("catalogue.add_price*", "catalogue.change_price*", "catalogue.publish_*"),
        *("catalogue.*_product", "catalogue.*_unit*", "catalogue.*_promotion"),
    ),
    Role.APPROVER: (*_SEE_ALL, "*.approve_*", "!catalogue.view_apikey", "!catalogue.view_user"),
    Role.FINANCE: (
        *(*_SEE_ALL, "!catalogue.view_apikey", "!catalogue.view_user"),
        *("invoicing.*", "reconciliation.*", "catalogue.*_exchangerate", "catalogue.*_taxrate"),
    ),
    Role.SUPPORT: (
        *("catalogue.view_*", "metering.view_*", "invoicing.view_*"),
        *("!catalogue.view_cost", "!catalogue.view_apikey", "!catalogue.view_user"),
    ),
    Role.AUDITOR: (*_SEE_ALL, "auth.view_group", "admin.view_logentry"),
}


def give_roles(**_signal: Any) -> None:
    """Bring the groups in line with the table, after every migration (a receiver of post_migrate)."""
    ensure_roles(ROLES)
