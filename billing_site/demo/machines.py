"""The demo's third stream: in each country a machine made of parts, its two resizes, and its six meters.

The machine and its size are invented. How busy it is, is not: in each half day its CPU runs as long as the
real runs that were dealt to its customer and began then; the other meters follow the CPU by the rates below.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from billing_site.demo import datasets
from billing_site.demo.cloud_events import CloudEvent, Item, lifecycle_event, usage_event
from billing_site.demo.dealing import dealt_account

FIRST, LAST = datetime(2023, 9, 1, tzinfo=UTC), datetime(2023, 10, 1, tzinfo=UTC)
MORE_MEMORY_AT = datetime(2023, 9, 11, 8, 30, tzinfo=UTC)
SMALLER_CPU_AT = datetime(2023, 9, 21, 17, 45, tzinfo=UTC)
_HALF_DAY = timedelta(hours=12)
# Unit as sent, and how much of it for each second that the CPU runs.
METERS = {
    "cpu": ("second", Decimal(1)),
    "ram": ("MiB-hour", Decimal(2)),
    "net.in": ("MB", Decimal("0.25")),
    "net.out": ("MB", Decimal("0.75")),
    "disk.read": ("operation", Decimal(40)),
    "disk.write": ("operation", Decimal(15)),
}


def machine_of(account: str) -> str:
    """Name the machine of an account.

    >>> machine_of("acct-de-1")
    'machine@acct-de-1'
    """
    return f"machine@{account}"


def machine_stream(
    runs: Iterable[datasets.Run], dealt_to: Sequence[str], owners: Sequence[str], *, orders: str, meters: str
) -> list[CloudEvent]:
    """The life of each owner's machine, then its meters' records: 6 for every half day of the month.

    dealt_to: the accounts among which the runs are dealt; owners: those of them that have a machine. orders,
    meters: the sources of the events.
    """
    seconds = _busy_seconds(runs, dealt_to)
    lives = [event for owner in owners for event in _life(owner, orders)]
    records = [event for owner in owners for event in _records(owner, meters, seconds)]
    return lives + records


def _life(owner: str, source: str) -> Iterator[CloudEvent]:
    machine = machine_of(owner)
    happened: list[tuple[str, datetime, list[Item] | None]] = [
        ("created", FIRST, _parts(cpus=4, memory=16)),
        ("resized", MORE_MEMORY_AT, _parts(cpus=4, memory=32)),
        ("resized", SMALLER_CPU_AT, _parts(cpus=2, memory=32)),
        ("decommissioned", LAST, None),
    ]
    for number, (type, time, items) in enumerate(happened):
        yield lifecycle_event(
            id=f"{machine}-{number}",
            source=source,
            type=type,
            time=_text(time),
            resource=machine,
            account=owner if type == "created" else None,
            items=items,
        )


def _parts(*, cpus: int, memory: int) -> list[Item]:
    made_of = {"VCPU": cpus, "RAM-GIB": memory, "DISK-GIB": 100, "LICENCE": 1}
    return [{"sku": sku, "quantity": str(quantity)} for sku, quantity in made_of.items()]


def _records(
    owner: str, source: str, seconds: Mapping[tuple[str, datetime], Decimal]
) -> Iterator[CloudEvent]:
    machine = machine_of(owner)
    start = FIRST
    while start < LAST:
        busy = seconds.get((owner, start), Decimal(0))
        for meter, (unit, rate) in METERS.items():
            yield usage_event(
                id=f"{machine}-{meter}-{start:%Y-%m-%dT%H}",
                source=source,
                time=_text(start),
                until=_text(start + _HALF_DAY),
                resource=machine,
                sku=meter,
                quantity=f"{busy * rate:f}",
                unit=unit,
            )
        start += _HALF_DAY


def _busy_seconds(
    runs: Iterable[datasets.Run], dealt_to: Sequence[str]
) -> dict[tuple[str, datetime], Decimal]:
    """Seconds of the runs that began in a half day, by account and the half day's start."""
    seconds: dict[tuple[str, datetime], Decimal] = {}
    for run in runs:
        began = datetime.fromisoformat(run.start).astimezone(UTC)
        key = dealt_account(run.event_id, dealt_to), FIRST + (began - FIRST) // _HALF_DAY * _HALF_DAY
        seconds[key] = seconds.get(key, Decimal(0)) + Decimal(run.quantity)
    return seconds


def _text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
