"""Fields of numbers as people type them; the plain reading of quantities.py, in the reader's language."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.rules import NotUscc, read_uscc
from neutrality.quantities import NotANumber, read_decimal
from neutrality.wording import unreadable

MOST_UNITS = 10**11


class UnitsField(forms.Field):
    """A whole number of units, at least 1."""

    def __init__(self, *, unit: Any = "t", **kwargs: Any):
        self.unit = unit
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            amount = read_decimal(str(value), max_digits=12, places=0)
        except NotANumber as bad:
            if bad.code == "too_many_places":
                raise ValidationError(_("Units are whole tonnes. Enter a whole number."), code="whole") from bad
            raise ValidationError(unreadable(bad), code=bad.code) from bad
        if not 1 <= amount <= MOST_UNITS:
            raise ValidationError(_("Enter a whole number of at least 1."), code="at_least_one")
        return int(amount)


class TonnesField(forms.Field):
    """Tonnes with decimals, above zero."""

    def __init__(self, **kwargs: Any):
        self.unit = "t CO₂e"
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            amount = read_decimal(str(value))
        except NotANumber as bad:
            raise ValidationError(unreadable(bad), code=bad.code) from bad
        if amount == 0:
            raise ValidationError(_("The loss must be above zero."), code="above_zero")
        return amount


class PriceField(forms.Field):
    """Yuan per tonne, to the cent, above zero."""

    def __init__(self, **kwargs: Any):
        self.unit = _("CNY per t")
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            amount = read_decimal(str(value), max_digits=12, places=2)
        except NotANumber as bad:
            raise ValidationError(unreadable(bad), code=bad.code) from bad
        if amount == 0:
            raise ValidationError(_("The price must be above zero."), code="above_zero")
        return amount


def day_field(**kwargs: Any) -> forms.DateField:
    """A day, with the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    errors = {"invalid": _("Enter a day such as 2026-05-18.")}
    return forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], error_messages=errors, **kwargs)


def verified_organization(text: str) -> Organization:
    """The organization of that code, or a sentence for the form."""
    try:
        code = read_uscc(text).code
    except NotUscc:
        raise forms.ValidationError(_("This is no unified social credit code."), code="code") from None
    found = Organization.objects.filter(code=code, verified_at__isnull=False).first()
    if found is None:
        raise forms.ValidationError(_("No verified organization here has this code."), code="unknown")
    return found
