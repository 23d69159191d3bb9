"""Kill what can be killed while events come in: `make test-faults`.

The demo's stream (the lives of six real machines and a month of real runs) goes twice through the running
product, by HTTP, broker and database. The first time nobody disturbs it. The second time worker, web server,
PostgreSQL and broker are killed at random moments of ingestion, mediation and rating, and at last the worker
is made deaf. Both must end with the same charges, and no acknowledged event may be lost.

Then 500 accounts are billed month by month, undisturbed and while worker and PostgreSQL are killed: each has
exactly one invoice a month, the numbers are contiguous, and all is as undisturbed. Ends with 1 if anything
differs.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import random
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.table import Table

FOLDER = ".local/faults"
os.environ["MERIDIAN_LOCAL_DIR"] = FOLDER  # before anything asks where the servers are

from billing_site.demo.streams import demo_events  # noqa: E402
from billing_site.local.places import local_folder  # noqa: E402
from tests.faults import billing  # noqa: E402
from tests.faults.killing import Kill, Killed, catch_up, plan, run_with_kills  # noqa: E402
from tests.faults.outcome import Outcome, differences, what_followed  # noqa: E402
from tests.faults.sending import Sender  # noqa: E402
from tests.faults.servers import Servers  # noqa: E402
from tests.faults.watching import Watcher  # noqa: E402
from tests.faults.world import copy_world, leave_database, make_database, open_demo_house  # noqa: E402


def main() -> int:
    """Do both parts, each undisturbed and disturbed; print what was killed when, and compare."""
    parser = argparse.ArgumentParser(prog="test-faults", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--kills", type=int, default=20, help="in each part, not counting the broker")
    parser.add_argument("--only", choices=("ingestion", "billing"), help="one part")
    options = parser.parse_args()
    console = Console(width=140, highlight=False)
    console.print(f"Seed {options.seed} (make test-faults SEED={options.seed} draws the same kills)")
    with _alone():
        Servers(local_folder()).stop()
        shutil.rmtree(local_folder())
        play = Play(console, Servers(local_folder()), options.seed, options.kills)
        try:
            if options.only != "billing":
                play.ingestion()
            if options.only != "ingestion":
                play.billing()
        finally:
            play.servers.stop()
    for sentence in play.wrong:
        console.print(f"[red]FAIL[/red] {sentence}")
    if not play.wrong:
        console.print("[green]ok[/green]   all as in the undisturbed run, nothing acknowledged was lost")
    return 1 if play.wrong else 0


@contextmanager
def _alone() -> Iterator[None]:
    """Wait for another run of this checkout, which has its servers in the same folder."""
    local_folder().parent.mkdir(exist_ok=True)
    with local_folder().with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Play:
    """The two parts, on servers of their own."""

    def __init__(self, console: Console, servers: Servers, seed: int, kills: int) -> None:
        self.servers, self.wrong = servers, list[str]()
        self._console, self._seed, self._kills = console, seed, kills
        self._began = time.monotonic()
        make_database(servers.database_url("meridian"))

    def ingestion(self) -> None:
        """Send the demo's stream."""
        key = open_demo_house()
        events = demo_events()
        outcomes = []
        for database, planned in self._databases("stream", plan(random.Random(self._seed), self._kills)):
            chance = random.Random(self._seed)
            watcher = Watcher(partial(self.servers.database_url, database))
            sender = Sender(events, chance=chance, base_url=self.servers.base_url, key=key)
            self._show(run_with_kills(self.servers, sender, watcher, planned, chance))
            seconds = catch_up(self.servers, sender, watcher)
            if seconds is None:
                self.wrong.append(f"{database}: {watcher.waiting()} batches and months still wait")
            else:
                self._say(f"caught up in {seconds:.1f} s; {sender.retries:,} batches had to be sent again")
            lost = watcher.lost({(event["source"], event["id"]) for event in events})
            if lost:
                self.wrong.append(f"{database}: {len(lost)} events are not there, such as {min(lost)}")
            self.wrong += [f"{database}: {sentence}" for sentence in sender.wrong]
            outcomes.append(what_followed(watcher))
            watcher.forget()
        self._compare(outcomes)

    def billing(self) -> None:
        """Bill 500 accounts."""
        key = billing.open_customers()
        outcomes = []
        planned = billing.plan(random.Random(self._seed), self._kills)
        for database, kills in self._databases("billed", planned):
            watcher = Watcher(partial(self.servers.database_url, database))
            chance = random.Random(self._seed)
            done = self._show(billing.bill_with_kills(self.servers, watcher, key, kills, chance))
            if done < len(kills):
                self.wrong.append(f"{database}: billed before {len(kills)} kills, there were only {done}")
            outcomes.append(billing.what_was_billed(watcher))
            self.wrong += [f"{database}: {sentence}" for sentence in billing.not_contiguous(outcomes[-1])]
            watcher.forget()
        self._compare(outcomes)

    def _databases(self, name: str, kills: Sequence[Kill]) -> Iterator[tuple[str, list[Kill]]]:
        """Run the product on a copy of what was made, without the kills, and on another one with them."""
        leave_database()
        copies = {f"{name}_undisturbed": list[Kill](), f"{name}_disturbed": list(kills)}
        for database in copies:
            copy_world(self.servers.database_url("postgres"), "meridian", database)
        for database, planned in copies.items():
            self._say(f"{database}: {len(planned)} kills")
            self.servers.start(database)
            yield database, planned
            self.servers.end()

    def _show(self, kills: Iterable[Killed]) -> int:
        """Tell each kill when it is done, and all of them as a table; return how many there were."""
        table = Table("no.", "killed", "moment", "what happened")
        for number, killed in enumerate(kills, 1):
            self._say(f"kill {number}: {killed.victim}, {killed.moment}")
            table.add_row(str(number), killed.victim, killed.moment, killed.happened)
        if table.rows:
            self._console.print(table)
        return len(table.rows)

    def _compare(self, outcomes: list[Outcome]) -> None:
        self._say(", ".join(f"{facts.total():,} {name}" for name, facts in outcomes[0].items()))
        self.wrong += differences(*outcomes)

    def _say(self, sentence: str) -> None:
        self._console.print(f"{time.monotonic() - self._began:5.0f} s  {sentence}")


if __name__ == "__main__":
    sys.exit(main())
