"""Make a checkout ready to run: system libraries, the virtual environment, the pinned packages.

Called by bootstrap.sh, which has found a Python that is new enough. What ends it is one sentence.
"""

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from billing_site.common.errors import BillingError
from billing_site.local.packages import install_packages
from billing_site.local.places import CHECKOUT
from billing_site.local.system_packages import install_browser, install_libraries
from billing_site.local.virtual_environment import NEEDED_SPACE, VirtualEnvironment

TROUBLE, INTERRUPTED = 3, 130


class NotEnoughSpace(BillingError):
    """The disk cannot take the packages."""

    code = "not_enough_space"


def main(purpose: str, wanted: str) -> int:
    """Set up for `demo` or `tests`; `wanted` is the stamp that says what the set-up was for."""
    try:
        with _alone():
            set_up(purpose, wanted)
    except BillingError as trouble:
        print(trouble, file=sys.stderr)
        return TROUBLE
    except OSError as error:
        print(f"The set-up stopped at {error.filename or CHECKOUT}: {error.strerror}.", file=sys.stderr)
        return TROUBLE
    except KeyboardInterrupt:
        print("\nThe set-up was interrupted: run the same command again and it starts over.", file=sys.stderr)
        return INTERRUPTED
    return 0


def set_up(purpose: str, wanted: str) -> None:
    """Do what the stamps do not say is done already."""
    environment = VirtualEnvironment(CHECKOUT / ".venv")
    if environment.stamp("demo") != wanted or not environment.is_whole():
        install_libraries(needs_pip=not environment.is_whole() and shutil.which("uv") is None)
        free = shutil.disk_usage(CHECKOUT).free
        if not environment.is_whole() and free < NEEDED_SPACE:
            raise NotEnoughSpace(
                f"Only {free // 1_000_000} MB are free under {CHECKOUT} and the set-up needs "
                f"{NEEDED_SPACE // 1_000_000} MB: free some space and run the command again."
            )
        environment.make_whole()
        with environment.changing():
            install_packages(environment, CHECKOUT / "requirements-dev.lock")
        environment.set_stamp("demo", wanted)
    if purpose == "tests" and environment.stamp("tests") != wanted:
        install_browser()
        environment.set_stamp("tests", wanted)


@contextmanager
def _alone() -> Iterator[None]:
    """Two commands in one checkout set it up one after the other."""
    checkout = os.open(CHECKOUT, os.O_RDONLY)
    try:
        fcntl.flock(checkout, fcntl.LOCK_EX)
        yield
    finally:
        os.close(checkout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
