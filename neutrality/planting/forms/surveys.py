"""What a survey says, and what a competent body decides on it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.rules import Kind
from neutrality.inputs import DayField
from neutrality.keys import new_key
from neutrality.planting.forms.fields import long_text, tonnes_field
from neutrality.planting.models import OutcomeChoice

KG = Decimal(1000)
PERCENT = _("Enter a whole number from 0 to 100.")
FILES = _("PDF, JPG, PNG, XLSX or CSV, up to 25 MiB.")


class SurveyForm(forms.Form):
    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=new_key)
    year = forms.TypedChoiceField(
        label=_("Survey of which year"), coerce=int, choices=[(n, str(n)) for n in range(1, 8)]
    )
    surveyed_on = DayField(label=_("Day of the survey"))
    alive_percent = forms.IntegerField(
        label=_("Trees alive, in percent"),
        min_value=0,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), PERCENT),
    )
    method = forms.CharField(
        label=_("How it was measured"), max_length=500, help_text=_("Sample plots, instruments, equations.")
    )
    grown_from = DayField(label=_("Growth from"))
    grown_to = DayField(label=_("Growth until"))
    claimed_t = tonnes_field(
        3,
        label=_("Sinks of this stretch"),
        signed=True,
        help_text=_("Below zero for a loss, such as −12.5 after a fire."),
    )
    note = long_text(3, label=_("What else was seen"), max_length=2000, required=False)
    body = forms.ModelChoiceField(
        label=_("Body that verifies it"),
        queryset=Organization.objects.none(),
        to_field_name="code",
        help_text=_("A body competent for afforestation (R1.23)."),
    )
    evidence = forms.FileField(label=_("Evidence of the survey"), help_text=FILES)

    def __init__(self, *args: Any, organizer: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        bodies = Organization.objects.filter(kind=Kind.EVALUATOR, verified_at__isnull=False).exclude(pk=organizer.pk)
        self.fields["body"].queryset = bodies.order_by("name_zh")  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        return values | {"claimed_kg": values.pop("claimed_t") * KG, "upload": values.pop("evidence")}


class VerifyForm(forms.Form):
    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=new_key)
    outcome = forms.ChoiceField(label=_("Decision"), choices=OutcomeChoice.choices, widget=forms.RadioSelect)
    increment_t = tonnes_field(
        3,
        label=_("Sinks verified for this stretch"),
        signed=True,
        required=False,
        help_text=_("Not more than reported; below zero for a loss. Only whole tonnes of the sum will count."),
    )
    competence = forms.CharField(
        label=_("Competence of your body"),
        max_length=500,
        help_text=_("Accreditation for afforestation: number and sector. Printed."),
    )
    report_number = forms.CharField(label=_("Number of your report"), max_length=80)
    report = forms.FileField(label=_("Your report"), help_text=FILES)
    note = long_text(3, label=_("Reasons"), max_length=2000, required=False)

    def facts(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        amount = values.pop("increment_t") or Decimal(0)
        return values | {"increment_kg": amount * KG, "upload": values.pop("report")}
