"""What a person does with a finding: each a small form over its page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from billing_site.common.errors import BillingError
from catalogue.selectors.visible import visible_users
from reconciliation.domain.finding_states import TRANSITIONS, state_after, steps_from
from reconciliation.domain.fixes import FIXES, fixes_of
from reconciliation.models import Finding
from reconciliation.selectors.visible import possible_owners, visible_findings


class FindingDialog(BaseDialogForm):
    """A form about the finding of the page; a finding out of reach offers nothing."""

    def __init__(self, *what: Any, **more: Any) -> None:
        super().__init__(*what, **more)
        self.finding: Finding | None = visible_findings(self.request.user).filter(pk=self.object_id).first()

    def offer(self, field: str, choices: list[tuple[str, str]]) -> None:
        self.fields[field].choices = choices


class StepDialog(FindingDialog):
    step = forms.ChoiceField(label="What", widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget,
        help_text="Needed to explain or accept: who asks later why will read it.",
    )

    def __init__(self, *what: Any, **more: Any) -> None:
        super().__init__(*what, **more)
        names = steps_from(self.finding.state) if self.finding else []
        self.offer("step", [(name, TRANSITIONS[name].verb.capitalize()) for name in names])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.finding and "step" in values:
            try:
                state_after(values["step"], self.finding.state, values["reason"])
            except BillingError as refusal:
                raise ValidationError({"reason": refusal.sentence}) from refusal
        return values


class CommentDialog(FindingDialog):
    text = forms.CharField(label="Comment", widget=UnfoldAdminTextareaWidget)


class OwnerDialog(FindingDialog):
    owner = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget)

    def __init__(self, *what: Any, **more: Any) -> None:
        super().__init__(*what, **more)
        people = possible_owners(self.finding) if self.finding else visible_users(self.request.user).none()
        seen = people.filter(pk__in=visible_users(self.request.user).values("pk"))
        self.offer("owner", [("", "nobody"), *((person.username, str(person)) for person in seen)])
        self.initial["owner"] = self.request.user.get_username()


class FixDialog(FindingDialog):
    fix = forms.ChoiceField(label="How", widget=UnfoldAdminSelectWidget)

    def __init__(self, *what: Any, **more: Any) -> None:
        super().__init__(*what, **more)
        names = fixes_for(self.finding) if self.finding else []
        self.offer("fix", [(name, FIXES[name]) for name in names])


def fixes_for(finding: Finding) -> list[str]:
    """Return what can be done about a finding as it is now."""
    if finding.state == "fixed":
        return []
    return fixes_of(finding.level, difference=finding.difference, has_account=finding.account_id is not None)
