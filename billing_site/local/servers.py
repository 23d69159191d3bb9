"""Find or start the servers of this checkout and say where they are, in DATABASE_URL and BROKER_URL.

A variable that is set already is obeyed: then nothing is started.
"""

import os

from billing_site.local.embedded_server import EmbeddedServer, ServerTrouble
from billing_site.local.places import local_folder
from billing_site.local.postgres import Postgres
from billing_site.local.valkey import Valkey

__all__ = ["ServerTrouble", "ensure_broker", "ensure_database", "ensure_servers", "stop_servers"]


def ensure_servers(*, durable: bool = True) -> None:
    """Set DATABASE_URL and BROKER_URL to running servers. Raises ServerTrouble."""
    ensure_database(durable=durable)
    ensure_broker(durable=durable)


def ensure_database(*, durable: bool = True) -> None:
    """Set DATABASE_URL; `durable=False` means another cluster, for tests, that gives up safety for speed."""
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _postgres(durable=durable).ensure()


def ensure_broker(*, durable: bool = True) -> None:
    """Set BROKER_URL; `durable=False` means another broker, for tests, that keeps nothing on disk."""
    if not os.environ.get("BROKER_URL"):
        os.environ["BROKER_URL"] = _valkey(durable=durable).ensure()


def stop_servers() -> list[str]:
    """End every server that this checkout started; their folders."""
    servers: list[EmbeddedServer] = [
        kind(durable=durable) for kind in (_valkey, _postgres) for durable in (True, False)
    ]
    return [str(server.home) for server in servers if server.stop()]


def _postgres(*, durable: bool) -> Postgres:
    return Postgres(local_folder() / ("postgres" if durable else "test/postgres"), durable=durable)


def _valkey(*, durable: bool) -> Valkey:
    return Valkey(local_folder() / ("valkey" if durable else "test/valkey"), durable=durable)
