"""The independent rater against the primary one, to the cent of each charge."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from billing_site.scenarios.databases import ScenarioDatabases, scenario_databases
from billing_site.scenarios.outcome import Outcome
from billing_site.scenarios.reader import read_scenario, scenario_files
from billing_site.scenarios.setup import set_up
from billing_site.scenarios.steps import tell
from billing_site.scenarios.story import Story
from catalogue.models import Account, Company
from metering.models import AccountPeriod
from metering.services.rating import rate_periods
from tests.metering.sql.entered_worlds import enter, receive
from tests.metering.sql.random_months import HEAD, RandomWorld
from tests.reconciliation.shadow.charges import differences, primary_charges, secondary_charges

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = {path.stem: path for path in scenario_files([SCENARIOS])}
AFTER_EVERY_STORY = datetime(2040, 1, 1, tzinfo=UTC)
SHOWN = 5


@settings(
    max_examples=2,
    # A world cannot be made smaller: what differs is printed charge by charge.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
@pytest.mark.django_db
def test_both_raters_agree_on_random_months(db, seed):
    random = Random(seed)
    world = RandomWorld(random).draw()
    months = [date.fromisoformat(f"{month}-01") for month in world.months]
    with transaction.atomic():
        enter(world)
        receive(random, world)
        periods = AccountPeriod.objects.filter(month__in=months, period_start__lt=world.as_of)
        rate_periods(list(periods.values_list("pk", flat=True)), as_of=world.as_of)
        head, offices = Company.objects.get(code=HEAD.company), list(Company.objects.all())
        for month in months:
            first = primary_charges(month)
            different = differences(first, secondary_charges(head, offices, month, world.as_of))
            assert first
            assert not different, f"{len(different)} of {len(first)} differ:\n" + "\n".join(different[:SHOWN])
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def databases(django_db_blocker) -> Iterator[ScenarioDatabases]:
    with django_db_blocker.unblock(), scenario_databases() as session:
        yield session


@pytest.mark.parametrize("slug", FILES)
def test_both_raters_agree_on_every_month_that_a_story_closes(slug, databases):
    story = Story(read_scenario(FILES[slug]), Outcome(slug))
    with databases.copy(), override_settings(CELERY_BROKER_URL=""):
        set_up(story)
        for where, step in story.scenario.steps():
            story.where = where
            tell(story, step)
        closed = AccountPeriod.objects.filter(cutoff__isnull=False)
        for month, company in sorted(set(closed.values_list("month", "account__company"))):
            office = Company.objects.select_related("parent").get(pk=company)
            accounts = list(Account.objects.filter(company=office).values_list("pk", flat=True))
            first = primary_charges(month, accounts)
            second = secondary_charges(office.parent or office, [office], month, AFTER_EVERY_STORY)
            assert not differences(first, second)
