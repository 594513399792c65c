"""The pages through the client: works, colleague, stranger, anonymous, bad input, number of queries."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts import access, operations
from accounts.models import Invitation, Membership, Organization
from accounts.rules import Role
from accounts.tests.factories import make_member, make_organization, make_user
from neutrality.rulebook.seeding import seed

pytestmark = pytest.mark.django_db

NEW = {
    "code": "91510100MA60000320",
    "name_zh": "新来有限公司",
    "name_en": "",
    "kind": "organizer",
    "seat": "",
    "about": "",
}


@pytest.fixture
def regions(db):
    seed(timezone.now())


def url(name, *arguments):
    return reverse(f"accounts:{name}", args=arguments)


def test_register_by_code_takes_the_seat_from_the_code(cast, regions):
    answer = cast.client("citizen").post(url("new"), NEW | {"code": "９１５１０１００ma6000 0320"})
    assert answer.url == url("settings", "91510100MA60000320")
    made = Organization.objects.get(code="91510100MA60000320")
    assert (made.region_code, made.verified, access.role(cast.citizen, made)) == ("510100", False, Role.OWNER)


@pytest.mark.parametrize(
    ("over", "field", "words"),
    [
        ({"code": ""}, "code", "必填"),
        ({"code": "O1510100MA60000320"}, "code", "O"),
        ({"code": "91510100MA6000032"}, "code", "17"),
        ({"code": "91510100MA60000321"}, "code", "校验"),
        ({"name_zh": ""}, "name_zh", "必填"),
        ({"seat": "无此地"}, "seat", "没有找到"),
        ({"seat": "朝阳区"}, "seat", "同名"),
        ({"kind": "king"}, "kind", "king"),
    ],
)
def test_bad_input_is_told_in_words_and_nothing_is_lost(cast, regions, over, field, words):
    answer = cast.client("citizen").post(url("new"), NEW | {"about": "留住这句话"} | over)
    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].errors[field])
    assert "留住这句话" in answer.content.decode()
    assert not Organization.objects.filter(name_zh="新来有限公司").exists()


def test_all_errors_come_at_once(cast, regions):
    answer = cast.client("citizen").post(url("new"), NEW | {"code": "O15", "name_zh": "", "seat": "无此地"})
    assert set(answer.context["form"].errors) == {"code", "name_zh", "seat"}
    assert len(answer.context["form"].errors["code"]) == 2


def test_a_taken_code_is_a_refusal_with_words(cast, regions):
    answer = cast.client("citizen").post(url("new"), NEW | {"code": cast.home.code})
    assert answer.status_code == 422
    assert "已经登记" in answer.content.decode()
    assert Organization.objects.filter(code=cast.home.code).count() == 1


def test_protected_columns_cannot_be_sent_along(cast, regions):
    sent = {"verified_at": "2026-01-01", "verified_by": cast.citizen.pk, "is_demo": "on", "id": 1, "state": "verified"}
    cast.client("citizen").post(url("new"), NEW | sent)
    made = Organization.objects.get(code=NEW["code"])
    assert (made.verified_at, made.is_demo) == (None, False)


def test_details_are_edited_and_a_new_name_is_verified_anew(cast, regions):
    facts = {"name_zh": "青川会展集团有限公司", "name_en": "", "seat": "绵阳市", "about": ""}
    assert cast.client("organizer").post(url("edit", cast.home.code), facts).status_code == 302
    cast.home.refresh_from_db()
    assert (cast.home.name_zh, cast.home.region_code, cast.home.verified) == ("青川会展集团有限公司", "510700", False)


def invite(cast, who="organizer", **over):
    facts = {"email": "new.person@example.org", "role": "preparer"} | over
    return cast.client(who).post(url("invite", cast.home.code), facts)


def token_in(letter):
    return re.search(r"/invitations/([\w-]+)/", letter.body).group(1)


def test_invited_by_letter_accepted_by_the_address_and_shown_once(cast):
    client = cast.client("organizer")
    client.post(url("invite", cast.home.code), {"email": "new.person@example.org", "role": "preparer"})
    page = client.get(url("settings", cast.home.code)).content.decode()
    assert token_in(mail.outbox[0]) in page
    assert token_in(mail.outbox[0]) not in client.get(url("settings", cast.home.code)).content.decode()
    person = make_user(email="new.person@example.org")
    theirs = Client()
    theirs.force_login(person)
    path = url("invitation", token_in(mail.outbox[0]))
    assert cast.home.name_zh in theirs.get(path).content.decode()
    assert theirs.post(path).url == url("settings", cast.home.code)
    assert access.role(person, cast.home) == Role.PREPARER
    assert theirs.get(path).status_code == 404


def test_inviting_a_known_and_an_unknown_address_is_answered_alike(cast):
    make_user(email="known@example.org")
    pages = []
    for address in ("known@example.org", "absent@example.org"):
        client = cast.client("organizer")
        answer = client.post(url("invite", cast.home.code), {"email": address, "role": "viewer"}, follow=True)
        text = answer.content.decode().replace(address, "").replace(token_in(mail.outbox[-1]), "")
        pages.append((answer.redirect_chain, re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)))
        Invitation.objects.update(withdrawn_at=timezone.now(), withdrawn_by=cast.organizer)
    strip = [(chain, re.sub(r"/invitations/[0-9a-f-]{36}/", "", text)) for chain, text in pages]
    strip = [(chain, re.sub(r"\d\d:\d\d", "", text)) for chain, text in strip]
    assert strip[0] == strip[1]


def test_an_invitation_looks_the_same_to_the_anonymous_whether_it_exists(cast):
    invite(cast)
    pages = [
        re.sub(r'value="\w{64}"', "", Client().get(url("invitation", token)).content.decode().replace(token, ""))
        for token in (token_in(mail.outbox[0]), "x" * 43)
    ]
    assert pages[0] == pages[1]


def test_an_invitation_for_another_looks_like_none(cast):
    invite(cast)
    client = cast.client("citizen")
    found = [client.get(url("invitation", token)) for token in (token_in(mail.outbox[0]), "x" * 43)]
    pages = [re.sub(r'value="[^"]*"|invitations/[\w-]+|next=[^"]*', "", answer.content.decode()) for answer in found]
    assert [answer.status_code for answer in found] == [404, 404]
    assert pages[0] == pages[1]
    assert cast.home.name_zh not in found[0].content.decode()
    assert client.post(url("invitation", token_in(mail.outbox[0]))).status_code == 404
    assert access.role(cast.citizen, cast.home) is None


def test_invitations_have_a_limit(cast):
    with override_settings(ACCOUNT_RATE_LIMITS={"invite": "2/h/user"}):
        client = cast.client("organizer")
        facts = [{"email": f"p{number}@example.org", "role": "viewer"} for number in range(3)]
        found = [client.post(url("invite", cast.home.code), each).status_code for each in facts]
    assert found == [302, 302, 422]
    assert Invitation.objects.count() == 2


def test_a_letter_that_cannot_be_sent_leaves_the_link(cast, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", broken)
    client = cast.client("organizer")
    facts = {"email": "new.person@example.org", "role": "viewer"}
    page = client.post(url("invite", cast.home.code), facts, follow=True).content.decode()
    assert "邮件未能发出" in page
    assert "/invitations/" in page


def test_roles_offered_are_those_one_may_give(cast):
    helper = make_member(organization=cast.home, role=Role.ADMINISTRATOR).user
    client = Client()
    client.force_login(helper)
    page = client.get(url("invite", cast.home.code)).content.decode()
    assert 'value="preparer"' in page
    assert 'value="owner"' not in page
    answer = client.post(url("invite", cast.home.code), {"email": "a@example.org", "role": "owner"})
    assert answer.status_code == 422


def test_another_role_and_the_end_of_it(cast):
    person = cast.colleague.public_id
    client = cast.client("organizer")
    assert client.post(url("member", cast.home.code, person), {"role": "signatory"}).status_code == 302
    assert access.role(cast.colleague, cast.home) == Role.SIGNATORY
    theirs = cast.client("colleague")
    assert theirs.get(url("settings", cast.home.code)).status_code == 200
    assert client.post(url("leave", cast.home.code, person)).status_code == 302
    assert theirs.get(url("settings", cast.home.code)).status_code == 404


def test_members_hear_of_what_others_did_to_their_role(cast):
    client, person = cast.client("organizer"), cast.colleague.public_id
    client.post(url("member", cast.home.code, person), {"role": "signatory"})
    client.post(url("leave", cast.home.code, person))
    changed, ended = mail.outbox
    assert (changed.to, ended.to) == ([cast.colleague.email], [cast.colleague.email])
    assert "签署人" in changed.body
    assert "终止" in ended.body


def test_nobody_is_written_to_about_their_own_leaving(cast):
    cast.client("colleague").post(url("leave", cast.home.code, cast.colleague.public_id))
    assert mail.outbox == []


def test_the_last_owner_stays(cast):
    answer = cast.client("organizer").post(url("leave", cast.home.code, cast.organizer.public_id))
    assert answer.status_code == 422
    assert "至少要有一名负责人" in answer.content.decode()
    assert access.role(cast.organizer, cast.home) == Role.OWNER


def test_one_may_leave_and_lands_at_ones_own_list(cast):
    answer = cast.client("colleague").post(url("leave", cast.home.code, cast.colleague.public_id))
    assert answer.url == url("mine")


@pytest.mark.parametrize(
    ("who", "status"), [("colleague", 403), ("stranger", 404), ("citizen", 404), ("regulator", 404)]
)
def test_posts_of_others_change_nothing(cast, who, status):
    before = list(Membership.objects.values())
    client, home = cast.client(who), cast.home.code
    posts = [
        (url("edit", home), {"name_zh": "X", "seat": "510100"}),
        (url("invite", home), {"email": "a@example.org", "role": "viewer"}),
        (url("member", home, cast.colleague.public_id), {"role": "owner"}),
        (url("leave", home, cast.organizer.public_id), {}),
    ]
    assert [client.post(path, facts).status_code for path, facts in posts] == [status] * 4
    assert list(Membership.objects.values()) == before
    assert not Invitation.objects.exists()


def test_a_member_of_another_organization_is_not_found_through_mine(cast):
    answer = cast.client("organizer").get(url("member", cast.home.code, cast.stranger.public_id))
    assert answer.status_code == 404


def test_withdrawn_invitations_open_nothing(cast):
    invite(cast)
    sent = Invitation.objects.get()
    path = url("withdraw", cast.home.code, sent.public_id)
    assert cast.client("organizer").get(path).status_code == 200
    assert cast.client("organizer").post(path).status_code == 302
    assert cast.client("organizer").post(path).status_code == 404


def test_the_queue_shows_what_waits_in_my_area(cast, regions):
    mine = make_organization(verified=False, name_zh="本地新单位")
    make_organization(verified=False, name_zh="外省新单位", region_code="500000")
    make_organization("regulator", verified=False, name_zh="同级机关", region_code="510000")
    page = cast.client("regulator").get(url("pending")).content.decode()
    assert "本地新单位" in page
    assert "外省新单位" not in page
    assert "同级机关" not in page
    assert url("judge", mine.code) in page


def test_verified_or_declined_with_a_reason(cast, regions):
    first, second = make_organization(verified=False), make_organization(verified=False)
    client = cast.client("regulator")
    assert client.post(url("judge", first.code), {"verdict": "verify"}).url == url("pending")
    bare = client.post(url("judge", second.code), {"verdict": "decline", "reason": ""})
    assert bare.status_code == 422
    assert client.post(url("judge", second.code), {"verdict": "decline", "reason": "名称不符"}).status_code == 302
    again = client.post(url("judge", second.code), {"verdict": "verify"})
    assert again.status_code == 422
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.verified, second.verified, second.decline_reason) == (True, False, "名称不符")


def test_an_officer_elsewhere_finds_no_such_organization(cast):
    far = make_organization(verified=False, region_code="500000")
    assert cast.client("regulator").get(url("judge", far.code)).status_code == 404
    assert cast.client("regulator").post(url("judge", far.code), {"verdict": "verify"}).status_code == 404


def test_members_read_why_they_were_declined(cast):
    made = make_organization(verified=False)
    owner = make_member(organization=made).user
    operations.decline(organization=made, reason="执照模糊", by=cast.regulator, at=timezone.now())
    client = Client()
    client.force_login(owner)
    assert "执照模糊" in client.get(url("settings", made.code)).content.decode()


def test_ones_own_name_and_language(cast):
    client = cast.client("citizen")
    assert client.post(url("profile"), {"name": "", "language": "en"}).status_code == 422
    assert client.post(url("profile"), {"name": "刘阳", "language": "en", "is_staff": "on"}).status_code == 302
    cast.citizen.refresh_from_db()
    assert (cast.citizen.name, cast.citizen.language, cast.citizen.is_staff) == ("刘阳", "en", False)


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_number_of_queries_at_one_and_three(cast, rows, django_assert_num_queries):
    person = make_user()
    for _ in range(rows):
        make_member(person, make_organization())
        make_organization(verified=False)
        make_member(organization=cast.home, role=Role.VIEWER)
        operations.invite(
            organization=cast.home,
            email=f"{make_user().email}",
            role=Role.VIEWER,
            by=cast.organizer,
            at=timezone.now() - timedelta(minutes=1),
        )
    client = Client()
    client.force_login(person)
    for browser, path, most in (
        (client, url("mine"), 4),
        (cast.client("organizer"), url("settings", cast.home.code), 12),
        (cast.client("regulator"), url("pending"), 7),
    ):
        with django_assert_num_queries(most):
            assert browser.get(path).status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_speak_both_languages(cast, language):
    client = cast.client("organizer")
    client.cookies["language"] = language
    for name, arguments in (("mine", ()), ("new", ()), ("settings", (cast.home.code,)), ("invite", (cast.home.code,))):
        page = client.get(url(name, *arguments)).content.decode()
        assert f'<html lang="{language}"' in page
        assert ("成员" in page or "单位" in page) == (language == "zh-hans")
