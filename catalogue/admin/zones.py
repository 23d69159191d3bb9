"""Time zones that exist."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from billing_site.common.time_zones import time_zones


class ZonedForm(forms.ModelForm):
    """A form that refuses a misspelt `timezone`."""

    def clean_timezone(self) -> Any:
        name = self.cleaned_data["timezone"]
        if name not in time_zones():
            raise ValidationError(f"{name} is no time zone; use an IANA name such as Europe/Berlin.")
        return name
