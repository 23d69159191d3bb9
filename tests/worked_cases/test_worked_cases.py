"""Cases with answers that other billing systems agree on: each runs or stands in the differences."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.worked_cases.calculations import CALCULATIONS
from tests.worked_cases.differences import DIFFERENCES, NOT_OFFERED

HERE = Path(__file__).parent
FORMAT = HERE.parent / "scenarios" / "FORMAT.md"

CASES = [json.loads(line) for line in (HERE / "cases.jsonl").read_text().splitlines()]
RUNNING = [case for case in CASES if case["id"] not in DIFFERENCES]

# The sources print these rounded, or through floating point; everything else must be equal.
TOLERANCES = {
    "average_unit_price": Fraction(1, 200),
    "cycles_9dp": Fraction(2, 10**9),
    "exact_cents": Fraction(1, 10**9),
}


def assert_equal(name: str, actual: Any, expected: Any) -> None:
    if isinstance(expected, dict):
        assert actual.keys() == expected.keys()
        for key, value in expected.items():
            assert_equal(name, actual[key], value)
    elif isinstance(expected, list):
        for one, other in zip(actual, expected, strict=True):
            assert_equal(name, one, other)
    else:
        assert abs(Fraction(actual) - Fraction(expected)) <= TOLERANCES.get(name, 0)


@pytest.mark.parametrize("case", RUNNING, ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    results = CALCULATIONS[case["model"]](case["inputs"])
    for name, expected in case["expected"].items():
        assert_equal(name, results[name], expected)


def test_every_case_runs_or_has_its_reason() -> None:
    ids = [case["id"] for case in CASES]
    assert len(set(ids)) == len(ids) == 164
    assert set(DIFFERENCES) <= set(ids)
    assert len(RUNNING) + len(DIFFERENCES) == len(ids)
    assert len(RUNNING) >= 60


def test_the_reasons_are_sentences_of_the_format() -> None:
    text = " ".join(FORMAT.read_text().split())
    for reason in set(DIFFERENCES.values()) - {NOT_OFFERED}:
        assert reason in text
