"""Form fields of days, months and numbers, read as people write them; what cannot be read is told in their language."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from neutrality import wording
from neutrality.quantities import NotANumber, read_decimal

DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")


class NativeInput(forms.DateInput):
    """A native picker, which falls back to a plain box when what was typed would not show in it."""

    def __init__(self, kind: str, shape: str):
        super().__init__(format="%Y-%m-%d" if kind == "date" else "%Y-%m")
        self.kind, self.shape = kind, re.compile(shape)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        context["widget"]["type"] = self.kind if not shown or self.shape.fullmatch(shown) else "text"
        return context


class DayField(forms.DateField):
    """A day: 2026-05-18, and the other ways people write it."""

    default_error_messages = {"invalid": _("Write the day as year-month-day, such as 2026-05-18.")}

    def __init__(self, **kwargs: Any):
        super().__init__(input_formats=DAYS, widget=NativeInput("date", r"\d{4}-\d\d-\d\d"), **kwargs)

    def to_python(self, value: Any) -> date | None:
        return super().to_python(halfwidth(value) if isinstance(value, str) else value)


class MonthField(forms.Field):
    """A month, 2026-01; becomes its first day."""

    default_error_messages = {"invalid": _("Write the month as year-month, such as 2026-01.")}

    def __init__(self, **kwargs: Any):
        super().__init__(widget=NativeInput("month", r"\d{4}-\d\d"), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        found = MONTH.fullmatch(halfwidth(str(value)))
        if found is None or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2100:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return date(int(found[1]), int(found[2]), 1)


class AmountField(forms.CharField):
    """A number as people type it; `unit` is shown beside it. What cannot be read is told by its code: the field's own
    words for that code, else those all fields share."""

    default_error_messages = {"required": _("Enter a number."), "above_zero": _("Enter a number above zero.")}

    def __init__(
        self,
        *,
        unit: Any = "",
        max_digits: int = 18,
        places: int = 6,
        signed: bool = False,
        above_zero: bool = False,
        inputmode: str = "decimal",
        **kwargs: Any,
    ):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": inputmode, "autocomplete": "off"}))
        super().__init__(**kwargs)
        self.unit, self.max_digits, self.places = unit, max_digits, places
        self.signed, self.above_zero = signed, above_zero

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if text == "":
            return None
        try:
            amount = read_decimal(text, self.max_digits, self.places, signed=self.signed)
        except NotANumber as problem:
            said = self.error_messages.get(problem.code) or wording.unreadable(problem)
            raise ValidationError(said, code=problem.code) from problem
        if self.above_zero and amount <= 0:
            raise ValidationError(self.error_messages["above_zero"], code="above_zero")
        return amount

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


def halfwidth(text: str) -> str:
    """Full-width signs as plain ones, without spaces around."""
    return unicodedata.normalize("NFKC", text).strip()
