"""What the charges of account months should be, from all that was received by an instant."""

from datetime import datetime

from billing_site.common import sql
from metering.selectors.timelines import rebuild_timelines
from metering.selectors.used_usage import collect_used_usage

# Up to so many rows the planner's own guess does no harm, and to tell it more takes longer than to rate them.
_FEW = 10_000


def compute_target_charges(*, received_by: datetime | None, with_minimums: bool = True) -> None:
    """Fill the working table `target_charge`: one row a charge of the months in `rating_period` and side.

    received_by: [instant] what was received later is left out; None: nothing. with_minimums: true-ups are
    among them. `rated_quantity` and `rated_order` are left behind, too: their rows without a price are what
    could not be priced.
    """
    sql.run("metering", "analyze_periods")
    if sql.run("metering", "touch_late_resources", {"received_by": received_by}):
        rebuild_timelines(received_by=received_by)
        sql.run("metering", "cut_intervals")
    else:
        sql.run("metering", "rebuild_no_intervals")
    if sql.run("metering", "collect_known_life") > _FEW:
        sql.run("metering", "analyze_known_life")
    used = sql.run("metering", "collect_used_time")
    used += collect_used_usage(received_by=received_by)
    orders = sql.run("metering", "collect_due_orders")
    sql.run("metering", "cut_price_segments")
    if used > _FEW:
        sql.run("metering", "analyze_used")
    sql.run("metering", "join_in_order")
    if sql.run("metering", "add_up_quantities") > _FEW:
        sql.run("metering", "analyze_rated")
    sql.run("metering", "join_as_planned")
    sql.run("metering", "find_order_prices")
    sql.run("metering", "price_quantities")
    if orders:
        sql.run("metering", "price_orders")
    sql.run("metering", "drop_endless_charges")
    if with_minimums:
        sql.run("metering", "add_true_ups")
