"""Real servers in folders of the test: nothing here touches those of the checkout."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from billing_site.local.postgres import Postgres
from billing_site.local.valkey import Valkey


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder that other users may enter: pytest's own are long and closed."""
    path = Path(tempfile.mkdtemp(prefix="mt-"))
    path.chmod(0o755)
    yield path
    for home in path.rglob("data"):
        Postgres(home.parent, durable=False).stop()
    for pid_file in path.rglob("valkey.pid"):
        Valkey(pid_file.parent, durable=False).stop()
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def made_cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster that was made and never started, for tests of what comes after."""
    server = Postgres(tmp_path_factory.mktemp("cluster") / "postgres", durable=False)
    server.prepare()
    return server.home


@pytest.fixture
def postgres(folder: Path, made_cluster: Path) -> Postgres:
    """A server of its own that is not running yet."""
    subprocess.run(["cp", "-a", made_cluster, folder / "postgres"], check=True)
    return Postgres(folder / "postgres", durable=False)


@pytest.fixture
def valkey(folder: Path) -> Valkey:
    return Valkey(folder / "valkey", durable=True)


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(question)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None
