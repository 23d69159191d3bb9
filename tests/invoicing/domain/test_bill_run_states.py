import pytest

from invoicing.domain.bill_run_states import STATES, TRANSITIONS, CannotTakeStep, state_after, steps_from
from invoicing.models import BillRun


def test_the_model_knows_the_states_of_the_table():
    assert dict(BillRun.State.choices) == STATES
    named = {state for step in TRANSITIONS.values() for state in (*step.before, step.after)}
    assert named == set(STATES)


@pytest.mark.parametrize("state", STATES)
def test_a_step_leads_on_only_from_where_the_table_says(state):
    allowed = steps_from(state)
    for name, step in TRANSITIONS.items():
        if name in allowed:
            assert state_after(name, state, "DE 2026-03") == step.after
        else:
            with pytest.raises(CannotTakeStep, match="The bill run DE 2026-03 is "):
                state_after(name, state, "DE 2026-03")


def test_a_refusal_says_when_it_is_possible():
    with pytest.raises(CannotTakeStep) as refusal:
        state_after("retry_parked", "drafting", "DE 2026-03")
    assert refusal.value.sentence == (
        "The bill run DE 2026-03 is being drafted, so nobody can retry the parked accounts of it; "
        "that is possible when it is issued."
    )


def test_what_is_issued_is_never_drafted_again():
    assert "draft_again" not in steps_from("issued")
    assert "draft_again" not in steps_from("issuing")
