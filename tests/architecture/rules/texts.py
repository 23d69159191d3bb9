"""What no file says: where it was written, and from where packages came."""

import re
from collections.abc import Iterator

from tests.architecture.sources import Source

# Put together here, so that this file does not say it either.
_MACHINE_PATHS = re.compile(
    "|".join(rf"(?<![\w.])/{folder}/" for folder in ("work", "root", "home", "tmp/boot"))
)
_REGISTRIES = re.compile(
    "|".join(["py" + r"pi\.org", "python" + r"hosted\.", r"//[\w.:-]+/(?:root/)?\w+/\+?simple"])
)


def no_machine_paths(source: Source) -> Iterator[tuple[int, str]]:
    yield from _lines(source, _MACHINE_PATHS, "is a path of one machine.")


def no_registry_hosts(source: Source) -> Iterator[tuple[int, str]]:
    yield from _lines(source, _REGISTRIES, "is the address of a package registry.")


def _lines(source: Source, pattern: re.Pattern[str], what: str) -> Iterator[tuple[int, str]]:
    for line, text in enumerate(source.text.splitlines(), 1):
        if match := pattern.search(text):
            yield line, f"{match[0]} {what}"
