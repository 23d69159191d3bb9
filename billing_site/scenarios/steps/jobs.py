"""What workers do after a commit: here in the story's own process, at the story's own time."""

from billing_site.scenarios.story import Story
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_stale_periods


def run_jobs(story: Story) -> None:
    """Mediate the events that wait, and rate the months that something new was learnt about."""
    mediate_waiting(now=story.now)
    rate_stale_periods(as_of=story.now)
