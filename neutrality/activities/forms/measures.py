"""Reduction measures: planned, and reported."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.activities.forms.shared import CHOOSE, UNSURE, WRITE, KeyedForm
from neutrality.activities.models import Activity, Measure
from neutrality.inputs import AmountField
from neutrality.wording import pick


class MeasureForm(forms.Form):
    """A reduction measure as planned."""

    title = forms.CharField(
        label=_("What will you do?"),
        max_length=120,
        error_messages=WRITE,
        help_text=_("Such as: drinking fountains instead of bottles."),
    )
    source = forms.ChoiceField(label=_("Which source does it cut?"), error_messages=CHOOSE)
    stage = forms.ChoiceField(label=_("In which stage?"))
    description = forms.CharField(
        label=_("How, in a few sentences"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    planned_kg = AmountField(
        label=_("How much will it spare?"),
        required=False,
        unit="kg CO₂e",
        max_digits=20,
        places=4,
        help_text=_("Leave it blank where nobody has worked it out; blank is shown as not estimated, never as zero."),
    )
    planned_basis = forms.CharField(
        label=_("How was that worked out?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Such as: 2,000 bottles × 0.09 kg."),
    )
    cost_cny = AmountField(label=_("What does it cost?"), required=False, unit="CNY", max_digits=14, places=2)
    responsible = forms.CharField(
        label=_("Who sees to it?"),
        max_length=120,
        required=False,
        help_text=_("A department or a role; it may be published, so no private names."),
    )

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any):
        super().__init__(*args, **kwargs)
        pack = activity.rulebook.rules
        sources = [(source.code.value, pick(source.name_zh, source.name_en)) for source in pack.sources]
        self.fields["source"].choices = [UNSURE, *sources]
        stages = [(entry.code.value, pick(entry.name_zh, entry.name_en)) for entry in pack.stages_of(activity.form)]
        self.fields["stage"].choices = stages
        if len(stages) == 1:
            self.fields["stage"].initial = stages[0][0]
            self.fields["stage"].widget = forms.HiddenInput()
        elif not self.is_bound and "stage" not in (self.initial or {}):
            self.fields["stage"].initial = "holding"


class NewMeasureForm(KeyedForm, MeasureForm):
    """The same, with a key."""


class ReportForm(forms.Form):
    """What came of a measure."""

    state = forms.ChoiceField(
        label=_("Was it carried out?"),
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
        choices=[("done", _("Yes, carried out")), ("dropped", _("No, not carried out"))],
    )
    outcome = forms.CharField(
        label=_("What came of it?"),
        error_messages=WRITE,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was done, or why it was not. It is published."),
    )
    achieved_kg = AmountField(
        label=_("How much did it spare?"),
        required=False,
        unit="kg CO₂e",
        max_digits=20,
        places=4,
        help_text=_("Leave it blank where it is not known; blank is not zero."),
    )
    upload = forms.FileField(
        label=_("Evidence"), required=False, help_text=_("PDF, JPG, PNG, XLSX or CSV, at most 25 MiB.")
    )
    reason = forms.CharField(
        label=_("Why is it reported again?"),
        max_length=1000,
        required=False,
        help_text=_("The earlier report stays readable beside it."),
    )

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if measure.reported_at is None:
            del self.fields["reason"]
