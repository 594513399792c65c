"""Which rulebook is in force, which covers a place, the working-day calendar, and what a person means by a place."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from neutrality.periods import Calendar
from neutrality.rulebook import rules
from neutrality.rulebook.models import Holiday, Region, Rulebook

MOST_PLACES = 12
LONGEST_PLACE = 60  # signs a person may write; the longest path has 25
CHINA = "100000"


def in_force(code: str, day: date) -> Rulebook:
    """The version of `code` in force on `day`: the latest not after it. Rulebook.DoesNotExist where there is none."""
    found = Rulebook.objects.filter(code=code, effective_on__lte=day).order_by("effective_on", "id").last()
    if found is None:
        raise Rulebook.DoesNotExist(f"no rulebook {code} in force on {day}")
    return found


def current(day: date) -> list[Rulebook]:
    """Of every rulebook the version in force on `day`, the country's first."""
    found = {row.code: row for row in Rulebook.objects.filter(effective_on__lte=day).order_by("effective_on", "id")}
    return sorted(found.values(), key=lambda row: (row.jurisdiction, row.code))


def proposed(region_code: str, form: str, day: date) -> list[Rulebook]:
    """Rulebooks for activities of `form`, best first: the most local that covers the place, then wider, then the rest.

    The rest are offered because a person may follow a text that does not bind them; the statement names it.
    """
    fitting = [row for row in current(day) if form in row.rules.forms]
    return sorted(fitting, key=lambda row: _fitness(row.jurisdiction, region_code), reverse=True)


def _fitness(jurisdiction: str, region_code: str) -> tuple[bool, bool]:
    return rules.applies(jurisdiction, region_code), jurisdiction != rules.COUNTRY


def calendar(years: Iterable[int] | None = None) -> Calendar:
    """The official calendar, of all loaded years or of `years`; years without data are not in it."""
    days = Holiday.objects.all()
    if years is not None:
        days = days.filter(day__year__in=list(years))
    rows = list(days.values_list("day", "kind"))
    return Calendar(
        holidays=frozenset(day for day, kind in rows if kind == rules.HolidayKind.OFF),
        workdays=frozenset(day for day, kind in rows if kind == rules.HolidayKind.WORK),
        years=frozenset(day.year for day, _ in rows),
    )


def lineage(code: str) -> list[Region]:
    """A division and what it lies in, widest first, without the country; empty for an unknown code."""
    codes = {code, f"{code[:4]}00", f"{code[:2]}0000"}
    return list(Region.objects.filter(code__in=codes).exclude(code=rules.COUNTRY))


def provinces() -> QuerySet[Region]:
    """The provincial divisions of China, by code."""
    return Region.objects.filter(parent=CHINA)


def places(text: str) -> list[Region]:
    """The divisions a person may mean by `text`: a code, a name in either language, or a path such as 四川省成都市.

    One result is an answer, several are a question to the person (there are many 朝阳区), none is an error.
    """
    text = "".join(text.split()) if any("\u4e00" <= sign <= "\u9fff" for sign in text) else " ".join(text.split())
    if not text or len(text) > LONGEST_PLACE or "\x00" in text:
        return []
    if text.isascii() and text.isdigit():
        return list(Region.objects.filter(code=text).exclude(code=rules.COUNTRY))
    exact = _places(Q(name_zh=text) | Q(name_en__iexact=text))
    return exact or _by_path(text) or _places(Q(name_zh__startswith=text) | Q(name_en__istartswith=text))


def _places(condition: Q) -> list[Region]:
    return list(Region.objects.filter(condition).exclude(code=rules.COUNTRY).order_by("code")[:MOST_PLACES])


def _by_path(text: str) -> list[Region]:
    """Divisions whose own name ends the text and whose wider division begins it."""
    ends = _places(Q(name_zh__in=[text[start:] for start in range(1, len(text))]))
    return [region for region in ends if any(text.startswith(wider.name_zh) for wider in lineage(region.code)[:-1])]
