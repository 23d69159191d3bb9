"""Steps that order and cancel."""

from decimal import Decimal

from billing_site.scenarios.steps.jobs import run_jobs
from billing_site.scenarios.story import Story
from billing_site.scenarios.timeline import CancelOrderStep, OrderStep
from catalogue.models import Product
from metering.models import Order
from metering.services import ordering


def place_order(story: Story, step: OrderStep) -> None:
    ordering.place_order(
        account=story.account(step.account),
        code=step.id,
        product=Product.objects.get(sku=step.sku),
        quantity=Decimal(1) if step.quantity is None else step.quantity,
        started_on=step.start,
        ended_on=step.end,
        unit_price=step.unit_price,
        now=story.now,
    )
    run_jobs(story)


def cancel_order(story: Story, step: CancelOrderStep) -> None:
    ordering.cancel_order(order=Order.objects.get(code=step.id), ended_on=step.at, now=story.now)
    run_jobs(story)
