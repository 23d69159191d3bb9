"""The one PostgreSQL database, from DATABASE_URL."""

from typing import Any

import environ


def database_from_environment(env: environ.Env, *, pool: bool) -> dict[str, Any]:
    """Give Django's DATABASES entry; `pool` keeps connections in psycopg's pool (servers, not commands)."""
    database = env.db_url("DATABASE_URL", engine="django.db.backends.postgresql")
    options = database.setdefault("OPTIONS", {})
    # A socket directory stands in the query (?host=/dir), because a URL's host cannot hold slashes.
    if "host" in options:
        database["HOST"] = options.pop("host")
    if "port" in options:
        database["PORT"] = options.pop("port")
    if pool:
        options["pool"] = {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=8), "timeout": 5}
    database["CONN_MAX_AGE"] = 0
    database["ATOMIC_REQUESTS"] = False
    return database
