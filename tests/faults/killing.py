"""When what is killed, and what happened then."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.faults.sending import Sender
from tests.faults.servers import BROKER, POSTGRES, WEB, WORKER, Servers, wait
from tests.faults.watching import INGESTION, MEDIATION, RATING, Watcher

_PATIENCE_SECONDS = 60.0
_CATCH_UP_SECONDS = 300.0


@dataclass(frozen=True)
class Kill:
    """What is to be killed, and in which phase: so many seconds after it was seen."""

    victim: str
    phase: str
    after: float
    down: float


@dataclass(frozen=True)
class Killed:
    """What was killed, at which moment, and what happened."""

    victim: str
    moment: str
    happened: str


def plan(chance: random.Random, kills: int) -> list[Kill]:
    """Draw `kills` of worker, web server and PostgreSQL in equal parts, and a fifth as many of the broker."""
    victims = [(WORKER, WEB, POSTGRES)[number % 3] for number in range(kills)] + [BROKER] * (kills // 5)
    chance.shuffle(victims)
    return [
        Kill(
            victim,
            chance.choice((INGESTION, MEDIATION, RATING)),
            after=chance.choice((0.0, chance.uniform(0, 0.2))),
            down=chance.choice((0.0, chance.uniform(0, 3))),
        )
        for victim in victims
    ]


def run_with_kills(
    servers: Servers, sender: Sender, watcher: Watcher, kills: list[Kill], chance: random.Random
) -> Iterator[Killed]:
    """Send a portion for each kill, kill amid it, and bring back what is gone; then send the rest."""
    for number, kill in enumerate(kills):
        _settle(servers, sender)
        sender.start_portion(len(kills) - number + 2)
        yield _kill(servers, sender, watcher, kill, chance)
    if kills:
        _settle(servers, sender)
        sender.start_portion(2)
        yield _deafen(servers)
    _settle(servers, sender)
    sender.start_portion(1)


def _settle(servers: Servers, sender: Sender) -> None:
    """Wait until the product answers and the portion before has arrived."""
    servers.wait_for_web()
    wait(lambda: not sender.is_sending, _CATCH_UP_SECONDS, meanwhile=servers.bring_back)


def catch_up(servers: Servers, sender: Sender, watcher: Watcher) -> float | None:
    """Wait until all is sent, mediated and rated; return the seconds it took, or None if it did not end."""
    began = time.monotonic()
    done = wait(
        lambda: not sender.is_sending and watcher.waiting() == (0, 0),
        _CATCH_UP_SECONDS,
        meanwhile=servers.bring_back,
    )
    return time.monotonic() - began if done else None


def _kill(servers: Servers, sender: Sender, watcher: Watcher, kill: Kill, chance: random.Random) -> Killed:
    seen = watcher.wait_for(kill.phase, _PATIENCE_SECONDS, servers.bring_back)
    time.sleep(kill.after)
    doing = watcher.doing() or "between two statements"
    victim = servers.kill(kill.victim, chance)
    down_at = time.monotonic()
    time.sleep(kill.down)
    back = servers.bring_back()
    acknowledged = set(sender.acknowledged)
    lost = watcher.lost(acknowledged)
    if lost:
        sender.wrong.append(f"{len(lost)} acknowledged events were not there after the kill of {victim}")
    happened = f"{len(acknowledged) - len(lost):,} of {len(acknowledged):,} acknowledged there"
    if back:
        happened += f"; {' and '.join(back)} started again after {time.monotonic() - down_at:.1f} s"
    moment = f"{kill.phase} + {kill.after * 1000:.0f} ms, amid {doing}" if seen else "idle"
    return Killed(victim, moment, happened)


def _deafen(servers: Servers) -> Killed:
    """Have the worker take no more messages, as it may after a broker was away; wait for the watchdog."""
    began = time.monotonic()
    servers.deafen_worker()
    back: list[str] = []
    ended = wait(
        lambda: WORKER in back, _CATCH_UP_SECONDS, meanwhile=lambda: back.extend(servers.bring_back())
    )
    happened = f"ended itself and was started again after {time.monotonic() - began:.0f} s"
    return Killed("(deaf) worker", "alive, consumes nothing", happened if ended else "stayed deaf")
