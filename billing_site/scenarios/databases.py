"""A fresh database for each story, copied from a template that is migrated once and kept.

The template's name holds a hash of all migrations, so that another state of them has another template. Every
session holds advisory locks for what it uses: commands side by side share a template, wait while one of them
builds it, and clear away only what no living command uses.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

PREFIX = "meridian_scenario"


class ScenarioDatabases:
    """A session with the server that copies the template for one story after the other."""

    def __init__(self, server: BaseDatabaseWrapper) -> None:
        self._server = server
        self._template = f"{PREFIX}_template_{migrations_hash()}"
        self._session = f"{PREFIX}_copy_{os.urandom(6).hex()}"
        self._copies = 0

    @contextmanager
    def copy(self) -> Iterator[None]:
        """Make the default connection one to a fresh copy of the template, dropped afterwards."""
        self._copies += 1
        name = f"{self._session}_{self._copies}"
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, self._template)
        try:
            with connected_to(name):
                yield
        finally:
            self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def prepare(self) -> None:
        """Build the template unless it is there, and clear away what killed commands left behind."""
        self._lock("pg_advisory_lock", self._session)
        self._lock("pg_advisory_lock_shared", self._template)
        while self._template not in self._databases():
            self._lock("pg_advisory_unlock_shared", self._template)
            self._lock("pg_advisory_lock", self._template)
            if self._template not in self._databases():
                self._build_template()
            self._lock("pg_advisory_unlock", self._template)
            self._lock("pg_advisory_lock_shared", self._template)
        self._clear_away()

    def _clear_away(self) -> None:
        for name in self._databases():
            owner = name if name.startswith(f"{PREFIX}_template") else name.rpartition("_")[0]
            if owner not in (self._template, self._session) and self._lock("pg_try_advisory_lock", owner):
                self._drop(name)
                self._lock("pg_advisory_unlock", owner)

    def _build_template(self) -> None:
        unfinished = f"{self._session}_template"
        self._execute("CREATE DATABASE {} TEMPLATE template0", unfinished)
        try:
            with connected_to(unfinished):
                self._migrate()
            self._execute("ALTER DATABASE {} RENAME TO {}", unfinished, self._template)
        except BaseException:
            self._drop(unfinished)
            raise
        # Nobody, not even a monitor, may connect: a template in use cannot be copied.
        self._execute("ALTER DATABASE {} ALLOW_CONNECTIONS false", self._template)

    def _migrate(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)

    def _databases(self) -> list[str]:
        with self._server.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{PREFIX}_"])
            return [name for (name,) in cursor.fetchall()]

    def _drop(self, name: str) -> None:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _lock(self, function: str, name: str) -> bool:
        """Call an advisory lock function; only the ones that try may return False."""
        statement = sql.SQL("SELECT coalesce({}(hashtextextended(%s, 0))::text, '') <> 'false'")
        with self._server.cursor() as cursor:
            cursor.execute(statement.format(sql.Identifier(function)), [name])
            return bool(cursor.fetchone()[0])

    def _execute(self, statement: str, *names: str) -> None:
        with self._server.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def scenario_databases() -> Iterator[ScenarioDatabases]:
    """Hold a session with the server of the default connection; the template is ready."""
    server = connections[DEFAULT_DB_ALIAS].copy()
    # Locks are by database: all sessions must meet in one, whichever the default connection is to.
    server.settings_dict = {**server.settings_dict, "NAME": "postgres"}
    try:
        databases = ScenarioDatabases(server)
        databases.prepare()
        yield databases
    finally:
        server.close()


def migrations_hash() -> str:
    """A hash of the names and contents of all migrations of the installed apps, and of what they read."""
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        for pattern in ("migrations/*.py", "data/*.csv"):
            for path in sorted(Path(app.path).glob(pattern)):
                digest.update(f"{app.label}/{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Turn the default connection to another database of the same server."""
    connection = connections[DEFAULT_DB_ALIAS]
    before = connection.settings_dict["NAME"]
    _turn(connection, name)
    try:
        yield
    finally:
        _turn(connection, before)


def _turn(connection: BaseDatabaseWrapper, name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
