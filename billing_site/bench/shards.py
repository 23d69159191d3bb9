"""How two workers on shards of accounts beat one, and what ten times the charges cost in time and memory."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from django.db import connection

from billing_site.bench.figures import Figure
from billing_site.bench.memory import can_be_measured, peak_memory_here
from billing_site.bench.rating import ACCOUNTS, AS_OF, RESOURCES, empty_charges, set_up
from billing_site.bench.timing import ROUNDS, Clock
from billing_site.scenarios.databases import scenario_databases
from metering.models import AccountPeriod
from metering.services.rating import SHARDS, rate_stale_periods

ROWS = RESOURCES
WORKERS = 2
AT_LEAST_TIMES = 1.5
TIMES_THE_ROWS = 10
AT_MOST_TIMES = 11.0
AT_MOST_TIMES_MEMORY = 1.2


def figures(rows: int = ROWS) -> list[Figure]:
    """Rate a month by processes that look for their shards as Celery workers do; medians of interleaved runs.

    rows: how many resources, each of 4 charges.
    """
    clock, one, two = Clock(), "one worker", "two workers"
    tenth = "a tenth of the accounts"
    every = list(range(SHARDS))
    with scenario_databases() as databases, databases.copy():
        set_up(resources=rows, accounts=ACCOUNTS)
        # A connection must not be shared by processes: each opens its own.
        connection.close()
        with ProcessPoolExecutor(WORKERS, mp_context=get_context("fork")) as workers:
            list(workers.map(_rate, [[]] * WORKERS))
            for _ in range(ROUNDS):
                _forget(share=1)
                clock.take(one, lambda: workers.submit(_rate, every).result())
                _forget(share=1)
                clock.take(two, lambda: list(workers.map(_rate, [every[0::2], every[1::2]])))
                _forget(share=TIMES_THE_ROWS)
                clock.take(tenth, lambda: workers.submit(_rate, every).result())
            memory = _peaks(workers, every) if can_be_measured() else []
    return [
        clock.at_least(two, one, AT_LEAST_TIMES),
        clock.at_most(one, tenth, AT_MOST_TIMES),
        *memory,
    ]


def _peaks(workers: ProcessPoolExecutor, every: list[int]) -> list[Figure]:
    """Compare the peak memory of a worker and its server process over all accounts and over a tenth."""
    peaks = []
    for share in (1, TIMES_THE_ROWS):
        _forget(share=share)
        peaks.append(workers.submit(_peak, every).result() / 1_000_000)
    all_of_them, tenth = peaks
    times = all_of_them / tenth
    return [
        Figure(
            "peak private memory of one worker, beside a tenth of the accounts",
            *(all_of_them, "MB", tenth, times, f"<= {AT_MOST_TIMES_MEMORY:g}", times <= AT_MOST_TIMES_MEMORY),
        )
    ]


def _peak(shards: list[int]) -> int:
    return peak_memory_here(lambda: _rate(shards))


def _rate(shards: list[int]) -> None:
    for shard in shards:
        rate_stale_periods(as_of=AS_OF, shard=shard)


def _forget(*, share: int) -> None:
    """Leave no charge, and the month of one in so many accounts to be rated."""
    empty_charges()
    AccountPeriod.objects.update(stale=False)
    chosen = AccountPeriod.objects.order_by("account_id").values_list("pk", flat=True)
    AccountPeriod.objects.filter(pk__in=list(chosen)[: ACCOUNTS // share]).update(stale=True)
