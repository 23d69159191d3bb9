"""Clock what is measured, and put the medians beside each other."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median

from billing_site.bench.figures import Figure

ROUNDS = 3


class Clock:
    """Seconds by name: one each round, so that what is compared was measured by turns."""

    def __init__(self) -> None:
        self._seconds: dict[str, list[float]] = defaultdict(list)

    def take(self, name: str, work: Callable[[], object], *, times: int = 1) -> None:
        """Run the work and keep how long it took [s]; times: as if it had been done so often."""
        began = time.perf_counter()
        work()
        self._seconds[name].append((time.perf_counter() - began) * times)

    def median(self, name: str) -> float:
        return median(self._seconds[name])

    def at_least(self, name: str, peer: str, share: float) -> Figure:
        """How much of the peer's speed is reached, which is to be at least a share of it."""
        ratio = self.median(peer) / self.median(name)
        return self._figure(name, peer, ratio, f">= {share:g}", held=ratio >= share)

    def at_most(self, name: str, peer: str, times: float) -> Figure:
        """How many times as long as the peer it takes, which is to be at most so many."""
        ratio = self.median(name) / self.median(peer)
        return self._figure(name, peer, ratio, f"<= {times:g}", held=ratio <= times)

    def beside(self, name: str, peer: str) -> Figure:
        """How much of the peer's speed is reached, for information."""
        return self._figure(name, peer, self.median(peer) / self.median(name), "", held=True)

    def _figure(self, name: str, peer: str, ratio: float, bound: str, *, held: bool) -> Figure:
        return Figure(name, self.median(name), "s", self.median(peer), ratio, bound, held)
