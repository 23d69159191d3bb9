"""Tell our own server processes from all others, and end them.

A process id on disk may be stale and belong to a stranger by now. Every server is therefore started with a
marker in its command line, made from the identity of its data folder, and no process without it is touched.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


def marker_of(folder: Path) -> str:
    """The mark of a folder's server: it survives a move of the checkout and differs in a copy of it."""
    identity = folder.stat()
    return f"meridian-{identity.st_dev:x}-{identity.st_ino:x}"


def command_line(pid: int) -> str:
    """The command line, words separated by blanks; empty for a process that is gone or a zombie."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ""
    return raw.replace(b"\0", b" ").decode(errors="replace").strip()


def is_marked(pid: int, marker: str) -> bool:
    return marker in command_line(pid)


def with_title(prefix: str) -> list[int]:
    """All processes whose command line starts with the prefix."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if command_line(pid).startswith(prefix)]


def end(pid: int, marker: str, *, politely: signal.Signals, patience: float) -> None:
    """Ask the marked process to end and wait; after `patience` seconds kill it."""
    for request, seconds in ((politely, patience), (signal.SIGKILL, 10.0)):
        if not is_marked(pid, marker):
            return
        os.kill(pid, request)
        if wait_until(lambda: not is_marked(pid, marker), seconds):
            return


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
