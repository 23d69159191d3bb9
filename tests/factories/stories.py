"""Worked scenarios told into the database of a test, to look at what they leave behind."""

from pathlib import Path

from billing_site.scenarios.outcome import Outcome
from billing_site.scenarios.reader import read_scenario
from billing_site.scenarios.setup import set_up
from billing_site.scenarios.steps import tell
from billing_site.scenarios.story import Story

_FOLDER = Path(__file__).parent.parent / "scenarios"


def told(slug: str, *, until: str = "") -> Story:
    """Tell a scenario, or its steps before the first one whose place in the file begins with `until`."""
    story = Story(read_scenario(_FOLDER / f"{slug}.yaml"), Outcome(slug))
    set_up(story)
    for where, step in story.scenario.steps():
        if until and where.startswith(until):
            break
        story.where = where
        tell(story, step)
    assert story.outcome.passed, "\n".join(story.outcome.lines())
    return story
