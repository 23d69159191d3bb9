"""Every worked scenario passes, but for those in `not_passing_yet.txt`, a list that may only shrink."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_site.scenarios.databases import ScenarioDatabases, scenario_databases
from billing_site.scenarios.reader import scenario_files
from billing_site.scenarios.runner import run_file

FOLDER = Path(__file__).parent
FILES = {path.stem: path for path in scenario_files([FOLDER])}
NOT_PASSING_YET = (FOLDER / "not_passing_yet.txt").read_text("utf-8").split()

# Lower it with the list. It is here so that nobody makes the list longer without a reviewer seeing it.
AT_MOST = 0


@pytest.fixture(scope="module")
def databases(django_db_blocker) -> Iterator[ScenarioDatabases]:
    with django_db_blocker.unblock(), scenario_databases() as session:
        yield session


@pytest.mark.parametrize("slug", FILES)
def test_scenario(slug, databases):
    outcome = run_file(FILES[slug], databases)

    if slug in NOT_PASSING_YET:
        assert not outcome.passed, f"{slug} passes now: take it off not_passing_yet.txt and lower AT_MOST"
    else:
        assert outcome.passed, "\n".join(outcome.lines())


def test_the_list_of_those_not_passing_yet_only_shrinks():
    assert len(NOT_PASSING_YET) == AT_MOST
    assert sorted(set(NOT_PASSING_YET) & set(FILES)) == NOT_PASSING_YET


def test_a_slug_is_unique():
    assert len(FILES) == len(scenario_files([FOLDER]))
