"""What the system must have: libraries for WeasyPrint, pip for Python, a browser for the tests.

Root installs what is missing by apt; others are told the line to type.
"""

import ctypes
import importlib.util
import os
import platform
import shutil
import signal
import subprocess
import sys

from billing_site.common.errors import BillingError

# A shared library and the Debian package that brings it.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSERS = ("chromium", "google-chrome", "google-chrome-stable")


class SystemPackagesMissing(BillingError):
    """The system lacks packages, and this user may not install them."""

    code = "system_packages_missing"


def install_libraries(*, needs_pip: bool) -> None:
    """See that the libraries are there, and Python's own pip if packages will come by it.

    Raises SystemPackagesMissing with the line to type.
    """
    missing = [package for library, package in LIBRARIES.items() if not _can_load(library)]
    if needs_pip and importlib.util.find_spec("ensurepip") is None:
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if not missing:
        return
    names = " ".join(missing)
    if shutil.which("apt-get") is None:
        raise SystemPackagesMissing(
            f"This machine lacks what Debian calls {names}: install the like and run the command again."
        )
    if os.geteuid() != 0:
        raise SystemPackagesMissing(
            f"This machine lacks {names}: run `sudo apt-get install {names}` and then the command again."
        )
    print(f"Set-up: installing {names}", flush=True)
    if not _apt_install(missing):
        raise SystemPackagesMissing(
            f"apt-get could not install {names} (no network, or no such package): "
            f"run `apt-get update && apt-get install {names}`, see what it says, and then the command again."
        )


def find_browser() -> str | None:
    """The program of a Chromium that the browser tests can drive."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def install_browser() -> None:
    """See that there is a Chromium where that is easy; without one the browser tests are skipped."""
    if find_browser() is not None:
        return
    # On Ubuntu the package is a stub for a snap, which containers and servers do not run.
    debian = platform.freedesktop_os_release().get("ID") == "debian"
    if os.geteuid() == 0 and debian:
        print("Set-up: installing chromium for the browser tests", flush=True)
        if _apt_install(["chromium"]):
            return
    print("Set-up: no Chromium here, so the tests that need a browser will be skipped", flush=True)


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _apt_install(packages: list[str]) -> bool:
    install = ["install", "-y", "--no-install-recommends", *packages]
    return _apt(install) or (_apt(["update"]) and _apt(install))


def _apt(arguments: list[str]) -> bool:
    """Run apt-get out of reach of Ctrl-C, which must not hit a package half-way: it is asked to end."""
    process = subprocess.Popen(
        ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait() == 0
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise
