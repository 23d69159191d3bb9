"""Every worked scenario passes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_site.scenarios.databases import ScenarioDatabases, scenario_databases
from billing_site.scenarios.reader import scenario_files
from billing_site.scenarios.runner import run_file

FOLDER = Path(__file__).parent
FILES = {path.stem: path for path in scenario_files([FOLDER])}


@pytest.fixture(scope="module")
def databases(django_db_blocker) -> Iterator[ScenarioDatabases]:
    with django_db_blocker.unblock(), scenario_databases() as session:
        yield session


@pytest.mark.parametrize("slug", FILES)
def test_scenario(slug, databases):
    outcome = run_file(FILES[slug], databases)

    assert outcome.passed, "\n".join(outcome.lines())


def test_a_slug_is_unique():
    assert len(FILES) == len(scenario_files([FOLDER]))
