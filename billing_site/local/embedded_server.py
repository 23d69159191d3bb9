"""What the two embedded servers have in common: one folder, one start at a time, one private socket."""

import errno
import fcntl
import os
import pwd
import re
import shutil
import signal
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from billing_site.common.errors import BillingError
from billing_site.local.processes import end, is_marked, marker_of, wait_until

LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 107, and both servers add a suffix while they bind
LONGEST_START = 300.0  # seconds; crash recovery of a large database takes its time
PLAIN_PATH = re.compile(r"[\w/.+-]+")


class ServerTrouble(BillingError):
    """An embedded server cannot be had; the sentence says why and what to do."""

    code = "server_trouble"


class EmbeddedServer(ABC):
    """One server of this checkout. All of its state is its folder, so any process can find it there."""

    title: ClassVar[str]
    socket_name: ClassVar[str]
    pid_file: ClassVar[str]
    polite_signal: ClassVar[signal.Signals]
    replaced_by: ClassVar[str]
    needed_space: ClassVar[int]

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.home = home
        self.durable = durable

    @abstractmethod
    def url(self) -> str:
        """The address as the settings read it."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether the server answers on its socket."""

    @abstractmethod
    def prepare(self) -> None:
        """Lay out the folder before a start; a second time it changes nothing."""

    @abstractmethod
    def start(self) -> None:
        """Start the server, of which no process is left, and return when it answers or has failed."""

    @abstractmethod
    def data_folder(self) -> Path:
        """The folder whose identity marks the process."""

    def ensure(self) -> str:
        """The address of the running server, started if need be.

        Two callers at once get the same server. Raises ServerTrouble.
        """
        if not sys.platform.startswith("linux"):
            raise ServerTrouble(
                f"The embedded {self.title} runs on Linux only: start your own and set {self.replaced_by}."
            )
        if self.is_ready():
            return self.url()
        try:
            with self._alone():
                if not self.is_ready():
                    self._bring_up()
                return self.url()
        except OSError as error:
            raise self.trouble(error.strerror or str(error), error.errno, error.filename) from error

    def stop(self) -> bool:
        """End the server that this checkout started, and no other; whether there was one."""
        if self.pid() is None:
            return False
        try:
            with self._alone():
                pid = self.pid()
                if pid is None:
                    return False
                end(pid, marker_of(self.data_folder()), politely=self.polite_signal, patience=60.0)
                self.clear_remains()
                return True
        except OSError as error:
            raise self.trouble(error.strerror or str(error), error.errno, error.filename) from error

    def pid(self) -> int | None:
        """The process id, if that process is alive and is this very server."""
        try:
            first_line = (self.home / self.pid_file).read_text().partition("\n")[0]
            pid, marker = int(first_line), marker_of(self.data_folder())
        except (OSError, ValueError):
            return None
        return pid if is_marked(pid, marker) else None

    def clear_remains(self) -> None:
        """Remove what a killed server left behind, once its last process is gone.

        The servers would ask whether the process id in it still exists; it may exist and be a stranger's.
        """
        socket = self.socket_folder() / self.socket_name
        for leftover in (self.home / self.pid_file, socket, socket.with_name(f"{socket.name}.lock")):
            leftover.unlink(missing_ok=True)

    def socket_folder(self) -> Path:
        """The private folder of the socket: home itself, or the short one that home/run points to."""
        home = self.home.resolve()
        link = home / "run"
        return link.resolve() if link.is_symlink() else home

    def settle_socket_folder(self) -> Path:
        """Before a start: see to it that the socket's path is short and plain enough."""
        home = self.home.resolve()
        path = str(home / self.socket_name)
        if len(path.encode()) < LONGEST_SOCKET_PATH and PLAIN_PATH.fullmatch(path):
            return home
        folder, owner = self.socket_folder(), home.stat().st_uid
        if folder == home or not folder.is_dir() or folder.stat().st_uid != owner:
            folder = Path(tempfile.mkdtemp(prefix="meridian-"))
            os.chown(folder, owner, -1)
            (home / "run").unlink(missing_ok=True)
            (home / "run").symlink_to(folder)
        return folder

    def trouble(self, reason: str, number: int | None = None, place: str | None = None) -> ServerTrouble:
        """The sentence for a failure of the system or of the server."""
        where = place or self.home
        if number == errno.ENOSPC or "No space left" in reason or "Disk quota exceeded" in reason:
            return ServerTrouble(
                f"The disk under {self.home} is full, so {self.title} cannot run: "
                f"free some space or point MERIDIAN_LOCAL_DIR to another disk, then run the command again."
            )
        if number in (errno.EACCES, errno.EPERM):
            return ServerTrouble(
                f"{where} is not yours to use, so {self.title} cannot run: "
                f"remove it as its owner, or point MERIDIAN_LOCAL_DIR to a folder of your own."
            )
        return ServerTrouble(f"{self.title} cannot run in {self.home}: {reason.strip()}.")

    def _bring_up(self) -> None:
        if self.pid() is not None:
            # Starting (the one who started it was interrupted), or out of reach because its socket is gone.
            pid, marker = self.pid(), marker_of(self.data_folder())
            if wait_until(lambda: self.is_ready() or not self.pid(), self._grace()) and self.is_ready():
                return
            if pid is not None:
                end(pid, marker, politely=self.polite_signal, patience=60.0)
        self._check_owner()
        self._check_space()
        self.prepare()
        self.clear_remains()
        self.start()
        if not self.is_ready():
            raise self.trouble(f"it started but does not answer on its socket; see {self.home}")

    def _grace(self) -> float:
        """Seconds to wait for a live server that does not answer yet."""
        return LONGEST_START if (self.socket_folder() / self.socket_name).exists() else 2.0

    def server_uid(self) -> int:
        """The user to whom the folder must belong."""
        return os.geteuid()

    def _check_owner(self) -> None:
        if self.home.exists() and self.home.stat().st_uid != self.server_uid():
            owner = _name_of(self.home.stat().st_uid)
            raise ServerTrouble(
                f"{self.home} belongs to the user {owner}: run the command as {owner}, "
                f"or point MERIDIAN_LOCAL_DIR to a folder of your own."
            )

    def _check_space(self) -> None:
        free = shutil.disk_usage(self.home.parent).free
        if free < self.needed_space:
            raise ServerTrouble(
                f"Only {free // 1_000_000} MB are free under {self.home.parent} and {self.title} needs "
                f"{self.needed_space // 1_000_000} MB: free some space or point MERIDIAN_LOCAL_DIR to "
                f"another disk, then run the command again."
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock for starting and stopping this server; the kernel lets go with the process."""
        self.home.parent.mkdir(parents=True, exist_ok=True)
        with self.home.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
