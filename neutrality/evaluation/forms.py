"""Input of confirmations, turned into typed values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.rules import Kind
from neutrality.evaluation import rules, words
from neutrality.inputs import AmountField


def ticks(choices: dict[Any, Any], label: Any) -> forms.MultipleChoiceField:
    """A list of sentences to affirm one by one; whether all are is the operation's question."""
    return forms.MultipleChoiceField(
        label=label,
        choices=[(code.value, text) for code, text in choices.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Affirm each sentence by its box.")},
    )


class CommitForm(forms.Form):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    affirmed = ticks(words.STATEMENTS, _("We checked ourselves against the guide and affirm"))
    signatory = forms.CharField(
        label=_("Name of the person who signs"),
        max_length=100,
        help_text=_("It stands on the public statement."),
    )


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class InviteForm(forms.Form):
    organization = forms.ModelChoiceField(
        label=_("Evaluator"),
        queryset=Organization.objects.none(),
        help_text=_("Only verified evaluators are offered. Ties that rule one out are checked when you invite."),
    )
    message = forms.CharField(
        label=_("Message"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offered = Organization.objects.verified().filter(kind=Kind.EVALUATOR).order_by("name_zh", "code")
        self.fields["organization"].queryset = offered


class AcceptForm(forms.Form):
    declared = ticks(words.DECLARATIONS, _("We declare for this activity"))


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class FindingForm(forms.Form):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    verdict = forms.ChoiceField(
        label=_("Finding"),
        choices=[(code.value, text) for code, text in words.VERDICTS.items()],
        widget=forms.RadioSelect,
    )
    difference_kg = AmountField(
        label=_("Misstated by, in kg"),
        required=False,
        places=4,
        signed=True,
        help_text=_("What the line should be less what it is: 120.5, or -80 when it is too high."),
    )
    text = forms.CharField(
        label=_("What you found"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_verdict(self) -> rules.Verdict:
        return rules.Verdict(self.cleaned_data["verdict"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        verdict = given.get("verdict")
        if verdict and verdict is not rules.Verdict.AGREED and not given.get("text", "").strip():
            self.add_error("text", _("Say what you found, so that the organizer can answer."))
        wrong = verdict is rules.Verdict.MISSTATED and "difference_kg" not in self.errors
        if wrong and given.get("difference_kg") is None:
            self.add_error("difference_kg", _("Say by how many kg the line is misstated."))
        return given


class SignForm(forms.Form):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    opinion = forms.ChoiceField(
        label=_("Opinion"),
        choices=[(code.value, text) for code, text in words.OPINIONS.items()],
        widget=forms.RadioSelect,
    )
    conclusion_zh = forms.CharField(
        label=_("Conclusion in Chinese"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    conclusion_en = forms.CharField(
        label=_("Conclusion in English"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    report = forms.FileField(label=_("Report"), required=False, help_text=_("PDF, at most 25 MiB."))
    declared = ticks(words.DECLARATIONS, _("We declare once more, at signing"))

    def clean_opinion(self) -> rules.Opinion:
        return rules.Opinion(self.cleaned_data["opinion"])
