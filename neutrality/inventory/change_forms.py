"""The form of one change a measure makes to a line of the estimate."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from neutrality.inputs import AmountField
from neutrality.inventory import queries, rules, words
from neutrality.inventory.rules import whatif

NEEDS = {
    whatif.Way.AMOUNT: ("amount",),
    whatif.Way.SHARE: ("percent",),
    whatif.Way.MOVE: ("percent", "factor"),
    whatif.Way.FACTOR: ("factor",),
}


class ChangeForm(forms.Form):
    """One change: which line, which way, how much."""

    line = forms.ChoiceField(label=_("Line of the estimate"), error_messages={"required": _("Choose a line.")})
    way = forms.ChoiceField(
        label=_("What changes"),
        widget=forms.RadioSelect,
        choices=[(way.value, name) for way, name in words.WAYS.items()],
        error_messages={"required": _("Choose what changes.")},
    )
    amount = AmountField(label=_("By how much less"), required=False, help_text=_("In the unit of the line."))
    percent = AmountField(label=_("Which share, in percent"), places=2, required=False)
    factor = forms.CharField(
        label=_("Factor used instead"),
        required=False,
        max_length=100,
        help_text=_("Its code in the library, for another way or another factor."),
        widget=forms.TextInput(attrs={"list": "factor-codes", "autocomplete": "off"}),
    )
    ratio = AmountField(
        required=False,
        label=_("New units for one old"),
        help_text=_("Only for another way: 1.2 where the way by rail is a fifth longer. Blank is 1."),
    )

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [("", _("Choose a line.")), *lines]

    def clean_factor(self) -> rules.Factor | None:
        code = self.cleaned_data["factor"].strip()
        if not code:
            return None
        found = queries.factors([code]).get(code)
        if found is None:
            raise ValidationError(words.FAULTS["factor_unknown"] % {"written": code[:40]})
        return found

    def clean(self) -> dict[str, Any]:
        """Every field its way needs; what the way does not use is put aside."""
        data = super().clean() or {}
        if "way" in data:
            needed = NEEDS[whatif.Way(data["way"])]
            for name in needed:
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, words.FAULTS[MISSING[name]])
        return data

    def change(self, measure: int) -> whatif.Change:
        """The change of a valid form."""
        data = self.cleaned_data
        way = whatif.Way(data["way"])
        used = {name: data[name] for name in NEEDS[way]}
        ratio = data["ratio"] if way is whatif.Way.MOVE and data["ratio"] is not None else Decimal(1)
        return whatif.Change(measure, data["line"], way, ratio=ratio, **used)


MISSING = {"amount": "change_amount", "percent": "change_percent", "factor": "factor_missing"}
