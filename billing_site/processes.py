"""The processes of a running product: web server, workers and schedule, started and ended together."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from billing_site.common.errors import BillingError
from billing_site.local.places import local_folder

# A loaded machine takes a minute to load all routes; a dead server is noticed by its process.
_START_SECONDS = 180.0
_STOP_SECONDS = 20.0


class ProcessTrouble(BillingError):
    """A process of the product did not start."""

    code = "process_trouble"


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def web_command(port: int, *, workers: int = 1) -> list[str]:
    """The web server on a loopback port."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", str(workers), "--blocking-threads", "4"),
        *("--respawn-failed-workers", "--log-level", "warning", "billing_site.wsgi:application"),
    ]


def worker_commands() -> dict[str, list[str]]:
    """A worker for the documents, and one for all else, which never waits behind them; by name."""
    return {"worker": worker_command(queue="celery"), "documents": worker_command(queue="documents")}


def worker_command(*, queue: str, concurrency: int = 2) -> list[str]:
    """A worker for the jobs of a queue."""
    return [
        *(sys.executable, "-m", "celery", "-A", "billing_site.celery", "worker"),
        *("--queues", queue, "--hostname", f"{queue}@%h", "--concurrency", str(concurrency)),
        *("--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
    ]


def beat_command() -> list[str]:
    """The schedule; there must be one at a time."""
    pid_file = local_folder() / "beat.pid"
    return [
        *(sys.executable, "-m", "celery", "-A", "billing_site.celery", "beat"),
        *("--loglevel", "WARNING", "--pidfile", str(pid_file)),
    ]


@contextmanager
def running(commands: Mapping[str, Sequence[str]]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Run the commands by name until the block ends; what they say goes to `.local/logs/<name>.log`.

    Asked to end (SIGTERM, as services are), this process is interrupted as by Ctrl-C, so that none is left.
    """
    logs = local_folder() / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    processes: dict[str, subprocess.Popen[bytes]] = {}
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for name, command in commands.items():
            with log_of(name).open("wb") as log:
                processes[name] = subprocess.Popen(
                    command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
                )
        yield processes
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        signal.signal(signal.SIGTERM, before)


def log_of(name: str) -> Path:
    """Where a process writes what it says."""
    return local_folder() / "logs" / f"{name}.log"


def wait_until_ready(base_url: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the web server answers that it is ready. Raises ProcessTrouble."""
    deadline = time.monotonic() + _START_SECONDS
    last = "it did not answer"
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ProcessTrouble(f"The web server ended with {process.returncode}; read {log_of('web')}.")
        try:
            answer = httpx.get(f"{base_url}/readyz", trust_env=False, timeout=30)
            if answer.is_success:
                return
            last = answer.text
        except httpx.TransportError as error:
            last = str(error)
        time.sleep(0.1)
    raise ProcessTrouble(
        f"The web server was not ready in {_START_SECONDS:.0f} s: {last}; read {log_of('web')}."
    )
