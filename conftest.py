"""The ground every test stands on: settings for tests, browser and servers, and an honest report of what was left out.

A test that needs what this machine lacks is left out, and the last lines say so; with REQUIRE_ALL=1 it fails instead.
"""

import os
import shutil
from dataclasses import dataclass
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import transaction
from django.test import Client, TransactionTestCase, override_settings

from portal import catalogues
from portal.tests import emptying

catalogues.compile_all()

# A busy machine is no finding.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

# Playwright keeps an event loop in the test's thread; the tests themselves stay synchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

LEFT_OUT = "left out: "
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


def leave_out(what: str) -> None:
    """This machine lacks ``what``: skip the test, or fail it where everything is required."""
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"REQUIRE_ALL=1, but this machine has no {what}", pytrace=False)
    pytest.skip(LEFT_OUT + what)


def pytest_addoption(parser):
    parser.addoption("--database", action="store_true", help="only tests that use the database")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    items.sort(key=lambda item: item.get_closest_marker("long") is None)  # what takes long is begun first
    if config.getoption("--database"):
        config.hook.pytest_deselected(items=[item for item in items if not stored(item)])
        items[:] = [item for item in items if stored(item)]


def stored(item) -> bool:
    """Whether a test uses the database at all."""
    return item.get_closest_marker("django_db") is not None or bool(
        {"db", "transactional_db", "live_server"} & set(item.fixturenames)
    )


def committing(item) -> bool:
    """Whether a test commits what it writes."""
    marker = item.get_closest_marker("django_db")
    committed = marker is not None and marker.kwargs.get("transaction", False)
    return committed or bool({"transactional_db", "live_server"} & set(item.fixturenames))


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    counts: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if LEFT_OUT in reason:
            what = reason.split(LEFT_OUT, 1)[1]
            counts[what] = counts.get(what, 0) + 1
    for what, count in sorted(counts.items()):
        terminalreporter.write_line(f"Left out: {count} test(s), because this machine has no {what}.", yellow=True)


@pytest.fixture(autouse=True, scope="session")
def _settings_for_tests(tmp_path_factory):
    """Cheap password hashes, a cache per process, evidence in a folder of the run."""
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        EVIDENCE_ROOT=tmp_path_factory.mktemp("evidence"),
    ):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """What the tests commit need not survive a failing machine: no test waits for the disk."""
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] = f"{options.get('options', '')} -c synchronous_commit=off".strip()


@pytest.fixture(autouse=True, scope="session")
def _quick_emptying():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying.empty)
        yield


@pytest.fixture(scope="module")
def lasting(request, django_db_setup, django_db_blocker):
    """A transaction around all tests of a file: what its fixtures of scope "module" make in it is made once.

    Each test still has a savepoint of its own. Objects in memory are shared: hand out copies of what tests change.
    """
    here = [item for item in request.session.items if item.path == request.path and stored(item)]
    wrong = [item.nodeid for item in here if committing(item) or "lasting" not in item.fixturenames]
    assert wrong == [], (
        "these would commit what lasts, or find what they did not ask for: they need a file of their own"
    )
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True
        with around:
            yield
            transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture(scope="session")
def redis_url():
    """The Redis server of REDIS_URL."""
    return os.environ.get("REDIS_URL") or leave_out("Redis server (REDIS_URL is empty)")


@pytest.fixture(scope="session")
def browser():
    """The distribution's Chromium, driven by playwright."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        leave_out("browser (chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser):
    """new_page(viewport, locale) -> a page in a context of its own, as if opened by another person."""
    contexts = []

    def make(viewport=DESKTOP, locale="zh-CN", **options):
        context = browser.new_context(viewport=viewport, locale=locale, **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    """A page 1280 px wide, in Chinese."""
    return new_page()


@pytest.fixture
def phone(new_page):
    """A page 360 px wide, in Chinese."""
    return new_page(PHONE)


@dataclass(frozen=True)
class Cast:
    """Everybody a page may meet. `home` is the organizer's organization; `stranger` owns `elsewhere`."""

    organizer: Any
    colleague: Any
    stranger: Any
    evaluator: Any
    registrar: Any
    regulator: Any
    second_officer: Any
    citizen: Any
    anonymous: Any
    home: Any
    elsewhere: Any
    evaluating_body: Any
    registry: Any
    authority: Any

    def client(self, name: str) -> Client:
        """A browser in which the member of the cast called `name` is logged in."""
        client = Client()
        if name != "anonymous":
            client.force_login(getattr(self, name))
        return client


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def make_cast() -> Cast:
    """Nine people and their organizations, in the database."""
    from accounts.rules import Role
    from accounts.tests.factories import make_member, make_organization, make_user

    def member(name, organization, role):
        return make_member(make_user(name=name, email=f"{name}@example.org"), organization, role).user

    home = make_organization("organizer", name_zh="青川会展有限公司", name_en="Qingchuan Events Ltd")
    elsewhere = make_organization("organizer", name_zh="别处文化有限公司", name_en="Elsewhere Culture Ltd")
    body = make_organization("evaluator", name_zh="明衡评价中心", name_en="Mingheng Evaluation Centre")
    registry = make_organization("registry", name_zh="省碳汇登记所", name_en="Provincial Carbon Registry")
    authority = make_organization(
        "regulator", region_code="510000", name_zh="省生态环境厅", name_en="Provincial Department of Environment"
    )
    return Cast(
        organizer=member("organizer", home, Role.OWNER),
        colleague=member("colleague", home, Role.VIEWER),
        stranger=member("stranger", elsewhere, Role.OWNER),
        evaluator=member("evaluator", body, Role.EVALUATOR),
        registrar=member("registrar", registry, Role.REGISTRAR),
        regulator=member("regulator", authority, Role.REGULATOR),
        second_officer=member("second_officer", authority, Role.REGULATOR),
        citizen=make_user(name="citizen", email="citizen@example.org"),
        anonymous=AnonymousUser(),
        home=home,
        elsewhere=elsewhere,
        evaluating_body=body,
        registry=registry,
        authority=authority,
    )


@pytest.fixture(autouse=True)
def complete_login(monkeypatch):
    """`force_login` leaves a person where the front door does: with the second factor used as well.

    Tests of the second factor itself log in through the real pages, or with `force_password_login`.
    """
    password_only = Client.force_login

    def force_login(client, user, backend=None):
        password_only(client, user, backend)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "mfa", "type": "totp", "at": 4102444800, "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    monkeypatch.setattr(Client, "force_login", force_login)
    monkeypatch.setattr(Client, "force_password_login", password_only, raising=False)
