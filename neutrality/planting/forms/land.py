"""Corners: typed, pasted or from a file, with the coordinate system said plainly."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.keys import new_key
from neutrality.planting import rules
from neutrality.planting.forms.fields import long_text
from neutrality.planting.models import SystemChoice
from neutrality.planting.words import FAULTS, NO_SYSTEM

LONGEST_SHOWN = 200_000


class LandForm(forms.Form):
    """The corners of a plot. What a file held is put into the field of corners, so that nothing is lost."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=new_key)
    system = forms.ChoiceField(
        label=_("Coordinate system of the corners"),
        choices=SystemChoice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": NO_SYSTEM},
        help_text=_("Look at what the corners were taken with. Wrongly said, the plot lies some hundred metres off."),
    )
    corners = long_text(
        7,
        label=_("Corners"),
        required=False,
        strip=False,
        help_text=_(
            "One corner a line: longitude, comma, latitude, such as 103.512345, 30.623456. GeoJSON, KML or WKT may be "
            "pasted too."
        ),
    )
    file = forms.FileField(
        label=_("Or a file with the border"),
        required=False,
        help_text=_("GeoJSON, KML or WKT, up to 1 MiB and 2,000 corners. It takes the place of the field above."),
    )
    source_name = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if upload := cleaned.get("file"):
            text = self._text(upload)
            if text is None:  # what was typed stays
                cleaned.pop("corners", None)
                return cleaned
            cleaned["corners"], cleaned["source_name"] = text, upload.name[:200]
            self._keep(cleaned["corners"], cleaned["source_name"])
        if not (cleaned.get("corners") or "").strip() and "corners" not in self.errors:
            self.add_error("corners", FAULTS["empty"])
        return cleaned

    def _text(self, upload: Any) -> str | None:
        """What the file says; None, and the reason on the form, where it is too large or no text."""
        if upload.size > rules.LARGEST:
            self.add_error("file", FAULTS["too_large"])
            return None
        try:
            return rules.decoded(upload.read())
        except rules.Unreadable as bad:
            self.add_error("file", FAULTS[bad.faults[0].code])
            return None

    def _keep(self, text: str, name: str) -> None:
        if len(text) <= LONGEST_SHOWN:
            self.data = self.data.copy()
            self.data["corners"], self.data["source_name"] = text, name
