"""Kill what can be killed while events come in: `make test-faults`.

The demo's stream (the lives of six real machines and a month of real runs) goes twice through the running
product, by HTTP, broker and database. The first time nobody disturbs it. The second time worker, web server,
PostgreSQL and broker are killed at random moments of ingestion, mediation and rating, and at last the worker
is made deaf. Both must end with the same charges, and no acknowledged event may be lost. Ends with 1 if
anything differs.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.table import Table

FOLDER = ".local/faults"
os.environ["MERIDIAN_LOCAL_DIR"] = FOLDER  # before anything asks where the servers are

from billing_site.demo.streams import demo_events  # noqa: E402
from billing_site.local.places import local_folder  # noqa: E402
from tests.faults.killing import catch_up, plan, run_with_kills  # noqa: E402
from tests.faults.outcome import differences, what_followed  # noqa: E402
from tests.faults.sending import Sender  # noqa: E402
from tests.faults.servers import Servers  # noqa: E402
from tests.faults.watching import Watcher  # noqa: E402
from tests.faults.world import copy_world, open_world  # noqa: E402


def main() -> int:
    """Run both, print what was killed when, and compare."""
    parser = argparse.ArgumentParser(prog="test-faults", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--kills", type=int, default=20, help="of worker, web server and PostgreSQL together")
    options = parser.parse_args()
    console = Console(width=140, highlight=False)
    console.print(f"Seed {options.seed} (make test-faults SEED={options.seed} draws the same kills)")
    with _alone():
        Servers(local_folder()).stop()
        shutil.rmtree(local_folder())
        servers = Servers(local_folder())
        try:
            wrong = _run(console, servers, options.seed, options.kills)
        finally:
            servers.stop()
    for sentence in wrong:
        console.print(f"[red]FAIL[/red] {sentence}")
    if not wrong:
        console.print("[green]ok[/green]   the same charges, nothing acknowledged was lost")
    return 1 if wrong else 0


@contextmanager
def _alone() -> Iterator[None]:
    """Wait for another run of this checkout, which has its servers in the same folder."""
    local_folder().parent.mkdir(exist_ok=True)
    with local_folder().with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(console: Console, servers: Servers, seed: int, kills: int) -> list[str]:
    began = time.monotonic()
    key = open_world(servers.database_url("meridian"))
    for database in ("undisturbed", "disturbed"):
        copy_world(servers.database_url("postgres"), "meridian", database)
    events = demo_events()
    outcomes, wrong = [], []
    for database, planned in (("undisturbed", []), ("disturbed", plan(random.Random(seed), kills))):
        chance = random.Random(seed)
        console.print(
            f"{time.monotonic() - began:5.0f} s  {database}: {len(events):,} events, {len(planned)} kills"
        )
        servers.start(database)
        watcher = Watcher(partial(servers.database_url, database))
        sender = Sender(events, chance=chance, base_url=servers.base_url, key=key)
        table = Table("no.", "killed", "moment", "what happened")
        for number, killed in enumerate(run_with_kills(servers, sender, watcher, planned, chance), 1):
            console.print(
                f"{time.monotonic() - began:5.0f} s  kill {number}: {killed.victim}, {killed.moment}"
            )
            table.add_row(str(number), killed.victim, killed.moment, killed.happened)
        seconds = catch_up(servers, sender, watcher)
        if table.rows:
            console.print(table)
        if seconds is None:
            wrong.append(f"{database}: {watcher.waiting()} batches and months still wait")
        else:
            console.print(
                f"{time.monotonic() - began:5.0f} s  {database}: caught up in {seconds:.1f} s; "
                f"{sender.retries:,} batches had to be sent again"
            )
        lost = watcher.lost({(event["source"], event["id"]) for event in events})
        if lost:
            wrong.append(f"{database}: {len(lost)} events are not there, such as {min(lost)}")
        wrong += [f"{database}: {sentence}" for sentence in sender.wrong]
        outcomes.append(what_followed(watcher))
        watcher.forget()
        servers.end()
    console.print(", ".join(f"{facts.total():,} {name}" for name, facts in outcomes[0].items()))
    return [*wrong, *differences(*outcomes)]


if __name__ == "__main__":
    sys.exit(main())
