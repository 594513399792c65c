"""Fields of areas, tonnes and days as people type them."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from neutrality.quantities import NotANumber, read_decimal
from neutrality.wording import unreadable

UNITS = re.compile(r"^(.*?)\s*(亩|公顷|mu|ha|hectares?)\s*$", re.I)
UNIT_OF = {"亩": "mu", "mu": "mu"}


class NumberField(forms.Field):
    """A plain amount above zero, or with a sign where `signed`."""

    def __init__(self, *, unit: Any = "", places: int = 3, signed: bool = False, **kwargs: Any):
        self.unit, self.places, self.signed = unit, places, signed
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            amount = read_decimal(str(value), max_digits=12 + self.places, places=self.places, signed=self.signed)
        except NotANumber as bad:
            raise ValidationError(unreadable(bad), code=bad.code) from bad
        if not amount and not self.signed:
            raise ValidationError(_("Enter a number above zero."), code="above_zero")
        return amount


class AreaField(NumberField):
    """An area; a unit written behind the number is taken off and remembered in `written`."""

    written = ""

    def to_python(self, value: Any) -> Decimal | None:
        self.written = ""
        if found := UNITS.match(str(value or "")):
            value, unit = found.groups()
            self.written = UNIT_OF.get(unit.lower(), "ha")
        return super().to_python(value)


def units_field(**kwargs: Any) -> NumberField:
    """Whole tonnes."""
    return NumberField(unit="t CO₂e", places=0, **kwargs)


def day_field(**kwargs: Any) -> forms.DateField:
    """A day, with the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    errors = {"invalid": _("Enter a day such as 2026-05-18.")}
    return forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], error_messages=errors, **kwargs)


def long_text(rows: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
