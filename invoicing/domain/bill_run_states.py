"""The states of a bill run and of its accounts, and which step leads from which to which."""

from collections.abc import Mapping
from typing import NamedTuple

from billing_site.common.errors import BillingError


class CannotTakeStep(BillingError):
    """A step of a bill run that its state does not allow."""

    code = "bill_run_state"
    is_conflict = True


class Step(NamedTuple):
    """From which states a step can be taken, to which it leads, and what it is called in a sentence."""

    before: frozenset[str]
    after: str
    verb: str


def _step(before: str, after: str, verb: str) -> Step:
    return Step(frozenset(before.split()), after, verb)


# Each account of a run goes pending -> drafted -> issued, or pending -> nothing_to_bill, or is parked, from
# where drafting anew makes it pending again. Issued is for ever.
TRANSITIONS: Mapping[str, Step] = {
    # step                  may be taken from                          leads to      verb
    "begin": _step("requested", "drafting", "begin"),
    "hold_back": _step("requested drafting", "stopped", "hold back"),
    "present": _step("drafting", "drafted", "present"),
    "issue": _step("drafted", "issuing", "issue"),
    "finish": _step("issuing", "issued", "finish"),
    "pause": _step("requested drafting drafted issuing", "paused", "pause"),
    "resume": _step("paused stopped", "requested", "resume"),
    "draft_again": _step("drafted stopped paused", "requested", "draft again"),
    "retry_parked": _step("issued", "requested", "retry the parked accounts of"),
}
STATES = {
    "requested": "waits for a worker",
    "drafting": "being drafted",
    "stopped": "stopped by its warnings",
    "drafted": "drafted, waits to be issued",
    "issuing": "being issued",
    "issued": "issued",
    "paused": "paused",
}
# A worker takes a run on from these by itself.
DRIVEN = ("requested", "drafting", "issuing")


def steps_from(state: str) -> list[str]:
    """Return what can be done with a run in a state, by name of the step.

    state: [of STATES]

    >>> steps_from("drafted")
    ['issue', 'pause', 'draft_again']
    """
    return [name for name, step in TRANSITIONS.items() if state in step.before]


def state_after(step: str, state: str, run: str) -> str:
    """Return the state that a step leads to. Raises CannotTakeStep.

    step: [of TRANSITIONS]
    state: [of STATES, now]
    run: [what the sentence calls the run]

    >>> state_after("issue", "drafted", "DE 2026-03")
    'issuing'
    """
    taken = TRANSITIONS[step]
    if state not in taken.before:
        raise CannotTakeStep(
            f"The bill run {run} is {STATES[state]}, so nobody can {taken.verb} it; that is possible when it "
            f"is {' or '.join(sorted(STATES[before] for before in taken.before))}."
        )
    return taken.after
