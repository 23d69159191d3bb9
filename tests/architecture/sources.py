"""The files of the checkout as the rules see them: a path and a text, so that a test can plant one."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
APPS = ("catalogue", "metering", "invoicing", "reconciliation")
# Who may know whom: an app knows those before it.
LINE = (*APPS, "billing_site")
ENTRY_POINTS = ("admin", "api", "portal", "management", "tasks")
_FOLDERS = (*LINE, "templates", "static", "tests", ".ci")
_OF_ONE_PERSON = (".env", ".DS_Store")


@dataclass(frozen=True)
class Source:
    """A file: its path from the top of the checkout, and its text."""

    path: PurePosixPath
    text: str

    @property
    def app(self) -> str:
        """The top-level folder it lies in, or its own name."""
        return self.path.parts[0]

    @property
    def layer(self) -> str:
        """What it is of its app: "domain", "services", "sql", ..., or "" of nothing."""
        return self.path.parts[1].removesuffix(self.path.suffix) if len(self.path.parts) > 1 else ""

    @property
    def is_python(self) -> bool:
        return self.path.suffix == ".py" and self.layer != "migrations"

    @property
    def is_statement(self) -> bool:
        return self.path.suffix == ".sql" and self.layer == "sql"

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def higher_apps(self) -> tuple[str, ...]:
        """The apps that it must not know."""
        return LINE[LINE.index(self.app) + 1 :] if self.app in APPS else ()


def sources() -> Iterator[Source]:
    """Every text file that belongs to the product."""
    for path in _files():
        try:
            yield Source(PurePosixPath(path.relative_to(ROOT)), path.read_text("utf-8"))
        except UnicodeDecodeError:
            continue  # an image, or packed data


def _files() -> Iterator[Path]:
    for path in sorted(ROOT.iterdir()):
        if path.is_file() and path.name not in _OF_ONE_PERSON:
            yield path
    for folder in _FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
