"""Form fields of this room: people and places as they are written."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from neutrality import wording
from neutrality.inputs import AmountField, halfwidth
from neutrality.rulebook import queries as rulebooks

MOST_PEOPLE = 100_000_000


class CountField(AmountField):
    """A whole number of people."""

    def __init__(self, **kwargs: Any):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(max_digits=15, places=6, widget=widget, **kwargs)

    def clean(self, value: Any) -> int | None:  # type: ignore[override]
        amount = super().clean(value)
        if amount is None:
            return None
        if amount != amount.to_integral_value() or amount > MOST_PEOPLE:
            raise ValidationError(_("Enter a whole number of people."), code="not_whole")
        return int(amount)


class PlaceField(forms.CharField):
    """A city or county by name, path or code; becomes its code. Several that fit are a question to the person."""

    default_error_messages = {
        "unknown": _("We know no such place. Write the name of a city or county, such as 成都市, or its six digits."),
        "several": _("There are several places of that name. Choose one below."),
    }

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        found = rulebooks.places(halfwidth(text))
        if len(found) == 1:
            return found[0].code
        raise ValidationError(self.error_messages["several" if found else "unknown"], code="several")

    def prepare_value(self, value: Any) -> Any:
        """A stored code is shown as its path, which reads back as the same place."""
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == 6:
            return path(value) or value
        return value


def path(code: str) -> str:
    """The path of a place in the reader's language: 四川省成都市, or Chengdu, Sichuan."""
    lineage = rulebooks.lineage(code)
    zh = "".join(region.name_zh for region in lineage)
    return wording.pick(zh, ", ".join(region.name_en for region in reversed(lineage)))
