"""Signing up, in and back in: what allauth is set to, seen from outside; nobody learns who has an account (T6)."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.rules import Role
from accounts.tests.factories import PASSWORD, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db

CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", re.M)
CHANGING = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|(?:known|absent|unproven|switchedoff)@example\.org')


def sign_up(client, **over):
    facts = {"name": "新人", "email": "New@Example.org", "password1": PASSWORD, "password2": PASSWORD}
    return client.post(reverse("account_signup"), facts | over)


def test_signing_up_asks_for_the_code_from_the_letter_and_then_lets_in(client):
    assert sign_up(client).url == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session
    (letter,) = mail.outbox
    assert letter.to == ["new@example.org"]
    assert letter.subject.startswith("青账 Qingzhang: ")
    code = CODE.search(letter.body).group()
    wrong = client.post(reverse("account_email_verification_sent"), {"code": "AAAA-AAAA"})
    assert "验证码不正确或已使用过" in wrong.content.decode()
    answer = client.post(reverse("account_email_verification_sent"), {"code": code})
    assert answer.url == "/desk/"
    user = User.objects.get(email="new@example.org")
    assert (user.name, user.language) == ("新人", "zh-hans")
    assert EmailAddress.objects.get(user=user).verified


@pytest.mark.parametrize("password", ["short-pass", "password1234", "n" * 129, "new@example.org"])
def test_weak_and_endless_passwords_are_refused(client, password):
    answer = sign_up(client, password1=password, password2=password)
    assert answer.status_code == 200
    assert "password1" in answer.context["form"].errors
    assert not User.objects.exists()


@pytest.fixture
def kinds_of_address():
    """Four kinds of address: with an account, without, with one never proven, with one switched off."""
    make_user(email="known@example.org")
    make_user(email="unproven@example.org", verified=False)
    make_user(email="switchedoff@example.org", is_active=False)
    return ["known@example.org", "absent@example.org", "unproven@example.org", "switchedoff@example.org"]


def answers(post, addresses):
    """What each address is answered, followed to its page, without what changes at every look."""
    found = []
    for address in addresses:
        answer = post(Client(), address)
        pages = [(answer.status_code, CHANGING.sub(b"", answer.content))]
        pages += [(status, url) for url, status in getattr(answer, "redirect_chain", [])]
        found.append(pages)
    return found


def test_a_wrong_password_and_an_absent_account_look_alike(kinds_of_address):
    url = reverse("account_login")
    found = answers(
        lambda client, address: client.post(url, {"login": address, "password": "not-the-password"}), kinds_of_address
    )
    assert found[1:] == found[:1] * 3


def test_reset_looks_alike_for_every_address(kinds_of_address):
    url = reverse("account_reset_password")
    found = answers(lambda client, address: client.post(url, {"email": address}, follow=True), kinds_of_address)
    assert found[1:] == found[:1] * 3
    assert found[0][0][0] == 200


def test_a_login_code_looks_alike_for_every_address(kinds_of_address):
    url = reverse("account_request_login_code")
    found = answers(lambda client, address: client.post(url, {"email": address}, follow=True), kinds_of_address)
    assert found[1:] == found[:1] * 3


def test_signing_up_looks_alike_for_every_address(kinds_of_address):
    def post(client, address):
        facts = {"name": "X", "email": address, "password1": PASSWORD, "password2": PASSWORD}
        return client.post(reverse("account_signup"), facts, follow=True)

    found = answers(post, kinds_of_address)
    assert found[1:] == found[:1] * 3


def test_the_comparison_would_notice_a_difference(kinds_of_address):
    """Control: a right password is answered otherwise, and the helper sees it."""
    url = reverse("account_login")
    found = answers(
        lambda client, address: client.post(url, {"login": address, "password": PASSWORD}), kinds_of_address
    )
    assert found[0] != found[1]


def test_the_letters_differ_where_the_pages_do_not(kinds_of_address):
    Client().post(reverse("account_reset_password"), {"email": "absent@example.org"})
    Client().post(reverse("account_reset_password"), {"email": "known@example.org"})
    absent, known = mail.outbox
    assert CODE.search(known.body)
    assert not CODE.search(absent.body)
    assert reverse("account_signup") in absent.body


def test_a_new_password_needs_the_code_and_keeps_the_second_factor(client):
    person = make_user(email="known@example.org")
    TOTP.activate(person, generate_totp_secret())
    client.post(reverse("account_reset_password"), {"email": person.email})
    code = CODE.search(mail.outbox[-1].body).group()
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    client.post(
        reverse("account_complete_password_reset"),
        {"password1": "a-new-copper-lantern", "password2": "a-new-copper-lantern"},
    )
    person.refresh_from_db()
    assert person.check_password("a-new-copper-lantern")
    answer = Client().post(reverse("account_login"), {"login": person.email, "password": "a-new-copper-lantern"})
    assert answer.url == reverse("mfa_authenticate")
    again = client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    assert again.status_code == 302
    assert "_auth_user_id" not in client.session


def enter(person):
    client = Client()
    answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session, answer
    return client


@pytest.mark.parametrize(
    "name", ["accounts:mine", "accounts:pending", "accounts:new", "accounts:profile", "portal:desk"]
)
def test_a_password_alone_opens_nothing_for_an_officer(cast, name):
    answer = enter(cast.regulator).get(reverse(name))
    assert (answer.status_code, answer.url) == (302, reverse("accounts:second_factor"))


def test_posts_of_an_officer_without_the_factor_do_nothing(cast):
    waiting = make_organization(verified=False)
    answer = enter(cast.regulator).post(reverse("accounts:judge", args=[waiting.code]), {"verdict": "verify"})
    assert answer.url == reverse("accounts:second_factor")
    waiting.refresh_from_db()
    assert not waiting.verified


def test_with_the_factor_the_same_post_counts(cast):
    """Control for the two above."""
    waiting = make_organization(verified=False)
    client = cast.client("regulator")
    client.post(reverse("accounts:judge", args=[waiting.code]), {"verdict": "verify"})
    waiting.refresh_from_db()
    assert waiting.verified


@pytest.mark.parametrize("member", ["evaluator", "registrar", "regulator"])
def test_everybody_who_acts_for_others_is_sent_to_set_one_up(cast, member):
    client = enter(getattr(cast, member))
    assert client.get("/desk/").url == reverse("accounts:second_factor")
    page = client.get(reverse("accounts:second_factor"))
    assert reverse("mfa_add_webauthn") in page.content.decode()
    assert reverse("mfa_activate_totp") in page.content.decode()
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302


@pytest.mark.parametrize("member", ["organizer", "colleague", "citizen"])
def test_others_are_let_in_with_a_password(cast, member):
    assert enter(getattr(cast, member)).get(reverse("accounts:mine")).status_code == 200


def test_administrators_need_one_too():
    chief = make_user(is_staff=True, is_superuser=True)
    assert enter(chief).get("/admin/").url == reverse("accounts:second_factor")


def test_a_role_given_in_the_middle_of_a_session_closes_it_at_once():
    person = make_user()
    client = enter(person)
    assert client.get(reverse("accounts:mine")).status_code == 200
    membership = make_member(person, make_organization("evaluator"), Role.EVALUATOR)
    assert client.get(reverse("accounts:mine")).url == reverse("accounts:second_factor")
    membership.ended_at, membership.ended_by = membership.granted_at, person
    membership.save()
    assert client.get(reverse("accounts:mine")).status_code == 200


def test_a_session_older_than_the_factor_is_asked_for_it(cast):
    client = enter(cast.regulator)
    TOTP.activate(cast.regulator, generate_totp_secret())
    answer = client.get(reverse("accounts:pending"))
    assert answer.url == f"{reverse('mfa_reauthenticate')}?next=%2Forganizations%2Fpending%2F"


def test_one_who_acts_for_others_keeps_the_last_factor(cast):
    factor = TOTP.activate(cast.regulator, generate_totp_secret()).instance
    citizens = TOTP.activate(cast.citizen, generate_totp_secret()).instance
    cast.client("regulator").post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(pk=factor.pk).exists()
    cast.client("citizen").post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(pk=citizens.pk).exists()


def test_the_administration_has_no_door_of_its_own(client):
    answer = client.get("/admin/login/")
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    assert client.post("/admin/login/", {"username": "a@example.org", "password": PASSWORD}).status_code == 302


def test_staff_without_the_right_are_not_let_into_the_administration(cast):
    assert cast.client("citizen").get("/admin/login/").status_code == 403


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_after_login_one_stays_in_the_house(next_):
    person = make_user()
    answer = Client().post(reverse("account_login"), {"login": person.email, "password": PASSWORD, "next": next_})
    assert answer.url == "/desk/"


def test_login_and_logout_change_nothing_by_looking(cast):
    client = cast.client("citizen")
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session


def test_a_letter_goes_out_in_its_readers_language():
    make_user(email="reader@example.org", language="en")
    client = Client(headers={"accept-language": "zh-CN"})
    client.post(reverse("account_reset_password"), {"email": "reader@example.org"})
    assert "emissions on one page" in mail.outbox[0].body


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_request_login_code"]
)
def test_doors_are_dressed_like_the_house_in_both_languages(name, language):
    page = Client(headers={"accept-language": language}).get(reverse(name)).content.decode()
    assert 'class="site-head"' in page
    assert ("登录" in page) == (language == "zh-CN")


@pytest.mark.parametrize("name", ["account_email", "account_change_password", "mfa_index", "usersessions_list"])
def test_pages_about_oneself_are_dressed_too(cast, name):
    page = cast.client("citizen").get(reverse(name))
    if page.status_code == 302:
        page = cast.client("citizen").get(page.url)
    assert 'class="site-head"' in page.content.decode()
