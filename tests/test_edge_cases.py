"""Each edge case is answered once, by a test that exists, by a rule that differs, or with a reason."""

import ast
import re
from pathlib import Path

import pytest

from tests.edge_cases import EDGE_CASES, Answer

TESTS = Path(__file__).parent
# Lower it when rows are decided; it never rises.
OPEN_AT_MOST = 2


def test_every_question_has_one_answer() -> None:
    questions = re.findall(r"^\| (EC\d+) \|", (TESTS / "edge-cases.md").read_text(), re.MULTILINE)
    assert len(questions) == 112
    assert list(EDGE_CASES) == questions


def test_open_answers_only_become_fewer() -> None:
    still_open = [case for case, answer in EDGE_CASES.items() if answer.open_until]
    assert len(still_open) == OPEN_AT_MOST, f"Set OPEN_AT_MOST to {len(still_open)}, if it is lower."


@pytest.mark.parametrize(("case", "answer"), EDGE_CASES.items(), ids=list(EDGE_CASES))
def test_answer_holds_what_it_names(case: str, answer: Answer) -> None:
    given = [answer.differs, answer.not_offered, answer.open_until]
    assert sum(map(bool, given)) == 1 or (not any(given) and answer.tests), (
        f"{case} needs one kind of answer."
    )
    missing = [name for name in answer.tests if not exists(name)]
    assert not missing, f"{case} names tests that are not there: {', '.join(missing)}."


def exists(name: str) -> bool:
    """Say whether a scenario of the suite, or a test function (or method) below tests/, has this name."""
    if name.startswith("scenario "):
        return (TESTS / "scenarios" / f"{name.removeprefix('scenario ')}.yaml").is_file()
    path, _, function = name.partition("::")
    file = TESTS / path
    if not file.is_file() or not function.startswith("test_"):
        return False
    return any(
        isinstance(node, ast.FunctionDef) and node.name == function
        for node in ast.walk(ast.parse(file.read_text()))
    )
