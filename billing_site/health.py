"""Whether this process lives, and whether it can serve."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from kombu import Connection
from kombu.exceptions import OperationalError
from psycopg_pool import PoolTimeout

from billing_site.common.clock import now
from metering.selectors.unrated import jobs_behind

_BROKER_SECONDS = 2


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer as long as the process can; asking nobody, so that a broken database restarts no web server."""
    return JsonResponse({"status": "ok"})


def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 if requests can be served, else 503 and, by name, what is missing and what to do."""
    checks: dict[str, Callable[[], str]] = {
        "database": _database,
        "migrations": _migrations,
        "broker": _broker,
    }
    found = {name: check() for name, check in checks.items()}
    is_ready = all(state == "ok" for state in found.values())
    # Worth an alarm, and no reason to take a web server out: it can serve.
    notes = {"unrated": jobs_behind(at=now()) or "ok"} if is_ready else {}
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "checks": found, "notes": notes},
        status=200 if is_ready else 503,
    )


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, PoolTimeout):
        return "The database of DATABASE_URL does not answer; start it or correct the address."
    return "ok"


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, PoolTimeout):
        return "Unknown while the database does not answer."
    return f"{len(waiting)} wait; run manage.py migrate." if waiting else "ok"


def _broker() -> str:
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=_BROKER_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=_BROKER_SECONDS)
    except (OperationalError, OSError, ValueError):
        return "The broker of BROKER_URL does not answer; start it or correct the address."
    return "ok"
