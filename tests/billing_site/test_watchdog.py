"""When a worker is taken for deaf. That it then ends and comes back is shown by `make test-faults`."""

import pytest

from billing_site.watchdog import Idleness

IDLE = {"waiting": 3, "taken": 7, "busy": False}


def test_idle_beside_waiting_messages_adds_up():
    idleness = Idleness()
    assert [idleness.look(at=at, **IDLE) for at in (100.0, 110.0, 120.0)] == [0.0, 10.0, 20.0]


@pytest.mark.parametrize(
    "sign", [{"waiting": 0}, {"taken": 8}, {"busy": True}], ids=lambda sign: next(iter(sign))
)
def test_a_sign_of_life_or_no_message_begins_anew(sign):
    idleness = Idleness()
    assert [idleness.look(at=at, **IDLE) for at in (100.0, 110.0)] == [0.0, 10.0]
    assert idleness.look(at=120.0, **{**IDLE, **sign}) == 0.0
    assert idleness.look(at=130.0, **{**IDLE, "taken": sign.get("taken", 7)}) == 10.0
