"""The user as whom PostgreSQL runs, for it refuses to run as root.

Root runs it in a user namespace in which it sees itself as nobody while the kernel still sees root: files
stay root's own, no folder has to be opened to others. Where namespaces are refused (most containers), the
user postgres or nobody has to do, with a data folder and programs that this user can reach.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAMESPACE = ("--user", "--map-user=65534", "--map-group=65534", "--")


@dataclass(frozen=True)
class ServerUser:
    """How to run a program as the server's user: a prefix, or another user id; neither for ourselves."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def run(self, *command: str | Path, given: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run to the end in a plain environment (PG* variables of the caller would change the server)."""
        return subprocess.run(
            [*self.prefix, *map(str, command)],
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )

    def can(self, *command: str | Path) -> bool:
        try:
            return self.run(*command).returncode == 0
        except OSError:
            return False


def find_server_user() -> ServerUser | None:
    """The user for PostgreSQL; None when root finds neither namespaces nor a lesser user."""
    if os.geteuid() != 0:
        return ServerUser()
    unshare = shutil.which("unshare")
    if unshare and (in_namespace := ServerUser(prefix=(unshare, *NAMESPACE))).can("true"):
        return in_namespace
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(uid=entry.pw_uid, gid=entry.pw_gid)
    return None
