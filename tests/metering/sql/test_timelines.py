"""place_lifecycle, build_timeline and cut_intervals against metering/domain/lifecycle.py."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import cast

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogue.models import Account, Company, Product
from metering.domain.incoming_events import IncomingEvent, Item
from metering.domain.lifecycle import Interval, Standing, State, live, turn
from metering.models import EventException, Resource, ResourceInterval
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from tests.factories.lives import Vocabulary, random_life

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, tzinfo=UTC)
LIVES, BATCHES = 500, 3
WORDS = Vocabulary(
    accounts=("north-1", "south-1", "south-2", "nobody"), skus=("CPU", "RAM", "DISK", "UNKNOWN")
)


@dataclass(frozen=True)
class Sent:
    """An event and who sent it."""

    event: IncomingEvent
    company: str


@dataclass(frozen=True)
class Told:
    """What became of a resource: its stretches, its state, and its open exceptions, counted."""

    intervals: tuple[Interval, ...]
    state: str
    exceptions: Counter


@pytest.fixture
def senders():
    head = Company.objects.create(
        code="head", name="head", country="US", currency_id="USD", number_prefix="H"
    )
    companies = {"head": head}
    for word in ("north", "south"):
        companies[word] = Company.objects.create(
            code=word, name=word, country="US", currency_id="USD", number_prefix=word, parent=head
        )
    for code in ("north-1", "south-1", "south-2"):
        Account.objects.create(
            code=code, company=companies[code[:5]], name=code, currency_id="USD", country="US", timezone="UTC"
        )
    for sku in ("CPU", "RAM", "DISK"):
        Product.objects.create(sku=sku, unit="hour", kind="time")
    return {word: Sender(company_id=c.pk, head_office_id=head.pk) for word, c in companies.items()}


@settings(
    max_examples=4,
    # Many lives cannot be made fewer: what differs is printed event by event.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(random=st.randoms(use_true_random=True))
def test_the_statements_tell_the_lives_that_the_table_tells(senders, random):
    lives = {f"vm-{number}": _sent(random, f"vm-{number}") for number in range(LIVES)}
    with transaction.atomic():
        received = _stream(random, [sent for life in lives.values() for sent in life], senders)
        told = _told()
        transaction.set_rollback(True)
    for resource, life in lives.items():
        assert told.get(resource, Told((), "", Counter())) == _expected(life, received), _readable(life)


def _sent(random: Random, resource: str) -> list[Sent]:
    companies = ("head",) if random.random() < 0.6 else ("head", "north", "south")
    return [Sent(event, random.choice(companies)) for event in random_life(random, resource, WORDS)]


def _stream(random: Random, stream: list[Sent], senders: dict[str, Sender]) -> dict[int, datetime]:
    """Send in random order in a few batches, with what was sent before among it, mediating between them.

    Return when each came in first, by the id of its object.
    """
    received: dict[int, datetime] = {}
    random.shuffle(stream)
    size = len(stream) // BATCHES + 1
    for start in range(0, len(stream), size):
        batch = stream[start : start + size] + random.sample(stream[: start + size], k=size // 20)
        for minutes, (company, sender) in enumerate(senders.items()):
            at = NOW + timedelta(seconds=start, minutes=minutes)
            own = [sent for sent in batch if sent.company == company]
            ingest([sent.event for sent in own], sender=sender, received_at=at, channel="test")
            for sent in own:
                received.setdefault(id(sent), at)
        mediate_waiting(now=NOW)
    return received


def _told() -> dict[str, Told]:
    accounts = dict(Account.objects.values_list("pk", "code"))
    skus = dict(Product.objects.values_list("pk", "sku"))
    names = {resource.pk: resource.name for resource in Resource.objects.all()}
    intervals: dict[str, list[Interval]] = {}
    for row in ResourceInterval.objects.order_by("resource_id", "started_at"):
        items = frozenset(Item(skus[p], q) for p, q in zip(row.product_ids, row.quantities, strict=True))
        standing = Standing(cast(State, row.state), accounts[row.account_id], items)
        intervals.setdefault(names[row.resource_id], []).append(
            Interval(row.started_at, row.ended_at, standing)
        )
    exceptions: dict[str, Counter] = {}
    for exception in EventException.objects.filter(closed_at=None):
        found = (exception.source, exception.event_id, exception.kind)
        exceptions.setdefault(exception.resource, Counter()).update([found])
    states = {resource.name: resource.state for resource in Resource.objects.all()}
    return {
        name: Told(tuple(intervals.get(name, ())), states.get(name, ""), exceptions.get(name, Counter()))
        for name in intervals.keys() | exceptions.keys() | states.keys()
    }


def _expected(life: list[Sent], received: dict[int, datetime]) -> Told:
    exceptions: Counter = Counter()
    known = []
    for sent in life:
        if fault := _fault(sent):
            exceptions[(*sent.event.identity, fault)] += 1
        else:
            known.append(sent)
    births = [sent for sent in known if sent.event.type == "created"]
    if not births:
        exceptions.update((*sent.event.identity, "unknown_resource") for sent in known)
        return Told((), "", exceptions)
    # Its owner is whom the head office created it for, else the office whose creation of it came in first; an
    # office speaks only about what is its own.
    of_head = [sent for sent in births if sent.company == "head"]
    decisive = min(of_head, key=lambda sent: turn(sent.event), default=None) or min(
        births, key=lambda sent: (received[id(sent)], turn(sent.event))
    )
    entitled = [sent for sent in known if sent.company in ("head", decisive.event.account[:5])]
    told = live(sent.event for sent in entitled)
    waiting = [*told.waiting, *(sent.event for sent in known if sent not in entitled)]
    exceptions.update((*event.identity, "unknown_resource") for event in waiting)
    exceptions.update((*event.identity, "redundant_transition") for event in told.redundant)
    return Told(told.intervals, told.state, exceptions)


def _fault(sent: Sent) -> str | None:
    event = sent.event
    if event.account and (event.account == "nobody" or sent.company not in ("head", event.account[:5])):
        return "unknown_account"
    if any(item.sku == "UNKNOWN" for item in event.items or ()):
        return "unknown_sku"
    return None


def _readable(life: Iterable[Sent]) -> str:
    rows = sorted(life, key=lambda sent: (sent.event.time, sent.event.sequence))
    return "\n" + "\n".join(
        f"{e.time:%H:%M} {e.sequence:2} {e.type:15} {sent.company:6} {e.source} {e.id} {e.account} {e.items}"
        for sent in rows
        for e in (sent.event,)
    )
