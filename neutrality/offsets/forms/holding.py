"""What holders and organizers fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from neutrality.activities.models import Activity
from neutrality.keys import new_key
from neutrality.offsets.forms.fields import UnitsField, price_field, verified_organization
from neutrality.offsets.models.surrenders import SurrenderPurpose


class KeyedForm(forms.Form):
    """A form whose hidden key makes sending it twice one act."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=new_key)


class RetireForm(KeyedForm):
    quantity = UnitsField(label=_("Units to cancel"))
    reason = forms.CharField(
        label=_("Why these units"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Printed on the statement where the rule pack prefers other units."),
    )
    sure = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asks_reason: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if asks_reason:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _("Say why: the rule pack prefers other units.")
        else:
            del self.fields["reason"]


class DonateForm(KeyedForm):
    activity = forms.CharField(
        label=_("Code of the activity"), max_length=20, help_text=_("As printed on its page, such as A7K2-M9QX.")
    )
    quantity = UnitsField(label=_("Units to cancel for it"))

    def clean_activity(self) -> Activity:
        code = self.cleaned_data["activity"].strip().upper()
        found = Activity.objects.public().filter(code=code).select_related("organization", "rulebook").first()
        if found is None:
            raise forms.ValidationError(_("No public activity has this code."), code="unknown")
        return found


class OfferForm(forms.Form):
    quantity = UnitsField(label=_("Units offered"))
    price_cny = price_field(label=_("Price"), help_text=_("What you ask. Paying happens between you and the buyer."))


class AskForm(KeyedForm):
    taker = forms.ModelChoiceField(
        label=_("For which organization"), queryset=Organization.objects.none(), to_field_name="code", empty_label=None
    )
    quantity = UnitsField(label=_("Units wanted"))
    note = forms.CharField(label=_("Message to the owner"), required=False, max_length=500)

    def __init__(self, *args: Any, takers: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["taker"].queryset = takers


class StepForm(forms.Form):
    """One word in an open order; only a step that names a price has one."""

    price_cny = price_field(label=_("Another price"), required=False)
    note = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=500,
        help_text=_("Such as account, reference or day of the payment. Both sides see it, nobody else."),
    )


class PledgeForm(KeyedForm):
    holder = forms.CharField(label=_("Unified social credit code of the lender"), max_length=40)
    quantity = UnitsField(label=_("Units to pledge"))
    basis = forms.CharField(label=_("Contract or basis"), max_length=500)

    def clean_holder(self) -> Organization:
        return verified_organization(self.cleaned_data["holder"])


class SurrenderForm(KeyedForm):
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=SurrenderPurpose,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what the units are used for; it cannot be changed later.")},
    )
    beneficiary = forms.CharField(
        label=_("On whose behalf"),
        max_length=200,
        help_text=_("The emitter whose emissions are cleared or offset, as its records name it."),
    )
    period = forms.CharField(
        label=_("Year or occasion"), max_length=80, help_text=_("For instance: compliance year 2025.")
    )
    quantity = UnitsField(label=_("Units to use up"))
    sure = forms.CharField(required=False, widget=forms.HiddenInput)


class FreezeForm(KeyedForm):
    owner = forms.CharField(label=_("Unified social credit code of the owner"), max_length=40)
    quantity = UnitsField(label=_("Units to freeze"))
    basis = forms.CharField(label=_("Order: authority, number, date"), max_length=500)

    def clean_owner(self) -> Organization:
        return verified_organization(self.cleaned_data["owner"])


class ReleaseForm(forms.Form):
    note = forms.CharField(label=_("What ended it"), max_length=500)


class HandoverForm(KeyedForm):
    taker = forms.CharField(
        label=_("Unified social credit code of the receiver"),
        max_length=40,
        help_text=_("The receiver must be registered here. The units move when the receiver accepts."),
    )
    quantity = UnitsField(label=_("Units to hand over"))
    note = forms.CharField(label=_("Message to the receiver"), required=False, max_length=500)

    def clean_taker(self) -> Organization:
        return verified_organization(self.cleaned_data["taker"])
