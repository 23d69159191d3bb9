"""A stream that told what it sent: two resources, a record an hour of ten hours of 5 March for each."""

from io import BytesIO

from metering.services.mediation import mediate_waiting
from reconciliation.services.control_totals import TakenControl, take_control_file
from tests.factories.metered import Metered, at, metered, per_unit

NOW = at(2, 12, month=4)
HEADING = "source,id,resource,hour,quantity"
Line = tuple[str, ...]


def stream() -> Metered:
    """Receive and mediate 20 records of 1.5 GPU-hours, and two lives."""
    world = metered()
    world.price(world.product("GPU", unit="GPU-hour"), per_unit("2"))
    world.product("VM", kind="time", unit="hour")
    for resource in ("vm-1", "vm-2"):
        world.life(resource, at(5), VM="1")
        for hour in range(10):
            world.use("GPU", at(5, hour, 30), "1.5", resource=resource, id=f"{resource}-{hour:02}")
    mediate_waiting(now=NOW)
    return world


def control_lines() -> list[Line]:
    """What the stream says that it sent on the day: 20 records and 2 lives."""
    meters = [
        ("meters", f"{resource}-{hour:02}", resource, f"2026-03-05T{hour:02}:00:00Z", "1.5")
        for resource in ("vm-1", "vm-2")
        for hour in range(10)
    ]
    return [
        *meters,
        ("orders", "e0", "vm-1", "2026-03-05T00:00:00Z", ""),
        ("orders", "e11", "vm-2", "2026-03-05T00:00:00Z", ""),
    ]


def csv(lines: list[Line], heading: str = HEADING) -> BytesIO:
    return BytesIO("\n".join([heading, *(",".join(line) for line in lines)]).encode())


def take(world: Metered, lines: list[Line], heading: str = HEADING) -> TakenControl:
    return take_control_file(company=world.head, file=csv(lines, heading), received_at=NOW)
