from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.price_timeline import Entry, timeline

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number):
    return None if number is None else START + timedelta(days=number)


def told(*entries):
    """Stretches as (first day, day after the last, number of the entry)."""
    stretches = timeline(Entry(day(start), day(end), number) for start, end, number in entries)
    return [
        ((s.start - START).days, s.end and (s.end - START).days, s.entry and s.entry.number)
        for s in stretches
    ]


def test_nothing_entered():
    assert told() == []


def test_a_later_entry_takes_over():
    assert told((0, None, 1), (10, None, 2)) == [(0, 10, 1), (10, None, 2)]


def test_a_temporary_price_gives_way_again():
    assert told((0, None, 1), (10, 20, 2)) == [(0, 10, 1), (10, 20, 2), (20, None, 1)]


def test_entered_last_counts_at_the_same_start():
    assert told((0, None, 2), (0, 5, 3)) == [(0, 5, 3), (5, None, 2)]


def test_a_hole_and_an_end():
    assert told((0, 5, 1), (8, 9, 2)) == [(0, 5, 1), (5, 8, None), (8, 9, 2), (9, None, None)]


def test_an_entry_that_never_counts_leaves_no_border():
    assert told((5, None, 1), (0, 3, 2), (0, 10, 3)) == [(0, 5, 3), (5, None, 1)]


ENTRIES = st.lists(
    st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(1, 8)), st.integers(0, 99)),
    max_size=8,
    unique_by=lambda entry: entry[2],
)


@given(ENTRIES)
def test_stretches_tile_time_and_hold_the_rule_on_every_day(drawn):
    entries = [
        Entry(day(start), None if length is None else day(start + length), number)
        for start, length, number in drawn
    ]
    stretches = timeline(entries)
    for before, after in pairwise(stretches):
        assert before.end == after.start
        assert before.entry != after.entry
    assert not stretches or stretches[-1].end is None
    for number in range(25):
        instant = day(number)
        valid = [
            e for e in entries if e.valid_from <= instant and (e.valid_to is None or e.valid_to > instant)
        ]
        right = max(valid, key=lambda e: (e.valid_from, e.number), default=None)
        shown = [s.entry for s in stretches if s.start <= instant and (s.end is None or instant < s.end)]
        assert shown == ([right] if entries and instant >= min(e.valid_from for e in entries) else [])
