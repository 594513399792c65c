"""Form fields of this room: days, months, amounts and places as people write them."""

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
from neutrality.rulebook import queries as rulebooks

DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
MOST_PEOPLE = 100_000_000


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
        return super().to_python(_halfwidth(value) if isinstance(value, str) else value)


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
        found = MONTH.fullmatch(_halfwidth(str(value)))
        if found is None or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2100:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return date(int(found[1]), int(found[2]), 1)


class AmountField(forms.CharField):
    """A number as people type it; `unit` is shown beside it."""

    default_error_messages = {"required": _("Enter a number.")}

    def __init__(self, *, unit: Any = "", max_digits: int = 18, places: int = 6, **kwargs: Any):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)
        self.unit, self.max_digits, self.places = unit, max_digits, places

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if text == "":
            return None
        try:
            return read_decimal(text, self.max_digits, self.places)
        except NotANumber as problem:
            raise ValidationError(wording.unreadable(problem), code=problem.code) from problem

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


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
        found = rulebooks.places(_halfwidth(text))
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


def _halfwidth(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
