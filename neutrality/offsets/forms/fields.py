"""Fields of units, tonnes and prices as people type them, and of organizations by their code."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.rules import NotUscc, read_uscc
from neutrality.inputs import AmountField
from neutrality.wording import UNREADABLE

MOST_UNITS = 10**11


class UnitsField(AmountField):
    """A whole number of units, at least 1."""

    default_error_messages = {
        "too_many_places": _("Units are whole tonnes. Enter a whole number."),
        "above_zero": _("Enter a whole number of at least 1."),
    }

    def __init__(self, *, unit: Any = "t", **kwargs: Any):
        super().__init__(unit=unit, max_digits=12, places=0, above_zero=True, inputmode="numeric", **kwargs)

    def clean(self, value: Any) -> int | None:  # type: ignore[override]
        amount = super().clean(value)
        if amount is not None and amount > MOST_UNITS:
            raise ValidationError(UNREADABLE["too_many_digits"], code="too_many_digits")
        return None if amount is None else int(amount)


def loss_field(**kwargs: Any) -> AmountField:
    """Tonnes of a loss, with decimals, above zero."""
    return AmountField(unit="t CO₂e", above_zero=True, **kwargs)


def price_field(**kwargs: Any) -> AmountField:
    """Yuan per tonne, to the cent, above zero."""
    return AmountField(unit=_("CNY per t"), max_digits=12, places=2, above_zero=True, **kwargs)


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
