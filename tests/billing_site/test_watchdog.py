"""When a worker is taken for deaf. That it then ends and comes back is shown by `make test-faults`."""

import os

import pytest
from celery import Celery

from billing_site.watchdog import Idleness, messages_in

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


def test_messages_are_counted_in_the_real_broker_and_none_in_one_that_is_away(tmp_path):
    with Celery(broker=os.environ["BROKER_URL"]) as app:
        app.send_task("nobody.takes.it", queue="test-watchdog")
        try:
            assert messages_in(app, ["test-watchdog", "never-used"]) == 1
        finally:
            with app.connection_for_write() as broker:
                broker.default_channel.queue_purge("test-watchdog")
        assert messages_in(app, ["test-watchdog"]) == 0
    with Celery(broker=f"redis+socket://{tmp_path}/nobody.sock") as app:
        assert messages_in(app, ["celery"]) == 0
