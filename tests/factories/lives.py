"""Random lives of resources: events in a few instants, so that ties and redundant transitions are common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from metering.domain.incoming_events import LIFECYCLE_TYPES, IncomingEvent, Item

_FIRST = datetime(2026, 3, 1, tzinfo=UTC)
_QUANTITIES = (Decimal(1), Decimal("1.0"), Decimal(2), Decimal("0.5"))
# Upper case sorts before lower case by code point, and after it in many languages.
_IDS = ("a", "B", "b", "C", "é", "10", "9", "-")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What random events may name."""

    accounts: Sequence[str]
    skus: Sequence[str]
    instants: int = 6


def random_life(
    random: Random, resource: str, words: Vocabulary, *, longest: int = 12
) -> list[IncomingEvent]:
    """Return up to `longest` events of a resource in no order, each with an identity of its own.

    Most lives begin with a `created` near their first instant; the rest of the types come as they come.
    """
    types = random.choices(
        LIFECYCLE_TYPES, weights=(1, 3, 3, 3, 3, 2, 2, 1), k=random.randint(0, longest - 1)
    )
    events = [_event(random, resource, number, type, words) for number, type in enumerate(types)]
    if random.random() < 0.9:
        events.append(_event(random, resource, len(events), "created", words, last_instant=1))
    random.shuffle(events)
    return events


def _event(
    random: Random, resource: str, number: int, type: str, words: Vocabulary, last_instant: int | None = None
) -> IncomingEvent:
    instant = random.randint(0, words.instants if last_instant is None else last_instant)
    return IncomingEvent(
        source=random.choice(("orders", "Orders")),
        id=f"{random.choice(_IDS)}/{resource}/{number}",
        type=type,
        subject=resource,
        time=_FIRST + timedelta(minutes=10 * instant),
        payload="{}",
        account=random.choice(words.accounts) if type in ("created", "transferred") else "",
        sequence=random.choice((0, 0, 0, 1, -1)),
        items=_items(random, words) if type in ("created", "resized") else None,
    )


def _items(random: Random, words: Vocabulary) -> tuple[Item, ...]:
    skus = random.sample(words.skus, k=random.randint(0, min(3, len(words.skus))))
    return tuple(Item(sku, random.choice(_QUANTITIES)) for sku in skus)
