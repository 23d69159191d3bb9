"""What workers do after a commit: here in the story's own process, at the story's own time."""

from billing_site.scenarios.story import Story
from invoicing.services.late_credits import credit_late_usage
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_stale_periods


def run_jobs(story: Story) -> None:
    """Mediate the events that wait, rate what something new was learnt about, and credit late usage."""
    mediate_waiting(now=story.now)
    rate_stale_periods(as_of=story.now)
    credit_late_usage(now=story.now)
