"""The main job from end to end on real data."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from billing_site.common.errors import BillingError
from billing_site.demo.run import run_demo


class Command(BaseCommand):
    help = "From the order stream to PDF invoices in 12 currencies, reconciled, with the margin shown."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            held = run_demo(Console())
        except BillingError as error:
            raise CommandError(error.sentence) from error
        if not held:
            raise CommandError("A check did not hold: see FAIL above.")
