"""Reading for administrators. The admin has no door of its own: one enters through allauth, second factor included."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from accounts.models import Invitation, Membership, Organization, Restriction, User

admin.site.login = secure_admin_login(admin.site.login)


class ReadOnly(admin.ModelAdmin):
    """Shows rows; every change goes through the pages and their operations."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """A person may be switched off and made staff here; nothing else."""

    list_display = ["email", "name", "is_active", "is_staff", "is_demo", "joined_at"]
    list_filter = ["is_active", "is_staff", "is_demo"]
    search_fields = ["email", "name"]
    fields = [
        "email",
        "name",
        "language",
        "is_active",
        "is_staff",
        "is_superuser",
        "is_demo",
        "last_login",
        "joined_at",
    ]
    readonly_fields = ["email", "name", "language", "is_demo", "last_login", "joined_at"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Organization)
class OrganizationAdmin(ReadOnly):
    list_display = ["code", "name_zh", "kind", "region_code", "verified_at", "is_demo"]
    list_filter = ["kind", "is_demo"]
    search_fields = ["code", "name_zh", "name_en"]


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ["user", "organization", "role", "granted_at", "ended_at"]
    list_filter = ["role"]
    list_select_related = ["user", "organization"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ["organization", "role", "invited_at", "expires_at", "accepted_at", "withdrawn_at"]
    exclude = ["token_digest"]
    list_select_related = ["organization"]


@admin.register(Restriction)
class RestrictionAdmin(ReadOnly):
    list_display = ["organization", "kind", "basis", "since_on", "until_on", "lifted_at"]
    list_select_related = ["organization"]
