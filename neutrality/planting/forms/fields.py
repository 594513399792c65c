"""Fields of areas and tonnes as people type them."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.inputs import AmountField

UNITS = re.compile(r"^(.*?)\s*(亩|公顷|mu|ha|hectares?)\s*$", re.I)
UNIT_OF = {"亩": "mu", "mu": "mu"}


class AreaField(AmountField):
    """An area; a unit written behind the number is taken off and remembered in `written`."""

    written = ""

    def clean(self, value: Any) -> Decimal | None:
        self.written = ""
        if found := UNITS.match(str(value or "")):
            value, unit = found.groups()
            self.written = UNIT_OF.get(unit.lower(), "ha")
        return super().clean(value)


def tonnes_field(places: int = 0, **kwargs: Any) -> AmountField:
    """Tonnes, whole ones unless said otherwise; above zero unless they may have a sign."""
    kwargs.setdefault("above_zero", not kwargs.get("signed"))
    if not places:
        kwargs.setdefault("error_messages", {"too_many_places": _("Enter whole tonnes, such as 120.")})
    return AmountField(unit="t CO₂e", max_digits=12 + places, places=places, **kwargs)


def long_text(rows: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
