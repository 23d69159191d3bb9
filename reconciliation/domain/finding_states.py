"""The states of a finding: which steps people take, and what the next look of a run makes of it."""

from collections.abc import Mapping
from typing import NamedTuple

from billing_site.common.errors import BillingError


class CannotTakeFindingStep(BillingError):
    """A step that the state of a finding does not allow."""

    code = "finding_state"
    is_conflict = True


class ReasonMissing(BillingError):
    """A step that needs a reason, taken without one."""

    code = "reason_missing"


class Step(NamedTuple):
    """From which states a step can be taken, to which it leads, and whether it needs a reason."""

    before: frozenset[str]
    after: str
    verb: str
    needs_reason: bool


def _step(before: str, after: str, verb: str, *, reason: bool = False) -> Step:
    return Step(frozenset(before.split()), after, verb, reason)


STATES = {
    "open": "open",
    "investigating": "being investigated",
    "explained": "explained",
    "accepted": "accepted",
    "fixed": "fixed",
}
# Somebody still has to see to it.
WAITING = ("open", "investigating", "explained")

# What people do. Nobody says that a finding is fixed: the next run does, when it does not find it any more.
TRANSITIONS: Mapping[str, Step] = {
    # step                may be taken from                   leads to         verb
    "investigate": _step("open explained accepted", "investigating", "investigate"),
    "explain": _step("open investigating", "explained", "explain", reason=True),
    "accept": _step("open investigating explained", "accepted", "accept", reason=True),
    "reopen": _step("investigating explained accepted", "open", "reopen"),
}

# What a run does. One that comes back opens again, and so does one that was settled and is another now.
_COMES_BACK = {"fixed": "open"}
_CHANGES = {"fixed": "open", "explained": "open", "accepted": "open"}


def steps_from(state: str) -> list[str]:
    """Return what people can do with a finding in a state, by name of the step.

    state: [of STATES]

    >>> steps_from("investigating")
    ['explain', 'accept', 'reopen']
    """
    return [name for name, step in TRANSITIONS.items() if state in step.before]


def state_after(step: str, state: str, reason: str) -> str:
    """Return the state that a step of a person leads to. Raises CannotTakeFindingStep, ReasonMissing.

    step: [of TRANSITIONS]
    state: [of STATES, now]
    reason: [a sentence, or ""]

    >>> state_after("accept", "open", "Below what a correction costs.")
    'accepted'
    """
    taken = TRANSITIONS[step]
    if state not in taken.before:
        raise CannotTakeFindingStep(
            f"It is {STATES[state]}, so nobody can {taken.verb} it; that is possible when it is "
            f"{' or '.join(sorted(STATES[before] for before in taken.before))}."
        )
    if taken.needs_reason and not reason.strip():
        raise ReasonMissing(f"Say in a sentence why: who asks later why this was {taken.after} will read it.")
    return taken.after


def state_when_found(state: str, *, is_changed: bool) -> str:
    """Return the state of a known finding that a run finds again.

    state: [of STATES, now]
    is_changed: [whether what differs is not what it was]

    >>> state_when_found("accepted", is_changed=False), state_when_found("accepted", is_changed=True)
    ('accepted', 'open')
    """
    return (_CHANGES if is_changed else _COMES_BACK).get(state, state)
