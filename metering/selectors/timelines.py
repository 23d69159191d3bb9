"""Lives of resources as their events tell them."""

from datetime import datetime

from billing_site.common import sql


def rebuild_timelines(*, received_by: datetime | None) -> None:
    """Fill the working tables `placed_lifecycle` and `timeline`: one row an event of a `touched_resource`.

    received_by: [instant] only events received until then count; None: all.
    """
    sql.run("metering", "analyze_touched")
    sql.run("metering", "place_lifecycle", {"received_by": received_by})
    sql.run("metering", "build_timeline")
