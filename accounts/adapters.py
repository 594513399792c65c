"""How allauth is bent to the house: whom it writes to, how secrets rest, what may not be switched off."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User

PORTAL = "青账 Qingzhang"
WRONG_CODE = _("This code is not right, or was used already. Enter the newest one.")


class AccountAdapter(DefaultAccountAdapter):
    """Letters go out in the reader's language where it is known."""

    error_messages = DefaultAccountAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def send_mail(self, template_prefix, email, context):
        known = User.objects.filter(email=email.lower()).values_list("language", flat=True).first()
        with override(known or get_language()):
            super().send_mail(template_prefix, email, context)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted; people who act for others keep at least one factor."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def get_totp_issuer(self):
        return PORTAL

    def _get_site_name(self):
        return PORTAL

    def encrypt(self, text):
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator):
        if not access.needs_second_factor(authenticator.user):
            return True
        factors = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        others = Authenticator.objects.filter(user=authenticator.user, type__in=factors).exclude(pk=authenticator.pk)
        return others.exists()


def cipher() -> MultiFernet:
    """Keys derived from the secret key, the present one first: a copy of the database alone opens no second factor."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"accounts.second-factor:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
