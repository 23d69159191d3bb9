"""The most memory that a command and the database work that it causes hold at one time."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from django.db import connection

_EVERY_SECONDS = 0.02
_PROCESSES = Path("/proc")


def can_be_measured() -> bool:
    """Say whether this machine tells the private memory of a process (Linux)."""
    return (_PROCESSES / "self" / "smaps_rollup").exists()


def peak_memory(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command to its end and return the peak of the memory held by it and the server, in bytes.

    Counted is private (anonymous) memory, also what is swapped out: of the command and of every process of
    the PostgreSQL server, so not the shared buffers, whose size is fixed when it starts.
    """
    server = _parent_of(_backend())
    peak = 0
    with subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            held = _private_bytes(process.pid) + sum(map(_private_bytes, _children_of(server)))
            peak = max(peak, held)
            time.sleep(_EVERY_SECONDS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return peak


def peak_memory_here(work: Callable[[], object]) -> int:
    """Do the work here, on a new connection, and return the peak of both ends' memory, in bytes."""
    connection.close()
    server, peak, stop = _backend(), 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not stop.wait(_EVERY_SECONDS):
            peak = max(peak, _private_bytes(os.getpid()) + _private_bytes(server))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        work()
    finally:
        stop.set()
        watcher.join()
    return peak


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _parent_of(pid: int) -> int:
    after_the_name = (_PROCESSES / f"{pid}" / "stat").read_text().rpartition(")")[2]
    return int(after_the_name.split()[1])


def _children_of(pid: int) -> list[int]:
    children = _PROCESSES / f"{pid}" / "task" / f"{pid}" / "children"
    return [int(child) for child in children.read_text().split()]


def _private_bytes(pid: int) -> int:
    """Return the private memory of a process; 0 if it has ended meanwhile."""
    try:
        lines = (_PROCESSES / f"{pid}" / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    sizes = {line.split()[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}
    return (sizes["Anonymous:"] + sizes["Swap:"]) * 1024
