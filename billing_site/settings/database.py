"""The one PostgreSQL database, from DATABASE_URL."""

from typing import Any

import environ

# Without these the session of a machine that vanished keeps its locks for two hours, and the one of a killed
# process until its statement ends.
_NOTICE_DEAD_CLIENTS = (
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 "
    "-c client_connection_check_interval=5s"
)
_POOL_SECONDS = 5


def database_from_environment(env: environ.Env, *, pool: bool) -> dict[str, Any]:
    """Give Django's DATABASES entry; `pool` keeps connections in psycopg's pool (servers, not commands)."""
    database = env.db_url("DATABASE_URL", engine="django.db.backends.postgresql")
    options = database.setdefault("OPTIONS", {})
    # A socket directory stands in the query (?host=/dir), because a URL's host cannot hold slashes.
    if "host" in options:
        database["HOST"] = options.pop("host")
    if "port" in options:
        database["PORT"] = options.pop("port")
    options.setdefault("options", _NOTICE_DEAD_CLIENTS)
    if pool:
        options["pool"] = {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL_SIZE", default=8),
            "timeout": _POOL_SECONDS,
            # Attempts wait longer and longer, after an outage minutes; instead the next request tries anew.
            "reconnect_timeout": _POOL_SECONDS,
        }
    database["CONN_MAX_AGE"] = 0
    database["ATOMIC_REQUESTS"] = False
    return database
