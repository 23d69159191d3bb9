"""What the product does at each step of a story, through the services that the API, console and jobs call."""

from collections.abc import Callable, Mapping
from typing import Any

from billing_site.scenarios.scenario import Step
from billing_site.scenarios.steps.billing import run_bills
from billing_site.scenarios.steps.events import send_event
from billing_site.scenarios.steps.expectations import (
    look_at_charges,
    look_at_exceptions,
    look_at_invoice,
    look_at_margin,
    look_at_no_invoice,
)
from billing_site.scenarios.steps.orders import cancel_order, place_order
from billing_site.scenarios.steps.prices import revise_prices
from billing_site.scenarios.steps.reconciling import reconcile_month
from billing_site.scenarios.steps.settling import credit, look_at_balance, look_at_credit_note, pay
from billing_site.scenarios.story import NotBuilt, Story

# The class of what a step tells decides what its handler is given, so the second argument differs.
HANDLERS: Mapping[str, Callable[[Story, Any], None]] = {
    "lifecycle": send_event,
    "usage": send_event,
    "order": place_order,
    "cancel_order": cancel_order,
    "price": revise_prices,
    "bill_run": run_bills,
    "credit": credit,
    "payment": pay,
    "expect_charges": look_at_charges,
    "expect_invoice": look_at_invoice,
    "expect_no_invoice": look_at_no_invoice,
    "expect_credit_note": look_at_credit_note,
    "expect_balance": look_at_balance,
    "expect_exceptions": look_at_exceptions,
    "expect_margin": look_at_margin,
    "reconcile": reconcile_month,
}


def tell(story: Story, step: Step) -> None:
    """Let one step happen. Raises NotBuilt for a step that the product has no service for yet."""
    if step.key not in HANDLERS:
        raise NotBuilt(step.key)
    HANDLERS[step.key](story, step.told)
