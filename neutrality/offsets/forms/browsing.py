"""Filters of the public lists. A wrong filter is said, never guessed."""

from collections import Counter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.offsets import geography
from neutrality.offsets.models import Registry, UnitKind
from neutrality.offsets.queries import HOME, Facets, Filters
from neutrality.offsets.rules.browsing import ABROAD, FIRST_YEAR, LAST_YEAR, MOST_TEXT

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
    owner = forms.CharField(label=_("Owner"), required=False, max_length=MOST_TEXT)

    def __init__(self, *args: Any, leave_out: tuple[str, ...] = (), owner: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.facets: Facets | None = None
        registries, self.kinds = list(Registry.objects.all()), list(UnitKind.objects.all())
        self.keys = {"registry": {row.code: str(row.pk) for row in registries}}
        self.keys["kind"] = {row.code: str(row.pk) for row in self.kinds}
        self.fields["registry"].choices = [("", _("All")), *((row.code, row.name) for row in registries)]
        self.fields["kind"].choices = [("", _("All")), *((row.code, row.name) for row in self.kinds)]
        self.fields["place"].choices = _places()
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
        found = {"choices": self._chosen("registry"), "texts": self._present("method", "owner")}
        return found if found["texts"] else None

    def more_asked(self) -> bool:
        return any(self.data.get(name) for name in ("registry", "method", "owner"))

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


def _places() -> list[tuple[str, Any]]:
    provinces = [(f"{digits}0000", geography.province(digits)) for digits in geography.provinces()]
    countries = [(code, geography.country(code)) for code in geography.countries() if code != "CN"]
    whole = [("", _("All")), ("CN", _("In China")), (ABROAD, _("Outside China"))]
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
