"""One decision about two projects."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TwinForm(forms.Form):
    same = forms.ChoiceField(
        label=_("Are the two projects one?"),
        choices=[("yes", _("Yes, one project")), ("no", _("No, two projects"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("What shows it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
