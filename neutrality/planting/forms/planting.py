"""What an organizer promises."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.inputs import DayField
from neutrality.planting.forms.fields import AreaField, long_text, tonnes_field
from neutrality.planting.forms.land import LandForm
from neutrality.planting.models import AreaUnit
from neutrality.planting.words import METHODS

MOST_SPECIES = 30
LAND = {"system", "corners", "file", "source_name"}


class CommitForm(LandForm):
    """Everything that must be kept and disclosed of a planting (R1.25)."""

    place_name = forms.CharField(
        label=_("Place"), max_length=120, help_text=_("County, township, village or forest farm.")
    )
    stated_area = AreaField(
        label=_("Area"),
        places=4,
        max_digits=16,
        above_zero=True,
        help_text=_("As your contract or plan says. The corners must agree within 5 percent."),
    )
    stated_unit = forms.ChoiceField(
        label=_("Unit of the area"), choices=AreaUnit.choices, widget=forms.RadioSelect, help_text=_("1 ha is 15 mu.")
    )
    species = long_text(
        3,
        label=_("Species and number of trees"),
        max_length=2000,
        help_text=_("One species a line: name, comma, trees. Such as 云杉, 12000."),
    )
    methodology = forms.ChoiceField(label=_("Methodology of the sink"), choices=[*METHODS.items()])
    planting_plan = long_text(4, label=_("Planting plan"), max_length=4000)
    monitoring_plan = long_text(
        4,
        label=_("Monitoring plan"),
        max_length=4000,
        help_text=_("Sample plots, what is measured each year, by whom."),
    )
    land_right = forms.CharField(
        label=_("Right to the land"),
        max_length=500,
        help_text=_("Kind and number of the certificate or contract, and until when it runs."),
    )
    planted_on = DayField(label=_("Day of planting"))
    promised_units = tonnes_field(
        label=_("Sinks promised within the six years"),
        help_text=_("Whole tonnes. None counts before a competent body has verified it."),
    )
    declared = forms.BooleanField(
        label=_("The sinks of this planting are used for this activity only and will never be developed for credits"),
        required=False,
    )

    def __init__(self, *args: Any, measuring: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.measuring = measuring
        if measuring:  # only the land is asked about; what else was typed stays in its fields
            for name in set(self.fields) - LAND - {"key"}:
                self.fields[name].required = False

    def clean_species(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        wrong: list[forms.ValidationError] = []
        if self.measuring:
            return found
        for row, line in enumerate(self.cleaned_data["species"].splitlines(), start=1):
            if not line.strip():
                continue
            name, _comma, trees = line.replace("，", ",").rpartition(",")
            if not name.strip() or not trees.strip().isdecimal() or not 0 < int(trees) < 10**9:
                words = _("Line %(row)s: write the name, a comma and the number of trees.") % {"row": row}
                wrong.append(forms.ValidationError(words, code="species"))
                continue
            found.append({"name": name.strip(), "trees": int(trees)})
        if wrong:
            raise forms.ValidationError(wrong[:MOST_SPECIES])
        if not 1 <= len(found) <= MOST_SPECIES:
            raise forms.ValidationError(_("Name between 1 and 30 species."), code="species")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        written, chosen = self.fields["stated_area"].written, cleaned.get("stated_unit")  # type: ignore[attr-defined]
        if written and chosen and written != chosen:
            words = _("You wrote one unit behind the number and chose another. Keep one of them.")
            self.add_error("stated_area", words)
        if (units := cleaned.get("promised_units")) is not None:
            cleaned["promised_units"] = int(units)
        return cleaned

    @property
    def promise(self) -> dict[str, Any]:
        """The values of the promise, without those of the land."""
        return {name: value for name, value in self.cleaned_data.items() if name not in LAND}

    @property
    def area(self) -> Decimal | None:
        return self.cleaned_data.get("stated_area")


class CallOffForm(forms.Form):
    reason = long_text(3, label=_("Why it is called off"), max_length=1000, help_text=_("Printed on the public page."))
