"""What owners fill in to set units aside, to use or free them, and to certify that units lie free."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from neutrality.activities.models import Activity
from neutrality.inputs import DayField
from neutrality.offsets.forms.fields import UnitsField, verified_organization
from neutrality.offsets.forms.holding import KeyedForm


class ReserveForm(KeyedForm):
    activity = forms.CharField(
        label=_("Code of the activity"), max_length=20, help_text=_("As printed on its page, such as A7K2-M9QX.")
    )
    quantity = UnitsField(label=_("Units to reserve"))
    expires_on = DayField(
        label=_("Reserved until"), help_text=_("At most 180 days from now. Afterwards the units are free.")
    )

    def clean_activity(self) -> Activity:
        code = self.cleaned_data["activity"].strip().upper()
        found = Activity.objects.public().filter(code=code).select_related("organization", "rulebook").first()
        if found is None:
            raise forms.ValidationError(_("No public activity has this code."), code="unknown")
        return found


class UseForm(forms.Form):
    quantity = UnitsField(label=_("Units to cancel"), help_text=_("The rest returns to its owner."))
    reason = forms.CharField(
        label=_("Why these units"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Printed on the statement where the rule pack prefers other units."),
    )
    sure = forms.CharField(required=False, widget=forms.HiddenInput)


class ClearForm(KeyedForm):
    reader = forms.CharField(
        label=_("Unified social credit code of the lender"),
        max_length=40,
        required=False,
        help_text=_(
            "It then stands on the lender's page. Without it the certificate is for anybody who has its address."
        ),
    )

    def clean_reader(self) -> Any:
        text = self.cleaned_data["reader"].strip()
        found: Organization | None = verified_organization(text) if text else None
        return found
