"""What people type here: little. Figures are never typed on these pages."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from neutrality.activities import words
from neutrality.disclosure.queries.register import CLAIMS
from neutrality.disclosure.words import CLAIM_SHORT
from neutrality.inputs import DayField
from neutrality.keys import new_key
from neutrality.rulebook.models import Region


class Keyed(forms.Form):
    """A form that is sent once, however often its button is pressed."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=new_key)


class PublishPlan(Keyed):
    """Publishing a plan asks for nothing but the decision."""


class PublishStatement(Keyed):
    """A first statement may carry a note; a further one says what changed."""

    correction = forms.CharField(
        label=_("What changed since the last statement, and why"),
        help_text=_("Printed on the new statement and kept for ever."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )
    note = forms.CharField(
        label=_("Note on the quality of the data"),
        help_text=_("For example which figures are estimated and why. Printed on the statement."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args, further: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if further:
            self.fields["correction"].required = True
        else:
            del self.fields["correction"]


class AsOf(forms.Form):
    """A day since a statement was published."""

    on = DayField(label=_("As it stood at the end of the day"))

    def __init__(self, *args, first: date, last: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.first, self.last = first, last

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        if not self.first <= day <= self.last:
            said = _("Choose a day from %(first)s, when the statement was published, to %(last)s.")
            raise forms.ValidationError(said, params={"first": self.first, "last": self.last}, code="outside")
        return day


class Withdraw(forms.Form):
    """Taking a statement back needs words for the public."""

    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        help_text=_("Shown on the statement, with the date, for ever."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class Search(forms.Form):
    """Filters of the register. What makes no sense is ignored: a list never refuses to be read."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)
    region = forms.ChoiceField(label=_("Province"), required=False)
    claim = forms.ChoiceField(label=pgettext_lazy("claim", "State"), required=False)

    def __init__(self, *args, years=(), **kwargs):
        super().__init__(*args, **kwargs)
        anything = [("", _("any"))]
        provinces = Region.objects.filter(code__endswith="0000").exclude(code="100000")
        self.fields["kind"].choices = anything + [(kind.value, text) for kind, text in words.KIND.items()]
        self.fields["year"].choices = anything + [(str(year), str(year)) for year in years]
        self.fields["region"].choices = anything + [(region.code, region.name) for region in provinces]
        self.fields["claim"].choices = anything + [(code.value, CLAIM_SHORT[code]) for code in CLAIMS]

    def value(self, name: str) -> str:
        """What was chosen, "" where it makes no sense."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""
