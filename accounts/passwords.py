"""How long a password is: long enough to last, short enough that hashing it is no gift to an attacker."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FEWEST_SIGNS, MOST_SIGNS = 12, 128


class LengthValidator:
    """A password has 12 to 128 signs; nothing else is asked of its shape."""

    def validate(self, password, user=None):
        if not FEWEST_SIGNS <= len(password) <= MOST_SIGNS:
            raise ValidationError(self.get_help_text(), code="password_length")

    def get_help_text(self):
        return _("At least 12 and at most 128 signs; a few unrelated words make a good one.")
