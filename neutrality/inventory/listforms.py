"""Forms of a list of participants: the upload, and what its doubtful places mean."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from neutrality.inventory import trips, words
from neutrality.inventory.listreading import way_key
from neutrality.inventory.models import Roster
from neutrality.inventory.rules import travel

NOT_ONE_CITY = _("This city is not in our table, or there are several. Write a larger city nearby.")


class JourneysForm(forms.Form):
    """A list of participants, and where they went."""

    workbook = forms.FileField(
        label=_("List of participants"),
        help_text=_(
            "An .xlsx or .csv with one row for each person or group: city, means of travel, people, nights, meals. "
            "Up to 1,200,000 rows and 160 MiB."
        ),
    )
    venue = forms.CharField(label=_("City of the activity"), max_length=60)
    infer = forms.BooleanField(
        label=_("Where the means is blank: high-speed rail, beyond 800 km a plane"), required=False
    )

    def clean_venue(self) -> Any:
        found = trips.gazetteer().find(self.cleaned_data["venue"])
        if len(found) != 1:
            raise ValidationError(NOT_ONE_CITY)
        return found[0]


class AnswersForm(forms.Form):
    """What the doubtful places and ways of a list mean: one field for each spelling, one for each place and mode."""

    def __init__(self, *args: Any, roster: Roster, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.asked = {}
        gazetteer = trips.gazetteer()
        for number, each in enumerate(roster.findings):
            if each["code"].startswith("way_"):
                self._ask_about_a_way(f"way-{number}", each)
            if not each["code"].startswith("place_"):
                continue
            self.asked[f"place-{number}"] = each["written"]
            offered = [(code, words.place(gazetteer.places[code])) for code in each["candidates"]]
            label = words.asked(each)
            if each["code"] == "place_ambiguous":
                field: forms.Field = forms.ChoiceField(choices=[("", _("Choose")), *offered], required=False)
            else:
                field = forms.CharField(max_length=80, required=False)
                field.help_text = words.FAULTS[each["code"]] % {}
                if offered:
                    field.help_text = _("A province. Say which city is meant; its capital is %(city)s.") % {
                        "city": offered[0][1]
                    }
            field.label = label
            self.fields[f"place-{number}"] = field

    def _ask_about_a_way(self, name: str, each: dict[str, Any]) -> None:
        place, mode = each["way"]
        offered = travel.offered(each["code"], travel.Mode(mode))
        choices = [("", _("Choose")), *((one.value, words.MODES[one]) for one in offered)]
        field = forms.ChoiceField(choices=choices, required=False, label=words.asked(each))
        field.help_text = words.FAULTS[each["code"]] % words.way(each)
        self.asked[name], self.fields[name] = way_key(place, mode), field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in (each for each in self.asked if each.startswith("place-")):
            text = cleaned.get(name, "")
            found = trips.gazetteer().find(text) if text else ()
            if text and text not in trips.gazetteer().places and len(found) != 1:
                self.add_error(
                    name, _("This city is not in our table, or there are several. Write a larger city nearby.")
                )
            elif text and text not in trips.gazetteer().places:
                cleaned[name] = found[0].code
        return cleaned

    def answers(self) -> dict[str, str]:
        """Spellings and the codes of the places they mean, where something was said."""
        return {written: self.cleaned_data[name] for name, written in self.asked.items() if self.cleaned_data.get(name)}
