"""One-time codes that are good for one time, also when sent twice at the same moment to different processes (T3).

The arbiter is a unique row per person and time step; allauth's own mark lies in a cache and may be lost.
"""

import hashlib
from datetime import timedelta

from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as webauthn
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import UsedCode

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
REMEMBERED_FOR = timedelta(days=1)


def use(user, secret, code) -> bool:
    """Mark the time step of `code` as used by `user`; False when it was used before, or is of no step now open."""
    steps = [step for step in yield_hotp_counters_from_time() if _fits(secret, step, code)]
    return any(_take(user, secret, step) for step in steps[:1])


def _fits(secret, step, code) -> bool:
    return compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))


def _take(user, secret, step) -> bool:
    now = timezone.now()
    mark = f"totp:{hashlib.sha256(secret.encode()).hexdigest()[:16]}:{step}"
    try:
        with transaction.atomic():
            UsedCode.objects.create(user=user, mark=mark, used_at=now)
    except IntegrityError:
        return False
    UsedCode.objects.filter(user=user, used_at__lt=now - REMEMBERED_FOR).delete()
    return True


class OneTime:
    """Mixed into allauth's forms: a right code of an authenticator app counts once."""

    def clean_code(self):
        code = super().clean_code()
        authenticator = self.authenticator
        if authenticator.type == Authenticator.Type.TOTP and not use(
            self.user, decrypt(authenticator.data["secret"]), code
        ):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(OneTime, base.AuthenticateForm):
    """The code at the door."""


class ReauthenticateForm(OneTime, base.ReauthenticateForm):
    """The code before a weighty act."""


class ActivateTOTPForm(totp.ActivateTOTPForm):
    """The first code; it is used up by showing that the app works."""

    def clean_code(self):
        code = super().clean_code()
        if not use(self.user, self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AddKeyForm(webauthn.AddWebAuthnForm):
    """A new passkey or security key; a passkey unless the person wants less."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call it")
        self.fields["passwordless"].label = _("Log in with it alone (passkey)")
        self.fields["passwordless"].help_text = _(
            "The device then asks for your finger, face or PIN instead of a password."
        )
        self.fields["passwordless"].initial = True


def note_new_factor(sender, request, user, authenticator, **kwargs):
    """Who just proved that a new factor works has used it in this session. allauth tells of it in no other way."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES and request.user == user:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


authenticator_added.connect(note_new_factor, dispatch_uid="accounts.factors.note_new_factor")
