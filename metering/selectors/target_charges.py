"""What the charges of account months should be, from all that was received by an instant."""

from datetime import datetime

from billing_site.common import sql
from metering.selectors.timelines import rebuild_timelines


def compute_target_charges(*, received_by: datetime | None) -> None:
    """Fill the working table `target_charge`: one row a charge of the months in `rating_period` and side.

    received_by: [instant] what was received later is left out; None: nothing. `rated_quantity` and
    `rated_order` are left behind, too: their rows without a price are what could not be priced.
    """
    known = {"received_by": received_by}
    sql.run("metering", "touch_late_resources", known)
    rebuild_timelines(received_by=received_by)
    sql.run("metering", "cut_intervals")
    sql.run("metering", "collect_known_life")
    sql.run("metering", "analyze_known_life")
    sql.run("metering", "collect_used_time")
    sql.run("metering", "collect_used_usage", known)
    sql.run("metering", "collect_due_orders")
    sql.run("metering", "cut_price_segments")
    sql.run("metering", "analyze_used")
    sql.run("metering", "join_in_order")
    sql.run("metering", "add_up_quantities")
    sql.run("metering", "analyze_rated")
    sql.run("metering", "join_as_planned")
    sql.run("metering", "find_order_prices")
    sql.run("metering", "price_quantities")
    sql.run("metering", "price_orders")
    sql.run("metering", "add_true_ups")
