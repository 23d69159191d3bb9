"""The virtual environment of a checkout: whole or not there.

A stamp says what it was set up for. It is taken away before a change and put back after, so an environment
that an interrupted set-up left half-done has none, and is made anew.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from billing_site.common.errors import BillingError

NEEDED_SPACE = 1_500_000_000  # bytes: the packages unpacked, and once more in the installer's cache


class NoEnvironment(BillingError):
    """The environment could not be made; the sentence gives Python's own reason."""

    code = "no_environment"


class VirtualEnvironment:
    """The environment in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin/python"

    def stamp(self, purpose: str) -> str | None:
        """What the finished set-up for this purpose was for; None when there was none."""
        path = self._stamp_path(purpose)
        return path.read_text().strip() if path.exists() else None

    def set_stamp(self, purpose: str, wanted: str) -> None:
        self._stamp_path(purpose).write_text(wanted + "\n")

    def is_whole(self) -> bool:
        """Whether a set-up was finished here and its Python still runs (a system upgrade may remove it)."""
        if self.stamp("demo") is None:
            return False
        try:
            return subprocess.run([self.python, "-c", ""], check=False).returncode == 0
        except OSError:
            return False

    def make_whole(self) -> None:
        """Make a new environment unless this one is whole; pip comes later, for who needs it."""
        if self.is_whole():
            return
        print(f"Set-up: making {self.folder.name} with Python {sys.version.split()[0]}", flush=True)
        if self.folder.is_symlink():
            self.folder.unlink()
        elif self.folder.exists():
            shutil.rmtree(self.folder)
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--without-pip", self.folder],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            last_line = (made.stderr.strip() or made.stdout.strip()).rpartition("\n")[2]
            raise NoEnvironment(
                f"No virtual environment could be made in {self.folder} ({last_line}): "
                f"put that right and run the command again."
            )

    @contextmanager
    def changing(self) -> Iterator[None]:
        """No stamp while packages change, and none after a change that failed."""
        for path in self.folder.glob("set-up-for-*"):
            path.unlink()
        yield

    def _stamp_path(self, purpose: str) -> Path:
        return self.folder / f"set-up-for-{purpose}"
