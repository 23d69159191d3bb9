"""Clients that send at least once and keep what was acknowledged."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Sequence

from billing_site.demo.cloud_events import CloudEvent
from billing_site.demo.delivery import EventResult, Retry, connect, send

BATCH = 60
_RETRY = Retry(attempts=10_000, first_wait=0.05, longest_wait=1.0)
Identity = tuple[str, str]


class Sender:
    """Sends a stream in random order, a part of it twice, over two connections at once, in portions."""

    def __init__(
        self, events: Sequence[CloudEvent], *, chance: random.Random, base_url: str, key: str
    ) -> None:
        stream = [*events, *chance.sample(list(events), k=len(events) // 20)]
        chance.shuffle(stream)
        self._batches = [stream[start : start + BATCH] for start in range(0, len(stream), BATCH)]
        self._base_url, self._key = base_url, key
        self._lock = threading.Lock()
        self.acknowledged: set[Identity] = set()
        self.answers: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.retries = 0
        self._accepted: set[Identity] = set()
        self._running: list[threading.Thread] = []

    def start_portion(self, portions_left: int) -> None:
        """Begin to send the next portion of what is left; return at once."""
        count = max(2, len(self._batches) // portions_left) if portions_left > 1 else len(self._batches)
        portion, self._batches = self._batches[:count], self._batches[count:]
        for part in range(2):
            thread = threading.Thread(target=self._send, args=(portion[part::2],), daemon=True)
            thread.start()
            self._running.append(thread)

    @property
    def is_sending(self) -> bool:
        return any(thread.is_alive() for thread in self._running)

    def _send(self, batches: list[list[CloudEvent]]) -> None:
        with connect(self._base_url, self._key) as client:
            for batch in batches:
                try:
                    for outcome in send(client, batch, batch_size=BATCH, retry=_RETRY):
                        self._keep(outcome.results, outcome.attempts)
                except Exception as problem:  # noqa: BLE001 - told at the end, where it fails the run
                    self.wrong.append(f"the client gave up: {problem}")
                    return

    def _keep(self, results: Sequence[EventResult], attempts: int) -> None:
        with self._lock:
            self.retries += attempts - 1
            for result in results:
                identity = (result.source, result.id)
                self.answers[result.status] += 1
                if result.status == "accepted":
                    if identity in self._accepted:
                        self.wrong.append(f"{identity} was accepted twice: the first time was lost")
                    self._accepted.add(identity)
                elif result.status != "duplicate":
                    self.wrong.append(f"{identity} was answered {result.status}: {result.detail}")
                self.acknowledged.add(identity)
