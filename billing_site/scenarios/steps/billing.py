"""Steps that bill."""

from billing_site.scenarios.steps.jobs import run_jobs
from billing_site.scenarios.story import Story
from billing_site.scenarios.timeline import BillRunStep
from invoicing.services.bill_runs import run_bill_run


def run_bills(story: Story, step: BillRunStep) -> None:
    cutoff = story.scenario.at_company(step.cutoff, step.company)
    story.is_now(cutoff)
    run_bill_run(
        company=story.company(step.company), month=step.period, cutoff=cutoff, issued_on=step.issued_on
    )
    run_jobs(story)
