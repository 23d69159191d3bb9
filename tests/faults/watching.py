"""What the database is at, seen from outside by a session of its own that a killed server takes with it."""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg

from tests.faults.sending import Identity

INGESTION, MEDIATION, RATING = "ingestion", "mediation", "rating"
# What only one phase says. Mediation holds the only advisory lock; its statements and those of rating name
# the working tables of their own.
_PHASES = """
SELECT CASE WHEN query ~ 'metering_eventidentity|COPY|ingestbatch' THEN 'ingestion'
            WHEN query ~ 'rating_period|used_time|rated_quantity|target_charge|wanted_charge' THEN 'rating'
            WHEN query ~ 'touched_resource|rebuilt_interval|judged_usage|timeline|series_gap|advisory'
            THEN 'mediation' END AS phase,
       state, left(regexp_replace(regexp_replace(query, '--[^\\n]*\\n', '', 'g'), '\\s+', ' ', 'g'), 44)
  FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""


class Watcher:
    """Asks again and again; without an answer while PostgreSQL is away."""

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._connection: psycopg.Connection | None = None

    def rows(self, query: str, parameters: list[object] | None = None) -> list[tuple]:
        """Ask, waiting for a server that comes back."""
        deadline = time.monotonic() + 120
        while True:
            try:
                if self._connection is None:
                    self._connection = psycopg.connect(self._url(), autocommit=True)
                return self._connection.execute(query, parameters).fetchall()
            except psycopg.OperationalError:
                self.forget()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def forget(self) -> None:
        """Close the session: the server it was with is gone, or a database is to be copied."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def wait_for(self, phase: str, seconds: float, meanwhile: Callable[[], object]) -> str:
        """Return what is said in the phase as soon as it is seen, or "" after so many seconds."""
        deadline = time.monotonic() + seconds
        looks = 0
        while time.monotonic() < deadline:
            for seen, _, said in self.rows(_PHASES):
                if seen == phase:
                    return str(said)
            looks += 1
            if looks % 200 == 0:
                meanwhile()
            time.sleep(0.003)
        return ""

    def doing(self) -> str:
        """Name the phases that are under way."""
        return " and ".join(sorted({seen for seen, _, _ in self.rows(_PHASES) if seen}))

    def lost(self, acknowledged: set[Identity]) -> set[Identity]:
        """Return those of the acknowledged events that are not known, or have no row, or more than one."""
        stored = self.rows(
            """
            SELECT i.source, i.event_id
              FROM metering_eventidentity i
              LEFT JOIN metering_lifecycleevent l ON l.uid = i.uid AND l.time = i.time
              LEFT JOIN metering_usageevent u ON u.uid = i.uid AND u.time = i.time
             GROUP BY i.head_office_id, i.source, i.event_id
            HAVING count(l.uid) + count(u.uid) = 1
            """
        )
        return acknowledged - set(stored)

    def waiting(self) -> tuple[int, int]:
        """Count the batches that wait for mediation, and the months that wait for rating."""
        ((batches, months),) = self.rows(
            """
            SELECT (SELECT count(*) FROM metering_ingestbatch WHERE mediated_at IS NULL),
                   (SELECT count(*) FROM metering_accountperiod WHERE stale AND period_start < now())
            """
        )
        return batches, months
