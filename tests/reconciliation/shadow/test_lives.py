"""Whose a resource is that two offices, or an office and the head office, say they created."""

import polars as pl
import pytest

from reconciliation.shadow.lives import Buyer, tell_lives

HEAD, NORTH, SOUTH = 9, 10, 20
BUYERS = {"n": Buyer(1, NORTH, HEAD), "s": Buyer(2, SOUTH, HEAD)}


def told(*events):
    """Who had the machine from when on; an event is (sender, type, account, time, received)."""
    rows = [
        {
            "resource": "vm",
            "company_id": sender,
            "source": "orders",
            "event_id": str(place),
            "time": time,
            "sequence": 0,
            "type": kind,
            "account": account,
            "items": "[]" if kind == "created" else None,
            "received": received,
        }
        for place, (sender, kind, account, time, received) in enumerate(events)
    ]
    lives = tell_lives(pl.DataFrame(rows), BUYERS, frozenset(), head_office=HEAD, until=100)
    return lives.select("account_id", "start", "end").rows()


@pytest.mark.parametrize(
    "events, expected",
    [
        pytest.param(
            [(NORTH, "created", "n", 20, 1), (SOUTH, "created", "s", 10, 2)], (1, 20, 100), id="first"
        ),
        pytest.param(
            [(SOUTH, "created", "s", 10, 1), (HEAD, "created", "n", 20, 2)], (1, 20, 100), id="head office"
        ),
        pytest.param(
            [(NORTH, "created", "n", 20, 1), (SOUTH, "decommissioned", "", 30, 2)], (1, 20, 100), id="foreign"
        ),
        pytest.param(
            [(NORTH, "created", "n", 20, 1), (NORTH, "created", "n", 10, 2)], (1, 10, 100), id="its own"
        ),
    ],
)
def test_whose_it_is(events, expected):
    assert told(*events) == [expected]
