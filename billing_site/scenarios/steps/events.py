"""Steps that send events: through ingestion and mediation, as the API and its worker do."""

from billing_site.scenarios.comparing import compare_fields
from billing_site.scenarios.order_stream import account_of, as_cloud_event, instant_of
from billing_site.scenarios.steps.jobs import run_jobs
from billing_site.scenarios.story import Story
from billing_site.scenarios.timeline import LifecycleStep, UsageStep
from metering.models import EventException
from metering.services.ingestion import ItemResult, Sender, ingest_cloud_events

_WAITING = [
    EventException.Kind.UNKNOWN_RESOURCE,
    EventException.Kind.UNKNOWN_ACCOUNT,
    EventException.Kind.UNKNOWN_SKU,
    EventException.Kind.UNKNOWN_RECORD,
    EventException.Kind.USAGE_AFTER_END,
]


def send_event(story: Story, step: LifecycleStep | UsageStep) -> None:
    received_at = instant_of(story.scenario, step, step.received or step.time)
    story.is_now(received_at)
    sender = _sender(story, step)
    report = ingest_cloud_events(
        as_cloud_event(story.scenario, step), sender=sender, received_at=received_at, channel="scenario"
    )
    run_jobs(story)
    [result] = report.results
    if step.expect:
        status = "quarantined" if _waits(result, sender) else result.status
        story.check(compare_fields({"expect": step.expect}, {"expect": status}), step.id)
    elif result.status == "rejected":
        story.check([f"rejected, which the file does not expect: {result.detail}"], step.id)


def _sender(story: Story, step: LifecycleStep | UsageStep) -> Sender:
    """The order stream of a head office speaks for all its sales offices."""
    account = account_of(story.scenario, step)
    company = story.account(account).company if account else story.company(story.scenario.companies[0].code)
    return Sender(company_id=company.head_office_id, head_office_id=company.head_office_id)


def _waits(result: ItemResult, sender: Sender) -> bool:
    return (
        result.status == "accepted"
        and EventException.objects.filter(
            head_office_id=sender.head_office_id,
            source=result.source,
            event_id=result.id,
            kind__in=_WAITING,
            closed_at=None,
        ).exists()
    )
