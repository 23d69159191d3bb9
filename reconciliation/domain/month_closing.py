"""From an open month to a closed one: the steps, and what has to be done before each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Each step: from which state, and to which.
STEPS = {
    "soft_close": ("open", "soft_closed"),
    "reopen": ("soft_closed", "open"),
    "close": ("soft_closed", "closed"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One row is a line of the checklist.

    needed_for: [the step that waits for it; empty: it is only good to know]
    sentence: [what was found, and what to do if it is not done]
    """

    name: str
    is_done: bool
    sentence: str
    needed_for: str = ""


def missing_for(step: str, checks: Iterable[Check]) -> list[Check]:
    """Return what has to be done before a step; closing needs what soft-closing needs, too.

    step: [one of STEPS]

    >>> billed = Check("billed", False, "Start a bill run.", "soft_close")
    >>> [check.name for check in missing_for("close", [billed])], missing_for("reopen", [billed])
    (['billed'], [])
    """
    needed = {"soft_close": {"soft_close"}, "close": {"soft_close", "close"}}.get(step, set())
    return [check for check in checks if check.needed_for in needed and not check.is_done]


def steps_from(state: str) -> list[str]:
    """Return the steps that lead away from a state.

    state: [open, soft_closed or closed]

    >>> steps_from("soft_closed"), steps_from("closed")
    (['reopen', 'close'], [])
    """
    return [step for step, (before, _) in STEPS.items() if before == state]
