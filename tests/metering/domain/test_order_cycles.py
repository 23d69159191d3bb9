"""Which cycles of an order are due when, and what of their fee, worked out by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.price_models import Graduated, PerUnit, Tier
from catalogue.domain.terms import PriceTerms
from metering.domain.order_cycles import OrderedTime, due_cycles, fee_of_cycle

DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))


def day(written: str) -> date:
    return date.fromisoformat(written)


def told(order: OrderedTime, until: str) -> list[tuple[str, str, str, str]]:
    """Billed part, the month that is charged, and the share, of each cycle due by a day."""
    return [
        (str(due.part.starts_on), str(due.part.ends_on), f"{due.month:%Y-%m}", str(due.share))
        for due in due_cycles(order, day(until))
    ]


def test_a_month_in_arrears_is_due_when_it_ends():
    order = OrderedTime(day("2026-02-15"))

    assert told(order, "2026-03-31") == [("2026-02-15", "2026-03-01", "2026-02", "1/2")]
    assert told(order, "2026-04-01")[1:] == [("2026-03-01", "2026-04-01", "2026-03", "1")]


def test_a_month_in_advance_stands_on_the_invoice_of_the_month_before():
    order = OrderedTime(day("2026-02-15"), in_advance=True)

    assert told(order, "2026-03-01") == [
        ("2026-02-15", "2026-03-01", "2026-02", "1/2"),
        ("2026-03-01", "2026-04-01", "2026-02", "1"),
    ]


def test_an_order_in_advance_from_the_first_is_due_as_the_month_before_ends():
    assert told(OrderedTime(day("2026-03-01"), in_advance=True), "2026-03-01") == [
        ("2026-03-01", "2026-04-01", "2026-02", "1")
    ]


def test_an_order_that_ends_is_due_at_its_end():
    order = OrderedTime(day("2026-01-10"), day("2026-05-20"), rhythm="annual")

    # 10 January to 20 May are 130 days of 365
    assert told(order, "2026-05-19") == []
    assert told(order, "2026-05-20") == [("2026-01-10", "2026-05-20", "2026-05", "26/73")]


def test_a_year_from_29_february_comes_back_to_it():
    order = OrderedTime(day("2024-02-29"), rhythm="annual", in_advance=True)

    assert [due.due_on.isoformat() for due in due_cycles(order, day("2028-12-31"))] == [
        "2024-02-29",
        "2025-02-28",
        "2026-02-28",
        "2027-02-28",
        "2028-02-29",
    ]


def test_what_is_charged_once_is_due_at_the_end_of_its_day():
    order = OrderedTime(day("2026-03-31"), rhythm="once", in_advance=True)

    assert told(order, "2026-03-31") == []
    assert told(order, "2026-04-01") == [("2026-03-31", "2026-04-01", "2026-03", "1")]


def test_without_proration_every_cycle_begun_costs_the_whole_fee():
    order = OrderedTime(day("2026-06-30"), day("2026-07-02"), is_prorated=False)

    assert told(order, "2026-08-01") == [
        ("2026-06-30", "2026-07-01", "2026-06", "1"),
        ("2026-07-01", "2026-07-02", "2026-07", "1"),
    ]


def test_days_that_were_billed_elsewhere_are_left_out():
    monthly = OrderedTime(day("2019-05-10"), charged_from=day("2026-09-01"))
    yearly = OrderedTime(day("2019-05-10"), charged_from=day("2027-05-10"), rhythm="annual", in_advance=True)
    within = OrderedTime(day("2026-05-10"), charged_from=day("2026-09-16"), in_advance=True)

    assert told(monthly, "2026-10-01") == [("2026-09-01", "2026-10-01", "2026-09", "1")]
    assert told(yearly, "2027-05-10") == [("2027-05-10", "2028-05-10", "2027-05", "1")]
    assert told(within, "2026-09-30") == [("2026-09-16", "2026-10-01", "2026-09", "1/2")]


@pytest.mark.parametrize("ends_on", ["2026-05-01", "2026-08-31", "2026-09-01"])
def test_an_order_that_ended_elsewhere_owes_nothing(ends_on):
    order = OrderedTime(day("2026-05-01"), day(ends_on), charged_from=day("2026-09-01"))

    assert told(order, "2027-01-01") == []


@given(DAYS, st.integers(0, 900), st.sampled_from(["monthly", "annual"]), st.booleans())
def test_every_day_of_an_order_is_due_once(starts_on, days, rhythm, in_advance):
    ends_on = date.fromordinal(starts_on.toordinal() + days)
    order = OrderedTime(starts_on, ends_on, rhythm=rhythm, in_advance=in_advance)

    due = list(due_cycles(order, day("2032-01-01")))

    assert sum(one.part.days for one in due) == max(days, 1)
    assert all(one.part.ends_on == other.part.starts_on for one, other in pairwise(due))
    assert all(one.month <= other.month for one, other in pairwise(due))


def test_a_tiered_price_is_made_of_the_quantity_and_not_of_the_days():
    # 10 seats at 8 and 5 at 6 are 110; 10 days of 30 are due of it
    seats = PriceTerms(Graduated((Tier(Decimal(10), Decimal(8)), Tier(None, Decimal(6)))))

    assert fee_of_cycle(seats, [(Decimal(15), Fraction(10, 30))]) == Fraction(110, 3)


def test_orders_charged_together_owe_their_parts_of_one_fee():
    # 15 seats make 110; the 9 that ran all month owe 9/15 of it, the 6 that ran half of it 6/15 * 1/2
    seats = PriceTerms(Graduated((Tier(Decimal(10), Decimal(8)), Tier(None, Decimal(6)))), scope="account")

    assert fee_of_cycle(seats, [(Decimal(9), Fraction(1)), (Decimal(6), Fraction(1, 2))]) == 88


def test_free_units_come_off_first_and_a_cap_holds_for_the_whole_cycle():
    terms = PriceTerms(PerUnit(Decimal(10)), included=Decimal(2), cap=Decimal(60))

    assert fee_of_cycle(terms, [(Decimal(5), Fraction(1, 2))]) == 15
    assert fee_of_cycle(terms, [(Decimal(50), Fraction(1, 2))]) == 30
