"""Users, the organizations they act for, and what ties the two together. Rows decide nothing; `access` does."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.rules import KEY_DAYS, NEEDS_SECOND_FACTOR, Kind, RestrictionKind, Role, Scope
from neutrality.constraints import one_of, paired
from neutrality.wording import pick


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **extra):
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email, password=None, **extra):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. `public_id` is what other rooms and the trail keep of them."""

    email = models.EmailField(_("E-mail"), unique=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=100, blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.CheckConstraint(condition=Q(email=models.functions.Lower("email")), name="email_lower")]

    def __str__(self):
        return self.name or self.email


class OrganizationQuerySet(models.QuerySet):
    def verified(self):
        return self.filter(verified_at__isnull=False)

    def pending(self):
        """Waiting for a regulator's word."""
        return self.filter(verified_at__isnull=True, declined_at__isnull=True)

    def of(self, user):
        """Those `user` belongs to now."""
        return self.filter(pk__in=Membership.objects.active().filter(user=user).values("organization"))


class Organization(models.Model):
    """A legal entity, by its unified social credit code (R4.38)."""

    code = models.CharField(_("Unified social credit code"), max_length=18, unique=True)
    name_zh = models.CharField(_("Name in Chinese"), max_length=120)
    name_en = models.CharField(_("Name in English"), max_length=160, blank=True)
    kind = models.CharField(_("What the organization does here"), max_length=12)
    region_code = models.CharField(
        _("Seat"), max_length=6, validators=[RegexValidator(r"^\d{6}$", _("Choose the seat from the list."))]
    )
    about = models.TextField(_("About the organization"), blank=True, max_length=2000)
    is_demo = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decline_reason = models.TextField(blank=True, max_length=1000)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["code"]
        constraints = [
            one_of("kind", Kind),
            paired("verified"),
            paired("declined"),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True) | Q(declined_at__isnull=True), name="organization_one_verdict"
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-Z]{18}$"), name="organization_code_shape"),
            models.CheckConstraint(condition=Q(region_code__regex=r"^[0-9]{6}$"), name="organization_region_shape"),
        ]
        indexes = [models.Index(fields=["region_code"]), models.Index(fields=["kind"])]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return pick(self.name_zh, self.name_en)

    @property
    def verified(self) -> bool:
        return self.verified_at is not None


class MembershipQuerySet(models.QuerySet):
    def active(self):
        return self.filter(ended_at__isnull=True)

    def acting_for_others(self):
        """In organizations whose members need a second factor."""
        return self.active().filter(organization__kind__in=NEEDS_SECOND_FACTOR)


class Membership(models.Model):
    """One person in one role in one organization, from `granted_at` until `ended_at`. A new role is a new row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("Role"), max_length=13)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["granted_at", "pk"]
        constraints = [
            one_of("role", Role),
            paired("ended"),
            models.UniqueConstraint(
                fields=["user", "organization"], condition=Q(ended_at__isnull=True), name="membership_one_active"
            ),
            models.CheckConstraint(condition=Q(ended_at__gte=F("granted_at")), name="membership_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.user} · {self.organization} · {self.role}"


class InvitationQuerySet(models.QuerySet):
    def open(self, at):
        """Neither used nor withdrawn nor out of date at the moment `at`."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at)


class Invitation(models.Model):
    """An offer of a role to whoever proves to hold the address; only a digest of the token is kept."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("E-mail"))
    role = models.CharField(_("Role"), max_length=13)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["invited_at", "pk"]
        constraints = [
            one_of("role", Role),
            paired("accepted"),
            paired("withdrawn"),
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True), name="invitation_one_end"
            ),
        ]

    def __str__(self):
        return f"{self.email} → {self.organization}"


class RestrictionQuerySet(models.QuerySet):
    def in_force(self, on):
        """Begun by the day `on`, not lifted, not past its last day."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), since_on__lte=on, lifted_at__isnull=True)


class Restriction(models.Model):
    """What a decision (`basis`, the number of a case or listing) keeps an organization from doing (R4.5)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="restrictions")
    kind = models.CharField(max_length=20)
    basis = models.CharField(max_length=200)
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    imposed_at = models.DateTimeField()
    imposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        ordering = ["since_on", "pk"]
        constraints = [
            one_of("kind", RestrictionKind),
            # Who lifted it may be nobody: the clock does it too. A person without a moment is impossible.
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | Q(lifted_at__isnull=False), name="restriction_lifted_has_moment"
            ),
            models.CheckConstraint(condition=Q(until_on__gte=F("since_on")), name="restriction_ends_after_start"),
            models.UniqueConstraint(
                fields=["organization", "kind", "basis"],
                condition=Q(lifted_at__isnull=True),
                name="restriction_once_per_basis",
            ),
        ]

    def __str__(self):
        return f"{self.organization}: {self.kind}"


class UsedCode(models.Model):
    """A one-time code that was used: the unique row makes the second use fail, also at the same moment (T3)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=100)
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("used code")
        verbose_name_plural = _("used codes")
        constraints = [models.UniqueConstraint(fields=["user", "mark"], name="code_used_once")]

    def __str__(self):
        return self.mark


class AccessKeyQuerySet(models.QuerySet):
    def in_force(self, at):
        """Neither revoked nor out of date at the moment `at`."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)

    def end(self, *, by, at):
        """Revoke those that are not revoked yet."""
        return self.filter(revoked_at__isnull=True).update(revoked_at=at, revoked_by=by)


class AccessKey(models.Model):
    """With it a program acts for the person who made it, in one organization and as far as `scopes` say. Only a digest
    of the secret is kept; `hint` are its first signs, to tell keys apart."""

    public_id = models.UUIDField(unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="access_keys")
    name = models.CharField(_("What the key is for"), max_length=60)
    scopes = ArrayField(models.CharField(max_length=8))
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="access_keys")
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AccessKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("access key")
        verbose_name_plural = _("access keys")
        ordering = ["-made_at", "-pk"]
        constraints = [
            paired("revoked"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=[scope.value for scope in Scope], scopes__len__gte=1),
                name="access_key_scopes_one_of",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at"))
                & Q(expires_at__lte=F("made_at") + timedelta(days=max(KEY_DAYS) + 1)),
                name="access_key_ends_within_a_year",
            ),
        ]

    def __str__(self):
        return f"{self.organization}: {self.name}"
