"""The product as separate processes, each of which can be killed and comes back as under a supervisor."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from celery import Celery

from billing_site.local.embedded_server import EmbeddedServer
from billing_site.local.postgres import Postgres
from billing_site.local.processes import marker_of, with_title
from billing_site.local.valkey import Valkey
from billing_site.processes import beat_command, free_port, wait_until_ready, web_command, worker_command

WEB, WORKER, POSTGRES, BROKER = "web server", "worker", "PostgreSQL", "broker"
_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "billing_site.settings.production",
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "127.0.0.1",
    "SECURE_SSL_REDIRECT": "off",
    "LOG_LEVEL": "WARNING",
    "WORKER_DEAF_SECONDS": "15",
}


class Servers:
    """PostgreSQL and Valkey with their data in a folder, and the processes of the product on one database.

    Database and broker write to disk as in production: what they answered for must be there after a kill.
    """

    def __init__(self, folder: Path, *, concurrency: int = 2) -> None:
        self.postgres = Postgres(folder / "postgres", durable=True)
        self.valkey = Valkey(folder / "valkey", durable=True)
        self.restarts: Counter[str] = Counter()
        self._logs = folder / "logs"
        self._logs.mkdir(parents=True, exist_ok=True)
        self._port = free_port()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._environment: dict[str, str] = {}
        self._commands = {
            WEB: web_command(self._port, workers=2),
            # Documents are left to other machines: half an hour of rendering would show nothing here.
            WORKER: worker_command(queue="celery", concurrency=concurrency),
            "beat": beat_command(),
        }

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self, database: str) -> None:
        """Start the product on a database of the cluster and return when it answers."""
        self._environment = {
            **os.environ,
            **_PRODUCTION,
            "DATABASE_URL": self.database_url(database),
            "BROKER_URL": self.valkey.ensure(),
        }
        for name in self._commands:
            self._start(name)
        self.wait_for_web()

    def wait_for_web(self) -> None:
        """Return when the web server is ready again."""
        wait_until_ready(self.base_url, self._processes[WEB])

    def database_url(self, database: str) -> str:
        """The address of a database of the running cluster."""
        return self.postgres.ensure().replace("/meridian?", f"/{database}?")

    def end(self) -> None:
        """End the product politely; database and broker go on."""
        for process in self._processes.values():
            process.terminate()
        for name, process in self._processes.items():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                self._kill_group(name)
        self._processes.clear()

    def stop(self) -> None:
        """End everything."""
        for name in self._processes:
            self._kill_group(name)
        self.valkey.stop()
        self.postgres.stop()

    def kill(self, victim: str, chance: random.Random) -> str:
        """Kill -9 the victim, as a whole or one process of it, and say which."""
        one_only = chance.random() < 0.35
        if victim == POSTGRES:
            return self._kill_postgres(chance, one_only)
        if victim == BROKER:
            return self._kill_server(self.valkey, "the broker")
        children = _children(self._processes[victim].pid)
        if one_only and children:
            os.kill(chance.choice(children), signal.SIGKILL)
            return f"one process of the {victim}"
        self._kill_group(victim)
        return f"the {victim}"

    def deafen_worker(self) -> None:
        """Tell the worker to take no more messages; it lives on."""
        with Celery(broker=self.valkey.url()) as celery:
            heard = celery.control.cancel_consumer("celery", reply=True, timeout=20)
        assert heard, "the worker did not answer"

    def bring_back(self) -> list[str]:
        """Start again whatever is not there any more, as a supervisor does; return its names."""
        gone: list[str] = []
        for server in (self.postgres, self.valkey):
            if not server.is_ready():
                server.ensure()
                gone.append(server.title)
        for name, process in self._processes.items():
            if process.poll() is not None:
                self._kill_group(name)
                self._start(name)
                gone.append(name)
        self.restarts.update(gone)
        return gone

    def log_of(self, name: str) -> Path:
        return self._logs / f"{name.replace(' ', '-')}.log"

    def _start(self, name: str) -> None:
        with self.log_of(name).open("ab") as log:
            self._processes[name] = subprocess.Popen(
                self._commands[name],
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _kill_group(self, name: str) -> None:
        process = self._processes[name]
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        finally:
            process.wait()

    def _kill_postgres(self, chance: random.Random, one_only: bool) -> str:
        sessions = with_title(f"postgres: {marker_of(self.postgres.data_folder())}: meridian ")
        if one_only and sessions:
            _kill_if_there(chance.choice(sessions))
            return "one session of PostgreSQL"
        return self._kill_server(self.postgres, "PostgreSQL")

    def _kill_server(self, server: EmbeddedServer, name: str) -> str:
        pid = server.pid()
        assert pid is not None, f"{name} was not running"
        os.kill(pid, signal.SIGKILL)
        if isinstance(server, Postgres):
            # Like a machine that is switched off: no session lives on to commit.
            for session in with_title(f"postgres: {marker_of(server.data_folder())}:"):
                _kill_if_there(session)
        return name


def wait(condition: Callable[[], bool], seconds: float, *, meanwhile: Callable[[], object]) -> bool:
    """Whether the condition came true in so many seconds; `meanwhile` is done again and again."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        meanwhile()
        time.sleep(0.2)
    return True


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def _kill_if_there(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
