"""The rules hold everywhere."""

from functools import cache

import pytest

from tests.architecture.rules import RULES, Rule
from tests.architecture.sources import Source, sources


@cache
def tree() -> tuple[Source, ...]:
    return tuple(sources())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps(rule: Rule) -> None:
    found = [f"{source.path}:{line}: {what}" for source in tree() for line, what in rule(source)]
    assert not found, "\n" + "\n".join(found)
