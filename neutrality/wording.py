"""Words that depend on the reader's language, for data kept in pairs and for numbers that cannot be read."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from neutrality.quantities import NotANumber

UNREADABLE = {
    "blank": _("Enter a number."),
    "not_a_number": _("This is not a number. Write digits and a decimal point, such as 1448.5."),
    "decimal_comma": _("A comma only separates thousands here. Write the decimals after a point, such as 1448.5."),
    "exponent": _("Write the number out in full, without an exponent."),
    "a_day": _("This is a day or a time, no number. Format the cell as a number and write the number again."),
    "rough": _("Write the number alone, without words such as “about” around it."),
    "negative": _("The number cannot be below zero."),
    "too_many_digits": _("The number is too large."),
    "too_many_places": _("The number has too many decimals."),
}


def in_chinese() -> bool:
    """Whether the reader reads Chinese."""
    return (get_language() or "zh").startswith("zh")


def pick(zh: str, en: str) -> str:
    """The text in the reader's language; the other one where that is missing."""
    return (zh or en) if in_chinese() else (en or zh)


def unreadable(problem: NotANumber) -> Any:
    """What to tell the person who typed it."""
    return UNREADABLE[problem.code]
