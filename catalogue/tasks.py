"""Jobs of the catalogue. Each finds its own work, so a lost or doubled message changes nothing."""

from celery import shared_task

from billing_site.common import clock
from catalogue.services import price_import_jobs


@shared_task(name="catalogue.tasks.run_price_imports")
def run_price_imports() -> None:
    """Have each price file of which something was asked worked on, in a job each: none stops the rest."""
    for number in price_import_jobs.waiting_price_imports():
        run_price_import.delay(number)


@shared_task(name="catalogue.tasks.run_price_import")
def run_price_import(number: int) -> None:
    """Check, publish or revert a price file, as was asked; a second message for it finds it done."""
    price_import_jobs.run_price_import(price_import_id=number, now=clock.now)
