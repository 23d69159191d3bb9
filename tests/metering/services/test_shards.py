"""Two workers in processes of their own rate a month together, each its own shards of accounts."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection

from catalogue.domain.price_models import PerUnit
from catalogue.domain.terms import PriceTerms
from catalogue.models import Account, Company, Product
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from catalogue.services.prices import enter_price
from metering.domain.incoming_events import USAGE, IncomingEvent
from metering.models import AccountPeriod, Charge, RatingRun
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from metering.services.rating import SHARDS, rate_stale_periods, stale_shards

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 4, 2, tzinfo=UTC)
ACCOUNTS = 3 * SHARDS

# A worker: it takes its shards one after the other, as a Celery worker takes messages.
WORKER = """
import sys
from datetime import datetime
import django
django.setup()
from django.db import connection
from metering.services.rating import rate_stale_periods
connection.settings_dict["NAME"] = sys.argv[1]
print(sum(rate_stale_periods(as_of=datetime.fromisoformat(sys.argv[2]), limit=2, shard=int(shard))
          for shard in sys.argv[3].split(",")))
"""


@pytest.fixture
def used() -> Company:
    """An account for each shard three times over, each with a record of a quantity of its own, at 1 a GB."""
    company = open_company(code="us", name="us", country="US", currency="USD", timezone="UTC")
    product = Product.objects.create(sku="TRAFFIC", unit="GB", kind="usage")
    enter_price(
        company=company,
        product=product,
        currency=company.currency,
        terms=PriceTerms(PerUnit(Decimal(1))),
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        entered_at=NOW,
    )
    events = []
    for number in range(ACCOUNTS):
        open_account(code=f"a-{number}", company=company, timezone="UTC")
        time = datetime(2026, 3, 10, tzinfo=UTC) + timedelta(seconds=number)
        events.append(
            IncomingEvent(
                *("meters", f"u-{number}", USAGE, "", time, "{}"),
                account=f"a-{number}",
                sku="TRAFFIC",
                quantity=Decimal(number + 1),
            )
        )
    ingest(events, sender=Sender(company.pk, company.pk), received_at=NOW, channel="test")
    mediate_waiting(now=NOW)
    return company


def worker(shards: list[int]) -> subprocess.Popen[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", WORKER, name, NOW.isoformat(), ",".join(map(str, shards))]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=settings.ROOT)


def rated(process: subprocess.Popen[str]) -> int:
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return int(said)


def test_two_processes_share_a_month_by_shards(used):
    assert stale_shards(as_of=NOW) == list(range(SHARDS))
    # Some shards are given to both, as a message that came twice.
    one, other = worker(list(range(SHARDS // 2 + 2))), worker(list(range(SHARDS // 2, SHARDS)))
    assert rated(one) + rated(other) == ACCOUNTS
    assert stale_shards(as_of=NOW) == []
    accounts = dict(Account.objects.values_list("pk", "code"))
    charged = {accounts[row.account_id]: row.net_amount for row in Charge.objects.all()}
    assert charged == {f"a-{number}": number + 1 for number in range(ACCOUNTS)}
    assert sum(RatingRun.objects.values_list("written", flat=True)) == ACCOUNTS


def test_a_worker_leaves_other_shards_alone(used):
    assert rate_stale_periods(as_of=NOW, shard=3) == 3
    charged = set(Charge.objects.values_list("account_id", flat=True))
    assert {account % SHARDS for account in charged} == {3}
    assert AccountPeriod.objects.filter(stale=True).count() == ACCOUNTS - 3
