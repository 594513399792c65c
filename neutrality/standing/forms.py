"""Input of standing, turned into typed values."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.inputs import DayField
from neutrality.standing import words
from neutrality.standing.rules import Policy
from neutrality.wording import pick


class DayForm(forms.Form):
    """The lists as of a day, and whom to look for."""

    on = DayField(label=_("As of"), required=False)
    q = forms.CharField(label=_("Name or code number"), required=False, max_length=100)

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        day = self.cleaned_data["on"] or self.today
        if day > self.today:
            raise forms.ValidationError(_("Choose today or an earlier day: nobody knows the lists of the future."))
        return day


def area(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **options)


class RecognizeForm(forms.Form):
    """What an entry of the green list says."""

    fact_zh = area(_("Fact, in Chinese"), help_text=_("As it will stand on the public entry."))
    fact_en = area(_("Fact, in English"), required=False)
    basis_zh = area(_("Basis, in Chinese"), rows=2)
    basis_en = area(_("Basis, in English"), rows=2, required=False)
    document = forms.CharField(label=_("Number of the decision document"), max_length=100)
    authority_zh = forms.CharField(label=_("Authority, in Chinese"), max_length=200)
    authority_en = forms.CharField(label=_("Authority, in English"), max_length=200, required=False)
    text = area(_("Note for the second person"), rows=2)


class ListForm(RecognizeForm):
    """What an entry of the black list says; types and classes come from the policy in force."""

    violation = forms.ChoiceField(label=_("Type of behaviour"))
    grade = forms.ChoiceField(
        label=_("Class"),
        choices=[(grade.value, text) for grade, text in words.CLASSES.items()],
        widget=forms.RadioSelect,
        help_text=_("The class sets how long the entry is public and when repair opens."),
    )
    publish_minor = forms.BooleanField(label=_("Publish although the class is minor"), required=False)
    field_order = ("violation", "grade", "publish_minor")

    def __init__(self, *args: Any, policy: Policy | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offences = policy.offences if policy else ()
        self.fields["violation"].choices = [
            (row.type.value, f"{row.type.value} {pick(row.name_zh, row.name_en)}") for row in offences if row.classes
        ]

    def clean_publish_minor(self) -> str:
        return "yes" if self.cleaned_data["publish_minor"] else ""


class RepairForm(forms.Form):
    """Credit commitment and what was put right (R4.13)."""

    text = area(_("What was corrected, and how it can be checked"), rows=5)
    commitment = forms.BooleanField(
        label=_("We commit publicly: what we submit is true, and we accept liability if it is not.")
    )
