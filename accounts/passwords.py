"""One bound more than Django brings: hashing a novel is work an attacker would gladly give us."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

MOST_SIGNS = 128


class MaximumLengthValidator:
    """A password has at most 128 signs."""

    def validate(self, password, user=None):
        if len(password) > MOST_SIGNS:
            raise ValidationError(
                ngettext(
                    "The password is too long; %(most)d sign is the most.",
                    "The password is too long; %(most)d signs are the most.",
                    MOST_SIGNS,
                ),
                code="password_too_long",
                params={"most": MOST_SIGNS},
            )

    def get_help_text(self):
        return _("At least 12 and at most 128 signs; a few unrelated words make a good one.")
