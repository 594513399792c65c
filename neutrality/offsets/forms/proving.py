"""A cancellation made in an outside registry, with everything its certificate must show (R3.38)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.inputs import DayField
from neutrality.keys import new_key
from neutrality.offsets import words
from neutrality.offsets.forms.fields import UnitsField
from neutrality.offsets.models import UnitKind
from neutrality.offsets.models.cancellations import DocumentChoice, PurposeChoice
from neutrality.printing.forms import PrintedNames


class ProofForm(PrintedNames):
    """Completeness is the operation's to judge, so that all gaps are said at once by one rule."""

    printed = ("beneficiary", "project_name")
    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=new_key)
    kind = forms.ModelChoiceField(
        label=_("Kind of unit and registry"),
        queryset=UnitKind.objects.none(),
        to_field_name="code",
        empty_label=_("Choose one"),
    )
    quantity = UnitsField(label=_("Units cancelled"))
    cancelled_on = DayField(label=_("Day of the cancellation"))
    certificate_number = forms.CharField(
        label=_("Certificate number"),
        required=False,
        max_length=80,
        help_text=_("This or the serial numbers, best both."),
    )
    serial = forms.CharField(
        label=_("Serial numbers"),
        required=False,
        max_length=200,
        help_text=_("As the registry prints them: the run from the first to the last unit."),
    )
    project_id_text = forms.CharField(
        label=_("Project id in the registry"), required=False, max_length=40, help_text=_("Not needed for allowances.")
    )
    project_name = forms.CharField(label=_("Project name"), required=False, max_length=250)
    country = forms.RegexField(
        label=_("Country of the project"),
        regex=r"^[A-Za-z]{2}$",
        required=False,
        initial="CN",
        help_text=_("Two letters, such as CN."),
        error_messages={"invalid": _("Enter two letters, such as CN.")},
    )
    vintage_start = DayField(label=_("Vintage: first day"))
    vintage_end = DayField(label=_("Vintage: last day"))
    account_holder = forms.CharField(
        label=_("Account holder in the registry"), max_length=200, help_text=_("Whose account the units came from.")
    )
    beneficiary = forms.CharField(
        label=_("Beneficiary on the certificate"),
        max_length=300,
        help_text=_("The certificate's own words; they must name the activity or its organizer."),
    )
    stated_purpose = forms.ChoiceField(label=_("Purpose stated on the certificate"), choices=PurposeChoice.choices)
    document_kind = forms.ChoiceField(label=_("Kind of document"), choices=DocumentChoice.choices)
    final = forms.BooleanField(label=_("The registry shows the cancellation as final"), required=False)
    evidence = forms.FileField(
        label=_("The document"), required=False, help_text=_("PDF, JPG, PNG, XLSX or CSV, up to 25 MiB.")
    )
    reason = forms.CharField(
        label=_("Why these units"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where the rule pack prefers other units; printed on the statement."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = UnitKind.objects.select_related("registry")
        self.fields["kind"].label_from_instance = lambda kind: f"{kind.name} · {kind.registry.name}"

    def clean_country(self) -> str:
        return self.cleaned_data["country"].upper()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        start, end = found.get("vintage_start"), found.get("vintage_end")
        if start and end and end < start:
            self.add_error("vintage_end", _("The last day cannot lie before the first."))
        if self.errors:
            self._say_the_rest(found)
        return found

    def _say_the_rest(self, found: dict[str, Any]) -> None:
        """With an error here the operation is not asked; what it would miss is said all the same, at once."""
        lacks = {
            "number": not found.get("serial") and not found.get("certificate_number"),
            "not_final": not found.get("final"),
            "document": not found.get("evidence"),
            "honour": found.get("document_kind") == DocumentChoice.HONOUR_CERTIFICATE,
            "receipt": found.get("document_kind") == DocumentChoice.EXCHANGE_RECEIPT,
        }
        for code, missing in lacks.items():
            field, message = words.LACKS[code]
            if missing and field not in self.errors:
                self.add_error(field, message)

    def facts(self) -> dict[str, Any]:
        """Arguments of record_proof."""
        facts = dict(self.cleaned_data)
        facts["upload"] = facts.pop("evidence")
        return facts


class DecideForm(forms.Form):
    note = forms.CharField(
        label=_("Note to the organizer"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when the proof is rejected: what is wrong and what would mend it."),
    )
