"""What every test may use. PostgreSQL and Valkey are real: see tests/embedded.py."""

from collections.abc import Generator
from importlib import import_module

import hypothesis
import pytest
from django.apps import apps
from pytest_django.plugin import blocking_manager_key

# The first look at a time zone reads a file, the first query opens a connection: no deadline for an example.
hypothesis.settings.register_profile("meridian", deadline=None)
hypothesis.settings.load_profile("meridian")


@pytest.fixture(autouse=True)
def documents_in_a_folder_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "documents"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """Fill again what a migration filled: a test that commits empties all tables when it ends."""
    yield
    mark = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    commits = (mark and mark.kwargs.get("transaction")) or {"transactional_db", "live_server"} & {*fixtures}
    if commits and nextitem:
        with item.config.stash[blocking_manager_key].unblock():
            import_module("catalogue.migrations.0003_iso_4217_and_units").load(apps, None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many of the examples with known answers hold, and which level found which planted fault."""
    from tests.worked_cases.differences import DIFFERENCES

    def examples(outcome: str, test: str) -> set[str]:
        reports = terminalreporter.getreports(outcome)
        ids = (report.nodeid.partition(f"{test}[") for report in reports)
        return {name.removesuffix("]") for _, found, name in ids if found}

    for title, test, others in (
        ("worked scenarios", "test_scenarios.py::test_scenario", ""),
        (
            "worked cases",
            "test_worked_cases.py::test_case",
            f"; {len(DIFFERENCES)} more differ by a rule of FORMAT.md",
        ),
    ):
        passed, failed = examples("passed", test), examples("failed", test)
        if passed or failed:
            terminalreporter.write_line(f"{title}: {len(passed)} pass, {len(failed)} fail{others}")
    planted = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "planted fault"
    ]
    if planted:
        terminalreporter.write_line(f"{'planted fault':<36} {'has to find it':<22} found it")
        for line in planted:
            terminalreporter.write_line(line)
