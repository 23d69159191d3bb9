"""The life of a resource (rule 7): from its events, however they came, to stretches of one state.

`metering/sql/build_timeline.sql` and `cut_intervals.sql` do the same for many resources at once; this is what
they must agree with.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from metering.domain.incoming_events import LIFECYCLE_TYPES, IncomingEvent, Item

State = Literal["none", "active", "suspended", "stopped", "ended"]

# What an event makes of the state that it finds. Where nothing is said, it changes nothing: it is redundant.
TRANSITIONS: dict[str, dict[State, State]] = {
    "created": {"none": "active"},
    "started": {"stopped": "active"},
    "suspended": {"active": "suspended", "stopped": "suspended"},
    "resumed": {"suspended": "active"},
    "stopped": {"active": "stopped", "suspended": "stopped"},
    "resized": {"active": "active", "suspended": "suspended", "stopped": "stopped"},
    "transferred": {"active": "active", "suspended": "suspended", "stopped": "stopped"},
    "decommissioned": {"active": "ended", "suspended": "ended", "stopped": "ended"},
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a resource stands at an instant: its state, who has it, and what it is made of.

    account: [code]
    items: [in no order, each SKU once]
    """

    state: State
    account: str
    items: frozenset[Item]


@dataclass(frozen=True, slots=True)
class Interval:
    """One stretch `[start, end)` in which a resource stands the same.

    start: [instant]
    end: [instant after start; None: still so]
    """

    start: datetime
    end: datetime | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Life:
    """What the events of one resource tell.

    state: [after the last event]
    intervals: [in order of time, without holes and overlaps; two that follow each other differ]
    redundant: [events that change nothing, in the order in which they are taken]
    waiting: [events before any `created`, in the same order; they are quarantined]
    """

    state: State
    intervals: tuple[Interval, ...]
    redundant: tuple[IncomingEvent, ...]
    waiting: tuple[IncomingEvent, ...]


def live(events: Iterable[IncomingEvent]) -> Life:
    """Tell the life of one resource; the order in which its events came makes no difference.

    events: [lifecycle events of one resource, each once, whose accounts and SKUs are known]

    >>> from datetime import UTC
    >>> def at(hour, type, **data):
    ...     time = datetime(2026, 3, 1, hour, tzinfo=UTC)
    ...     return IncomingEvent("orders", f"e{hour}", type, "vm", time, "{}", **data)
    >>> life = live([at(9, "resumed"), at(8, "suspended"), at(7, "created", account="acme", items=()),
    ...              at(6, "started"), at(10, "resumed"), at(11, "decommissioned")])
    >>> [(interval.start.hour, interval.standing.state) for interval in life.intervals]
    [(7, 'active'), (8, 'suspended'), (9, 'active')]
    >>> [redundant.id for redundant in life.redundant], [waiting.id for waiting in life.waiting]
    (['e10'], ['e6'])
    """
    in_order = sorted(events, key=turn)
    born_at = min((event.time for event in in_order if event.type == "created"), default=None)
    waiting = tuple(event for event in in_order if born_at is None or event.time < born_at)
    redundant: list[IncomingEvent] = []
    changes: list[tuple[datetime, Standing]] = []
    now = Standing("none", "", frozenset())
    for event in in_order[len(waiting) :]:
        state = TRANSITIONS[event.type].get(now.state)
        if state is None:
            redundant.append(event)
            continue
        now = Standing(
            state,
            event.account if event.type in ("created", "transferred") else now.account,
            now.items if event.items is None else frozenset(event.items),
        )
        _note(changes, event.time, now)
    return Life(now.state, tuple(_intervals(changes)), tuple(redundant), waiting)


def turn(event: IncomingEvent) -> tuple[datetime, int, int, str, str]:
    """Return what events of a resource are taken in the order of: time, sequence, type, id, and source.

    >>> stop = IncomingEvent("orders", "e1", "stopped", "vm", datetime(2026, 3, 1), "{}")
    >>> turn(stop)[1:]
    (0, 4, 'e1', 'orders')
    """
    return event.time, event.sequence, LIFECYCLE_TYPES.index(event.type), event.id, event.source


def _note(changes: list[tuple[datetime, Standing]], at: datetime, standing: Standing) -> None:
    """Note how it stands from an instant on: what lasts no time, or changes nothing, leaves no trace."""
    if changes and changes[-1][0] == at:
        changes.pop()
    if not changes or changes[-1][1] != standing:
        changes.append((at, standing))


def _intervals(changes: list[tuple[datetime, Standing]]) -> Iterable[Interval]:
    ends: list[datetime | None] = [at for at, _ in changes[1:]]
    for (start, standing), end in zip(changes, [*ends, None], strict=False):
        if standing.state != "ended":
            yield Interval(start, end, standing)
