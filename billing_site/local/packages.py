"""Install the pinned packages: with uv in seconds, with pip where uv cannot be had.

Both take nothing whose checksum is not in the lock file, uv itself included.
"""

import re
import shutil
import subprocess
from pathlib import Path

from billing_site.common.errors import BillingError
from billing_site.local.virtual_environment import VirtualEnvironment

NO_NETWORK = re.compile(
    r"dns error|name resolution|nodename nor servname|network is unreachable|no route to host|timed out"
    r"|connection (error|refused|reset)|error sending request|failed to fetch|newconnectionerror|proxyerror",
    re.IGNORECASE,
)
NO_SPACE = re.compile(r"no space left|disk quota exceeded", re.IGNORECASE)
WRONG_CHECKSUM = re.compile(r"hash mismatch|do not match the hashes", re.IGNORECASE)


class PackagesMissing(BillingError):
    """The packages could not be installed; the sentence says why and what to do."""

    code = "packages_missing"


def install_packages(environment: VirtualEnvironment, lock: Path) -> None:
    """Make the environment hold what the lock file names. Raises PackagesMissing."""
    count = len(re.findall(r"^[a-z0-9]", lock.read_text(), re.MULTILINE))
    log = environment.folder / "set-up.log"
    log.write_text("")
    uv = shutil.which("uv") or _fetch_uv(environment, lock, log)
    if uv is not None:
        print(f"Set-up: installing {count} packages", flush=True)
        if _run(log, uv, "pip", "sync", "--require-hashes", "--python", environment.python, lock):
            return
    print(f"Set-up: installing {count} packages with pip, which takes a minute or two", flush=True)
    if not _pip(environment, log, lock):
        raise _why_not(log)


def _fetch_uv(environment: VirtualEnvironment, lock: Path, log: Path) -> Path | None:
    """Install uv alone into the environment, by its checksums in the lock file."""
    entry = re.search(r"^uv==(?:.*\\\n)*.*\n", lock.read_text(), re.MULTILINE)
    if entry is None:
        return None
    uv_only = environment.folder / "uv.lock.txt"
    uv_only.write_text(entry.group())
    return environment.folder / "bin/uv" if _pip(environment, log, uv_only) else None


def _pip(environment: VirtualEnvironment, log: Path, lock: Path) -> bool:
    if not _run(log, environment.python, "-m", "pip", "--version"):
        _run(log, environment.python, "-m", "ensurepip")
    return _run(
        log,
        *(environment.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--retries", "2", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", lock),
    )


def _run(log: Path, *command: str | Path) -> bool:
    """Whether the command ended well; what it says goes to the log."""
    with log.open("a") as said:
        said.write(f"$ {' '.join(map(str, command))}\n")
        said.flush()
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, check=False
        )
        return done.returncode == 0


def _why_not(log: Path) -> PackagesMissing:
    said = log.read_text(errors="replace")
    if NO_SPACE.search(said):
        return PackagesMissing(
            "The disk is full, so the packages could not be installed: "
            "free some space and run the command again."
        )
    if WRONG_CHECKSUM.search(said):
        return PackagesMissing(
            f"A package that was served does not have the checksum in the lock file and was refused: "
            f"try from another network, and report it if it happens again (details in {log})."
        )
    if NO_NETWORK.search(said):
        return PackagesMissing(
            "The packages could not be fetched because the network does not answer: "
            "connect this machine (or set the proxy) and run the command again."
        )
    return PackagesMissing(
        f"The packages could not be installed: see the end of {log}, put it right and run the command again."
    )
