"""Names that certificates will print, asked for once more where the type lacks a character of theirs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neutrality.printing import characters


class PrintedNames(forms.Form):
    """Mix in before the form; `printed` names its fields that stand on certificates.

    A real name is never refused: whoever confirms it goes on, and paper carries 〓 with the character's number.
    The question exists because most such characters are slips: a radical for its character, a sign of one machine.
    """

    printed: tuple[str, ...] = ()
    as_written = forms.BooleanField(label=_("The name is right as it is written"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.asked_field = self.fields.pop("as_written")

    def clean(self) -> dict[str, Any]:
        """Ask where needed; the answer travels under the form's prefix."""
        found: dict[str, Any] = super().clean() or {}
        lacking = {name: characters.missing(str(found.get(name) or "")) for name in self.printed}
        lacking = {name: signs for name, signs in lacking.items() if signs}
        if lacking:
            self._ask(next(iter(lacking)))
            if not self.data.get(self.add_prefix("as_written")):
                for name, signs in lacking.items():
                    self.add_error(name, self.question(signs))
        found.pop("as_written", None)
        return found

    def _ask(self, name: str) -> None:
        """Put the question beside the name it is about."""
        order = list(self.fields)
        order.insert(order.index(name) + 1, "as_written")
        self.fields["as_written"] = self.asked_field
        self.order_fields(order)

    @staticmethod
    def question(signs: list[str]) -> forms.ValidationError:
        """What is missing, and what to do about it."""
        said = _(
            "The type of certificates lacks: %(signs)s. Check that it is not a slip. If the name is right, tick “The "
            "name is right as it is written”: pages show it as it is, certificates print 〓 there with the character's "
            "number."
        )
        told = ", ".join(characters.named(sign) for sign in signs[:10])
        return forms.ValidationError(said, code="not_in_type", params={"signs": told})
