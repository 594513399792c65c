"""Filters of the public lists. A wrong filter is said, never guessed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.offsets.models import Registry, UnitKind
from neutrality.offsets.queries import Filters
from neutrality.rulebook import queries as rulebooks


class BrowseForm(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    registry = forms.ChoiceField(label=_("Registry"), required=False)
    kind = forms.ChoiceField(label=_("Kind of unit"), required=False)
    place = forms.ChoiceField(label=_("Place of the project"), required=False)
    vintage = forms.IntegerField(
        label=_("Vintage year"),
        required=False,
        min_value=1990,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("Enter a year such as 2024.")},
    )
    after = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, leave_out: tuple[str, ...] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        every = [("", _("All"))]
        self.fields["registry"].choices = every + [(row.code, row.name) for row in Registry.objects.all()]
        self.fields["kind"].choices = every + [(row.code, row.name) for row in UnitKind.objects.all()]
        self.fields["place"].choices = [
            *every,
            ("CN", _("In China")),
            ("abroad", _("Outside China")),
            *((row.code, row.name) for row in rulebooks.provinces()),
        ]
        for name in leave_out:
            del self.fields[name]

    def filters(self) -> Filters:
        """What was asked; call it when the form is valid."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "after" and value}
        return Filters(**found)

    def asked(self) -> bool:
        """Whether any filter is set."""
        return any(value for name, value in self.cleaned_data.items() if name != "after")


class SerialForm(forms.Form):
    q = forms.CharField(
        label=_("Serial number, certificate or block"),
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "placeholder": _("Serial number, certificate or block"),
            }
        ),
        help_text=_("As the registry prints it, one number or a run of numbers."),
    )
