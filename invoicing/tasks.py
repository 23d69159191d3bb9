"""Jobs of invoicing. Each finds its own work, so a lost or doubled message changes nothing."""

from celery import shared_task

from invoicing.services.bill_runs import run_requested_bill_runs


@shared_task(name="invoicing.tasks.run_bill_runs")
def run_bill_runs() -> int:
    """Do the bill runs that were asked for."""
    return run_requested_bill_runs()
