"""Filters of the public lists. A wrong filter is said, never guessed."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from neutrality.offsets import geography
from neutrality.offsets.models import Registry, UnitKind
from neutrality.offsets.queries import HOME, Facets, Filters
from neutrality.offsets.rules.browsing import ABROAD, FIRST_YEAR, LAST_YEAR, MOST_TEXT
from neutrality.stencils import Kept
from neutrality.trail import queries as trail

CHOICES = ("registry", "kind", "place")


class BrowseForm(forms.Form):
    """The filters of one list; `leave_out` names those it does not have."""

    q = forms.CharField(label=_("Search"), required=False, max_length=MOST_TEXT)
    registry = forms.ChoiceField(label=_("Registry"), required=False)
    kind = forms.ChoiceField(label=_("Kind of unit"), required=False)
    place = forms.ChoiceField(label=_("Place of the project"), required=False)
    vintage = forms.IntegerField(
        label=_("Vintage year"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("Enter a year such as 2024.")},
    )
    method = forms.CharField(label=_("Methodology"), required=False, max_length=MOST_TEXT)
    label = forms.CharField(
        label=_("Label of the project"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.TextInput(attrs={"placeholder": "CORSIA"}),
    )
    owner = forms.CharField(label=_("Owner"), required=False, max_length=MOST_TEXT)

    def __init__(self, *args: Any, leave_out: tuple[str, ...] = (), owner: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.facets: Facets | None = None
        offered = _offered()
        self.kinds, self.keys = offered.kinds, offered.keys
        for name, choices in offered.choices.items():
            self.fields[name].choices = choices
        if owner:
            self.fields["owner"].label = owner
        for name in leave_out:
            del self.fields[name]

    def filters(self) -> Filters:
        """What was asked; call it when the form is valid."""
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value})

    def asked(self) -> bool:
        """Whether any filter is set."""
        return any(self.cleaned_data.values())

    def texts(self) -> list[forms.BoundField]:
        """The fields to write in."""
        return self._present("q", "vintage")

    def _present(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    def more(self) -> dict[str, Any] | None:
        """What fewer readers ask, folded away."""
        found = {"choices": self._chosen("registry"), "texts": self._present("method", "label", "owner")}
        return found if found["texts"] else None

    def more_asked(self) -> bool:
        return any(self.data.get(name) for name in ("registry", "method", "label", "owner"))

    def choices(self) -> list[dict[str, Any]]:
        """The lists to choose from, each option with how many rows it would leave; those without are left out."""
        return self._chosen("kind", "place") if "method" in self.fields else self._chosen(*CHOICES)

    def _chosen(self, *names: str) -> list[dict[str, Any]]:
        return [{"field": self[name], "options": self._options(name)} for name in names if name in self.fields]

    def _options(self, name: str) -> list[tuple[str, Any, str, bool]]:
        chosen = self.data.get(name, "")
        counts = self._counts(name)
        rows = []
        for value, label in self.fields[name].choices:
            count = counts.get(value, 0) if counts is not None and value else None
            if count != 0 or value == chosen:
                rows.append((value, label, "" if count is None else f"{count:,d}", value == chosen))
        return rows

    def _counts(self, name: str) -> dict[str, int] | None:
        if self.facets is None or not self.facets.has(name):
            return None
        found = {value: count.rows for value, count in self.facets.counts.get(name, {}).items()}
        if name == "place":
            return _by_place(found)
        return {code: found.get(key, 0) for code, key in self.keys[name].items()}


class Ready(BaseChoiceIterator):
    """Choices that are in order as they are; Django would look at each of hundreds again for every form."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = [("", str(_("All"))), *pairs]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)


class Offered(NamedTuple):
    """What can be chosen, in the reader's language."""

    kinds: list[UnitKind]
    keys: dict[str, dict[str, str]]
    """Keys by code."""
    choices: dict[str, Ready]


OFFERED: Kept[Offered] = Kept(8)


def _offered() -> Offered:
    """The same until anything happens."""
    version = trail.version()
    return OFFERED.get((version, get_language()), _read_offered) if version else _read_offered()


def _read_offered() -> Offered:
    rows = {"registry": list(Registry.objects.all()), "kind": list(UnitKind.objects.all())}
    keys = {name: {row.code: str(row.pk) for row in every} for name, every in rows.items()}
    choices = {name: Ready([(row.code, row.name) for row in every]) for name, every in rows.items()}
    return Offered(rows["kind"], keys, choices | {"place": Ready(_places())})


def _places() -> list[tuple[str, str]]:
    provinces = [(f"{digits}0000", geography.province(digits)) for digits in geography.provinces()]
    countries = [(code, geography.country(code)) for code in geography.countries() if code != "CN"]
    whole = [("CN", str(_("In China"))), (ABROAD, str(_("Outside China")))]
    return [*whole, *provinces, *sorted(countries, key=lambda pair: pair[1])]


def _by_place(found: dict[str, int]) -> dict[str, int]:
    """Counts by "country province" as counts of every place that can be chosen."""
    counts: Counter[str] = Counter()
    for value, rows in found.items():
        country, _blank, province = value.partition(" ")
        if not country:
            continue
        counts["CN" if country in HOME else ABROAD] += rows
        if country != "CN":
            counts[country] += rows
        if province:
            counts[f"{province}0000"] += rows
    return counts


class SerialForm(forms.Form):
    q = forms.CharField(
        label=_("Serial number, certificate or block"),
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "placeholder": _("Serial number, certificate or block"),
            }
        ),
        help_text=_("As the registry prints it, one number or a run of numbers."),
    )
