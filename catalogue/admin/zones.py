"""Time zones as a choice, so that none is misspelt."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget


def _zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


class ZonedForm(forms.ModelForm):
    """A form whose `timezone` is chosen from the IANA names."""

    timezone = forms.ChoiceField(choices=_zones, widget=UnfoldAdminSelectWidget, initial="UTC")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "timezone" in self.fields:
            self.fields["timezone"].help_text = self._meta.model._meta.get_field("timezone").help_text
