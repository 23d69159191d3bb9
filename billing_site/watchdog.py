"""End a worker that lives and does not consume, so that its supervisor starts another.

After its broker was away a worker may go on without taking messages. Nothing is lost by that, for jobs find
their work in PostgreSQL, but nothing gets done either. A worker that has nothing to do, takes nothing and
sees messages wait all the while is such a one.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from celery import Celery
from celery.signals import worker_ready
from celery.worker import state
from kombu import Connection
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

_LOOKS = 6  # in the time that it takes to be sure
_POLITE_SECONDS = 30.0


@dataclass
class Idleness:
    """Since when [s, monotonic] a worker could have taken a message and did not."""

    since: float | None = None
    taken: int = 0

    def look(self, *, at: float, waiting: int, taken: int, busy: bool) -> float:
        """Return for how many seconds it has been idle beside waiting messages.

        waiting: messages in the queue. taken: how many it took so far. busy: whether it works on one.
        """
        if self.since is None or not waiting or busy or taken != self.taken:
            self.since, self.taken = at, taken
        return at - self.since


@worker_ready.connect(dispatch_uid="billing_site.watchdog")
def watch(sender: object, **_: object) -> None:
    """Begin to watch this worker."""
    app: Celery = sender.app  # type: ignore[attr-defined]
    # Now, for a worker that is told to take from a queue no more forgets its name.
    queues = list(app.amqp.queues.consume_from)
    threading.Thread(target=_watch, args=(app, queues), name="watchdog", daemon=True).start()


def _watch(app: Celery, queues: Sequence[str]) -> None:
    patience: float = app.conf.worker_deaf_seconds
    idleness = Idleness()
    while True:
        time.sleep(patience / _LOOKS)
        seconds = idleness.look(
            at=time.monotonic(),
            waiting=messages_in(app, queues),
            taken=state.all_total_count[0],
            busy=bool(state.reserved_requests),
        )
        if seconds >= patience:
            log.critical("worker_deaf", seconds=int(seconds), what_follows="it ends, to be started anew")
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(_POLITE_SECONDS)
            os._exit(1)  # it did not even hear that; it works on nothing, so nothing is cut off


def messages_in(app: Celery, queues: Sequence[str]) -> int:
    """Count the messages that wait; none while the broker is away, for then nobody can take any."""
    broker = app.connection_for_read()
    try:
        with broker:
            return sum(_length(broker, queue) for queue in queues)
    except (OperationalError, *broker.connection_errors):  # the first, if it cannot even be reached
        return 0


def _length(broker: Connection, queue: str) -> int:
    try:
        return int(broker.default_channel.queue_declare(queue, passive=True).message_count)
    except broker.channel_errors:  # a queue without messages is not there
        return 0
