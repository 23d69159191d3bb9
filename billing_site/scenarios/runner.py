"""Tell a story from its file against a database of its own."""

import traceback
from pathlib import Path

from django.test.utils import override_settings

from billing_site.common.errors import BillingError
from billing_site.scenarios.databases import ScenarioDatabases
from billing_site.scenarios.outcome import Outcome
from billing_site.scenarios.reader import InvalidScenario, read_scenario
from billing_site.scenarios.setup import set_up
from billing_site.scenarios.steps import tell
from billing_site.scenarios.story import NotBuilt, Story


def run_file(path: Path, databases: ScenarioDatabases) -> Outcome:
    """Run one scenario; whatever goes wrong with it is in its outcome."""
    outcome = Outcome(path.stem)
    try:
        story = Story(read_scenario(path), outcome)
    except InvalidScenario as refusal:
        outcome.trouble = refusal.sentence
        return outcome
    # The story's jobs run in this process; workers of the checkout's own database must not hear of them.
    with databases.copy(), override_settings(CELERY_BROKER_URL=""):
        _tell(story)
    return outcome


def _tell(story: Story) -> None:
    try:
        set_up(story)
        for where, step in story.scenario.steps():
            story.where = where
            tell(story, step)
    except NotBuilt as gap:
        story.outcome.trouble = f"{gap.sentence} ({story.where})"
    except BillingError as refusal:
        story.outcome.trouble = f"{story.where}: refused: {refusal.sentence}"
    except Exception as defect:  # noqa: BLE001 - one broken story must not keep the others from being told
        story.outcome.trouble = f"{story.where}: {_in_a_line(defect)}"


def _in_a_line(defect: Exception) -> str:
    """Say what broke, and where in our own code."""
    ours = [
        frame for frame in traceback.extract_tb(defect.__traceback__) if "site-packages" not in frame.filename
    ]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
    return f"{type(defect).__name__}: {' '.join(str(defect).split())} ({place})"
