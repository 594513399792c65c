"""What the forms of this room share: the key, questions that may wait, words for what is missing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.keys import new_key

UNSURE = ("", _("Choose one"))
CHOOSE = {"required": _("Choose one from the list.")}
WRITE = {"required": _("Write it here.")}
DATE = {"required": _("Name the day.")}
MONTH = {"required": _("Name the month.")}


class KeyedForm(forms.Form):
    """A form whose hidden key makes a double click one act."""

    key = forms.CharField(max_length=36, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = new_key


class DraftForm(forms.Form):
    """A section of a draft: some questions may wait, but not beyond publishing; their labels say so."""

    later: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in self.later:
            self.fields[name].later = True
