"""Calling off, counting people, changing what was published."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.activities.forms.shared import DATE, WRITE
from neutrality.activities.inputs import CountField
from neutrality.inputs import DayField
from neutrality.printing.forms import PrintedNames


class CancelForm(forms.Form):
    """Calling an activity off."""

    reason = forms.CharField(
        label=_("Why is it called off?"),
        max_length=1000,
        error_messages=WRITE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PeopleForm(forms.Form):
    """How many came."""

    people = CountField(label=_("How many people came?"), unit=_("people"))
    reason = forms.CharField(
        label=_("Why does the number change?"),
        max_length=1000,
        required=False,
        help_text=_("Only where a number was given before."),
    )


class AmendForm(PrintedNames):
    """Changes of a published activity; only what may still change is asked."""

    printed = ("name_zh", "name_en")

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120, error_messages=WRITE)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    summary = forms.CharField(
        label=_("What is it?"), max_length=2000, error_messages=WRITE, widget=forms.Textarea(attrs={"rows": 4})
    )
    place_name = forms.CharField(label=_("Where exactly?"), max_length=120, error_messages=WRITE)
    starts_on = DayField(label=_("First day"), error_messages=DATE)
    ends_on = DayField(label=_("Last day"), error_messages=DATE)
    expected_people = CountField(label=_("How many people do you expect on site?"), unit=_("people"))
    offset_method = forms.CharField(
        label=_("How will the remaining emissions be offset?"),
        max_length=2000,
        error_messages=WRITE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    promised_on = DayField(label=_("By which day do you expect to reach neutrality?"), error_messages=DATE)
    disclose_on = DayField(label=_("By which day do you promise the statement?"), required=False)
    reason = forms.CharField(
        label=_("Why does it change?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The reason and what stood there before stay readable for everybody."),
    )

    def __init__(self, *args: Any, allowed: tuple[str, ...], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name != "reason" and name not in allowed:
                del self.fields[name]
