"""The cast and the ground every test stands on."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from portal import catalogues

catalogues.compile_all()


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
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 4102444800}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    monkeypatch.setattr(Client, "force_login", force_login)
    monkeypatch.setattr(Client, "force_password_login", password_only, raising=False)
