"""Usage records as they count in the months to rate."""

from datetime import datetime

from billing_site.common import sql


def collect_used_usage(*, received_by: datetime | None) -> int:
    """Fill the working table `used_usage`: one row a record and month of `rating_period` that it counts in.

    received_by: [instant] what was received later is left out; None: nothing. Reads `known_life`. Returns how
    many were collected.
    """
    (stretch,) = sql.rows("metering", "rated_stretch")
    known = {"received_by": received_by, **stretch}
    collected = sql.run("metering", "collect_used_usage", known)
    # Most senders never overlap, and to look at all partitions again takes longer than to ask.
    (found,) = sql.rows("metering", "used_usage_may_overlap")
    if found["may_overlap"]:
        sql.run("metering", "drop_overlapping_usage", known)
    return collected
