"""Input of cases, turned into typed values. Which form an act needs stands in one table."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.inputs import DayField
from neutrality.oversight import words
from neutrality.oversight.rules import WORDLESS, Act, Method


def area(label: Any, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=8000, widget=forms.Textarea(attrs={"rows": rows}), **options)


class PlainForm(forms.Form):
    """An act that needs no words."""


class ReasonForm(forms.Form):
    text = area(_("Reason"))


class AnswerForm(forms.Form):
    text = area(_("What you have to say"))
    file = forms.FileField(label=_("Document"), required=False)


class AskForm(forms.Form):
    text = area(_("Question to the organizer"))
    public_text = area(_("What the public may read"), required=False, rows=2)


class PublicAnswerForm(forms.Form):
    text = area(_("Answer to the authority"))
    public_text = area(_("What the public may read"), required=False, rows=2)
    file = forms.FileField(label=_("Document"), required=False)


class ProposeForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(code.value, text) for code, text in words.OUTCOMES.items()],
        widget=forms.RadioSelect,
    )
    public_text = area(_("What the public may read"), rows=3)
    text = area(_("Note for the second person"), required=False, rows=2)


class RemarkForm(forms.Form):
    field = forms.ChoiceField(label=_("About"))
    text = area(_("Remark"), rows=3)

    def __init__(self, *args: Any, fields: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = list(fields)


class ServeForm(forms.Form):
    facts = area(_("Facts and rule"), help_text=_("What happened, on which evidence, and which rule it touches."))
    effect = area(_("What would follow"), rows=2)


class DeliverForm(forms.Form):
    method = forms.ChoiceField(
        label=_("How it was delivered"),
        choices=[(code.value, words.METHODS[code]) for code in (Method.IN_PERSON, Method.POST)],
        widget=forms.RadioSelect,
    )
    delivered_on = DayField(
        label=_("Day of delivery"), help_text=_("The term for an answer begins on the following working day.")
    )
    address_since = DayField(
        label=_("Address on record since"),
        required=False,
        help_text=_("For post: an address newer than 5 days does not count."),
    )
    proof = forms.FileField(label=_("Proof of delivery"), help_text=_("The signed receipt or the slip of the post."))

    def clean_method(self) -> Method:
        return Method(self.cleaned_data["method"])


class EvidenceForm(forms.Form):
    title = forms.CharField(label=_("What it shows"), max_length=200)
    file = forms.FileField(label=_("Document"))


class TakeBackForm(forms.Form):
    reason = area(_("Reason"), rows=2)


class ChallengeForm(forms.Form):
    """No account needed; name and address only for whoever wants to hear of the outcome."""

    figure = forms.ChoiceField(label=_("Which figure do you doubt?"))
    text = forms.CharField(
        label=_("Why?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you know and how. Your words go to the authority; they are not published."),
    )
    name = forms.CharField(
        label=_("Your name"), required=False, max_length=100, help_text=_("Only for the authority, never public.")
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Only if you want to be told the outcome; never public.")
    )

    def __init__(self, *args: Any, figures: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["figure"].choices = list(figures)


FORMS = {
    Act.REMARK: RemarkForm,
    Act.ASK: AskForm,
    Act.ANSWER: PublicAnswerForm,
    Act.PROPOSE: ProposeForm,
    Act.SERVE: ServeForm,
    Act.DELIVER: DeliverForm,
    Act.OBJECT: AnswerForm,
    Act.APPEAL: AnswerForm,
}


def form_for(act: Act) -> type[forms.Form]:
    """The form an act needs: its own, a reason, or nothing but the button."""
    return FORMS.get(act, PlainForm if act in WORDLESS else ReasonForm)
