"""A real browser: signing up, the authenticator app, a passkey, in by the passkey alone; and no barrier on the way."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.urls import reverse

from accounts.models import Organization
from accounts.rules import Role
from accounts.tests.factories import PASSWORD, make_member, make_organization, make_user
from neutrality.rulebook.models import Region

pytestmark = pytest.mark.django_db(transaction=True)

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def visit(page, live_server):
    """Open a page by its name; the console must stay quiet."""
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    # Passkeys belong to a host name, not to a number.
    base = live_server.url.replace("127.0.0.1", "localhost")

    def go(name, *arguments):
        page.goto(base + (name if name.startswith("/") else reverse(name, args=arguments)))
        return page

    yield go
    # What is refused on purpose is said by the browser too.
    assert [text for text in said if "404" not in text and "422" not in text] == []


def send(page, **values):
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)
    page.locator("main form button[type=submit]").first.click()


def barriers(page):
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in found]


def log_in(visit, person):
    page = visit("account_login")
    send(page, login=person.email, password=PASSWORD)
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    return page


def test_signing_up_with_the_code_from_the_letter(visit):
    page = visit("account_signup")
    assert barriers(page) == []
    send(page, name="新人", email="new@example.org", password1=PASSWORD, password2=PASSWORD)
    code = re.search(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", mail.outbox[0].body, re.M).group()
    assert barriers(page) == []
    send(page, code=code)
    page.wait_for_url("**/desk/")


def test_an_officer_sets_up_the_app_and_is_then_let_in(visit, cast):
    page = log_in(visit, cast.regulator)
    page.wait_for_url("**/second-factor/")
    assert barriers(page) == []
    page.get_by_role("link", name="设置验证器应用").click()
    send(page, password=PASSWORD)
    assert barriers(page) == []
    secret = page.input_value("#authenticator_secret")
    send(page, code=format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.wait_for_url("**/recovery-codes/")
    assert visit("accounts:pending").url.endswith(reverse("accounts:pending"))


def test_an_officer_with_a_passkey_enters_by_it_alone(visit, page, cast):
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    log_in(visit, cast.regulator)
    page.wait_for_url("**/second-factor/")
    page.get_by_role("link", name="设置通行密钥").click()
    send(page, password=PASSWORD)
    assert barriers(page) == []
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/add/" not in url)
    visit("account_logout").locator("main form button").click()
    visit("account_login").click("#passkey_login")
    page.wait_for_url("**/desk/")
    assert visit("accounts:pending").url.endswith(reverse("accounts:pending"))


def test_an_organization_is_registered_and_peopled_in_the_browser(visit):
    founder = make_user(email="founder@example.org")
    log_in(visit, founder)
    page = visit("accounts:new")
    page.fill("[name=code]", "9151 0100 ma60 0003 20")
    page.fill("[name=name_zh]", "新来有限公司")
    page.fill("[name=seat]", "无此地")
    page.locator("main form button[type=submit]").click()
    assert page.locator(".errors").is_visible()
    assert page.input_value("[name=name_zh]") == "新来有限公司"
    page.fill("[name=seat]", "")
    Region.objects.create(code="510100", name_zh="成都市", name_en="Chengdu")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/settings/")
    assert "等待主管部门核验" in page.content()
    page.get_by_role("link", name="邀请成员").click()
    send(page, email="second@example.org")
    link = re.search(r"http\S+/invitations/\S+", mail.outbox[-1].body).group()
    second = make_user(email="second@example.org")
    visit("account_logout").locator("main form button").click()
    page.goto(link)
    page.get_by_role("link", name="登录").last.click()
    send(page, login=second.email, password=PASSWORD)
    page.get_by_role("button", name="接受邀请").click()
    page.wait_for_url("**/settings/")
    made = Organization.objects.get(code="91510100MA60000320")
    assert made.memberships.get(user=second).role == Role.VIEWER


def test_a_role_taken_away_closes_the_open_window(visit, cast):
    organization = make_organization()
    membership = make_member(organization=organization)
    make_member(organization=organization)
    log_in(visit, membership.user)
    page = visit("accounts:edit", organization.code)
    membership.ended_at, membership.ended_by = membership.granted_at, membership.user
    membership.save()
    with page.expect_response(lambda answer: answer.request.method == "POST") as caught:
        page.locator("main form button[type=submit]").click()
    assert caught.value.status == 404
