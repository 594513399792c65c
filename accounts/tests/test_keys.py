"""Keys for programs: shown once, kept as a digest, theirs who made them, gone with the role, the day or a click."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import access, keyring, operations, rules
from accounts.models import AccessKey, Membership
from accounts.operations import NotAllowed
from accounts.rules import KEY_NEEDS, NEEDS_VERIFICATION, Permission, Role, Scope
from accounts.tests.factories import make_key, make_member, make_user
from accounts.tests.test_confirming import entered
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture
def made(cast):
    return make_key(cast.organizer, cast.home, at=AT)


def address(cast):
    return reverse("accounts:make_key", args=[cast.home.code])


def form(**over):
    return {"public_id": str(uuid4()), "name": "hotel system", "scopes": ["read", "deposit"], "days": "90"} | over


def test_the_secret_is_shown_once_and_kept_as_a_digest(cast):
    client = cast.client("organizer")
    page = client.post(address(cast), form())
    secret = page.context["secret"]
    assert page.status_code == 200
    assert secret in page.text
    assert "no-store" in page["Cache-Control"]
    key = AccessKey.objects.get()
    assert (key.made_by, key.organization, key.scopes) == (cast.organizer, cast.home, ["read", "deposit"])
    assert key.digest == access.digest(secret)
    stored = " ".join(str(value) for value in AccessKey.objects.values().get().values())
    assert secret not in stored
    assert secret[len(key.hint) :] not in stored
    for name in ("accounts:keys", "accounts:settings"):
        again = client.get(reverse(name, args=[cast.home.code] if name == "accounts:settings" else []))
        assert "hotel system" in again.text
        assert secret not in again.text


def test_a_double_click_is_one_key(cast):
    client, sent = cast.client("organizer"), form()
    client.post(address(cast), sent)
    again = client.post(address(cast), sent)
    assert again.status_code == 422
    assert AccessKey.objects.count() == 1


def test_making_one_asks_again_who_one_is(cast):
    """The negative control of the decorator: shown six minutes ago, the form waits."""
    answer = entered(cast.organizer, ("password", 6)).post(address(cast), form())
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not AccessKey.objects.exists()
    assert entered(cast.organizer, ("password", 1)).post(address(cast), form()).status_code == 200


@pytest.mark.parametrize(
    "over", [{"scopes": []}, {"scopes": ["sign"]}, {"days": "366"}, {"days": ""}, {"name": ""}, {"public_id": "x"}]
)
def test_bad_forms_make_no_key(cast, over):
    assert cast.client("organizer").post(address(cast), form(**over)).status_code == 422
    assert not AccessKey.objects.exists()


def test_a_viewer_and_an_evaluator_have_none(cast):
    for person, organization in ((cast.colleague, cast.home), (cast.evaluator, cast.evaluating_body)):
        with pytest.raises(NotAllowed):
            make_key(person, organization)
    assert cast.client("colleague").get(address(cast)).status_code == 403
    assert cast.client("stranger").get(address(cast)).status_code == 404


def test_ten_keys_are_enough(cast):
    for _ in range(rules.MOST_KEYS):
        make_key(cast.organizer, cast.home)
    with pytest.raises(keyring.TooManyKeys):
        make_key(cast.organizer, cast.home)
    make_key(make_member(organization=cast.home, role=Role.PREPARER).user, cast.home)


def test_a_key_opens_until_its_day(cast, made):
    key, secret = made
    assert access.key(secret, AT) == key
    assert access.key(secret, key.expires_at - timedelta(seconds=1)) == key
    assert access.key(secret, key.expires_at) is None
    assert access.key(secret + "x", AT) is None
    assert access.key("", AT) is None


def test_a_revoked_key_opens_nothing(cast, made):
    key, secret = made
    keyring.revoke(key=key, by=cast.organizer, at=AT)
    assert access.key(secret, AT) is None
    with pytest.raises(keyring.RevokedAlready):
        keyring.revoke(key=key, by=cast.organizer, at=AT)


def test_who_may_revoke(cast, made):
    key, _secret = made
    for person in (cast.colleague, cast.stranger):
        with pytest.raises(NotAllowed):
            keyring.revoke(key=key, by=person, at=AT)
    other, _ = make_key(make_member(organization=cast.home, role=Role.PREPARER).user, cast.home)
    keyring.revoke(key=other, by=cast.organizer, at=AT)
    page = reverse("accounts:revoke_key", args=[cast.home.code, key.public_id])
    assert cast.client("organizer").post(page)["Location"] == reverse("accounts:keys")
    assert not AccessKey.objects.in_force(AT).exists()


def test_the_owner_sees_everybodys_keys_and_a_preparer_their_own(cast, made):
    preparer = make_member(organization=cast.home, role=Role.PREPARER).user
    make_key(preparer, cast.home, name="tickets")
    page = reverse("accounts:settings", args=[cast.home.code])
    owners = cast.client("organizer").get(page)
    assert [row["key"].name for row in owners.context["keys"]] == ["tickets", "hotel system"]
    client = cast.client("organizer")
    client.force_login(preparer)
    assert [row["key"].name for row in client.get(page).context["keys"]] == ["tickets"]
    assert cast.client("colleague").get(page).context["keys"] == []


def test_a_key_goes_with_the_membership_and_does_not_come_back(cast):
    held = make_member(organization=cast.home, role=Role.PREPARER)
    key, secret = make_key(held.user, cast.home)
    operations.revoke(membership=held, by=cast.organizer, at=AT)
    assert access.key(secret, AT) is None
    make_member(held.user, cast.home, role=Role.PREPARER)
    assert access.key(secret, AT) is None
    key.refresh_from_db()
    assert key.revoked_by == cast.organizer


def test_a_key_reaches_no_further_than_its_person_does_now(cast, made):
    key, _secret = made
    assert all(access.reaches(key, scope) for scope in Scope)
    narrow, _ = make_key(cast.organizer, cast.home, scopes=[Scope.READ])
    assert [scope for scope in Scope if access.reaches(narrow, scope)] == [Scope.READ]
    Membership.objects.filter(user=cast.organizer).update(role=Role.VIEWER)
    assert not any(access.reaches(key, scope) for scope in Scope)


def test_a_person_switched_off_has_no_key(cast, made, settings):
    _key, secret = made
    cast.organizer.is_active = False
    cast.organizer.save()
    assert access.key(secret, AT) is None
    invented = make_member(make_user(is_demo=True), cast.home, Role.PREPARER).user
    _key, secret = make_key(invented, cast.home)
    settings.DEMO = False
    assert access.key(secret, timezone.now()) is None
    settings.DEMO = True
    assert access.key(secret, timezone.now()) is not None


def test_no_scope_stands_for_more_than_preparing():
    """The law: what a key can ever be good for is preparing; not signing, publishing, cancelling units, deciding."""
    weighty = NEEDS_VERIFICATION | {Permission.MANAGE_MEMBERS, Permission.CHOOSE_UNITS}
    assert set(KEY_NEEDS) == set(Scope)
    assert not set(KEY_NEEDS.values()) & weighty


def test_the_database_holds_the_year_and_the_scopes(cast, made):
    key, _secret = made
    for change in (
        {"expires_at": key.made_at + timedelta(days=367)},
        {"expires_at": key.made_at},
        {"scopes": ["sign"]},
        {"scopes": []},
        {"revoked_at": AT},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessKey.objects.filter(pk=key.pk).update(**change)


def test_the_trail_knows_of_making_and_revoking_and_not_the_secret(cast, made):
    key, secret = made
    keyring.revoke(key=key, by=cast.organizer, at=AT)
    entries = list(Entry.objects.filter(verb__startswith="key.").order_by("number"))
    assert [(entry.verb, entry.by, entry.public) for entry in entries] == [
        ("key.make", cast.organizer.public_id, False),
        ("key.revoke", cast.organizer.public_id, False),
    ]
    assert secret not in str([entry.content for entry in entries])


def test_use_is_noted_to_the_minute(cast, made, django_assert_num_queries):
    key, _secret = made
    access.note_use(key, AT)
    access.note_use(key, AT + timedelta(seconds=30))
    key.refresh_from_db()
    assert key.last_used_at == AT
    access.note_use(key, AT + timedelta(seconds=61))
    key.refresh_from_db()
    assert key.last_used_at == AT + timedelta(seconds=61)
