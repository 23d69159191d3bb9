"""How files are: short, well named, and in the domains with an example that runs."""

from collections.abc import Iterator

from tests.architecture.sources import APPS, Source

LONGEST_MODULE = 300
_DRAWERS = {"util", "utils", "helper", "helpers", "misc", "manager", "managers", "stuff", "tools"}


def no_long_modules(source: Source) -> Iterator[tuple[int, str]]:
    length = source.text.count("\n")
    if source.is_python and length > LONGEST_MODULE:
        yield length, f"{length} lines are a reason to split: at most {LONGEST_MODULE}."


def no_drawer_names(source: Source) -> Iterator[tuple[int, str]]:
    """A name says what is inside; a template that replaces one of unfold's is named by unfold."""
    if source.path.parts[:2] == ("templates", "unfold"):
        return
    for part in source.path.parts:
        if part.split(".")[0] in _DRAWERS:
            yield 1, f"{part} says nothing about what is inside."


def every_domain_shows_an_example(source: Source) -> Iterator[tuple[int, str]]:
    in_domain = source.app in APPS and source.layer == "domain" and source.is_python
    if in_domain and source.path.name != "__init__.py" and ">>> " not in source.text:
        yield 1, "A module of a domain has a doctest."
