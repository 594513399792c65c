"""What the environment says, read in one place. Standard library only; every fault is found before any is told.

Unset means unset: an empty value counts as none. ``read`` never raises for a bad value; it collects a sentence for each
in ``Environment.problems`` and the caller (settings, the web server's start) refuses with all of them at once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

DEVELOPMENT_KEY = "only-for-development-and-tests-never-in-production-0123456789"
DEVELOPMENT_HOSTS = "localhost,127.0.0.1,[::1],testserver"
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
HOST_NAME = re.compile(r"^\.?[A-Za-z0-9.:\[\]-]+$")


@dataclass
class Environment:
    """The settings' raw material. ``problems`` holds one sentence per bad value, each beginning with the name."""

    production: bool = False
    demo: bool = False
    debug: bool = False
    secret_key: str = DEVELOPMENT_KEY
    allowed_hosts: list[str] = field(default_factory=list)
    database: dict[str, Any] = field(default_factory=dict)
    database_pool: bool = False
    redis_url: str = ""
    broker_folder: str = ""
    email: dict[str, Any] = field(default_factory=dict)
    mail_from: str = ""
    evidence_root: Path = Path()
    trusted_proxies: int = 0
    problems: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, environ: Mapping[str, str], problems: list[str]) -> None:
        self.environ, self.problems = environ, problems

    def text(self, name: str) -> str:
        return self.environ.get(name, "").strip()

    def flag(self, name: str) -> bool:
        value = self.text(name).lower()
        if value and value not in TRUE + FALSE:
            self.problems.append(f"{name} must be 1 or 0, not {value!r}.")
        return value in TRUE

    def number(self, name: str, default: int) -> int:
        value = self.text(name)
        if value and not (value.isascii() and value.isdigit()):
            self.problems.append(f"{name} must be a whole number, not {value!r}.")
            return default
        return int(value) if value else default


def read(environ: Mapping[str, str], base: Path) -> Environment:
    """Everything the portal takes from ``environ``; ``base`` is the project folder, for defaults outside production."""
    found = Environment()
    reader = _Reader(environ, found.problems)
    found.production, found.demo, found.debug = (reader.flag(name) for name in ("PRODUCTION", "DEMO", "DEBUG"))
    found.database_pool = reader.flag("DATABASE_POOL")
    found.secret_key = reader.text("SECRET_KEY") or DEVELOPMENT_KEY
    hosts = reader.text("ALLOWED_HOSTS") or ("" if found.production else DEVELOPMENT_HOSTS)
    found.allowed_hosts = [host.strip() for host in hosts.split(",") if host.strip()]
    found.database = database(reader.text("DATABASE_URL") or "postgres:///qingzhang", found.problems)
    found.redis_url = reader.text("REDIS_URL")
    found.broker_folder = reader.text("BROKER_FOLDER")
    found.email = email(reader.text("EMAIL_URL"), base, found.problems)
    found.mail_from = reader.text("MAIL_FROM") or "qingzhang@localhost"
    found.evidence_root = Path(reader.text("EVIDENCE_ROOT") or base / ".private" / "evidence")
    found.trusted_proxies = reader.number("TRUSTED_PROXIES", 1 if found.production else 0)
    if found.redis_url and urlsplit(found.redis_url).scheme not in ("redis", "rediss", "unix"):
        found.problems.append("REDIS_URL must begin with redis:// or rediss://.")
    if found.production:
        found.problems.extend(production_problems(found, reader))
    return found


def production_problems(found: Environment, reader: _Reader) -> list[str]:
    """What keeps a production start back: values that are missing, weak, or belong to a demonstration."""
    problems = []
    key = found.secret_key
    if not reader.text("SECRET_KEY"):
        problems.append("SECRET_KEY is missing: set at least 50 random characters.")
    elif key == DEVELOPMENT_KEY or len(key) < 50 or len(set(key)) < 12 or key.startswith("django-insecure-"):
        problems.append("SECRET_KEY is weak: set at least 50 random characters.")
    for name, what in (
        ("DATABASE_URL", "postgres://user:password@host:5432/name"),
        ("REDIS_URL", "redis://host:6379/0; limits against guessing need a shared store"),
        ("EMAIL_URL", "smtp://user:password@host:587?tls=1; people confirm their address by mail"),
        ("MAIL_FROM", "the address letters are sent from"),
        ("EVIDENCE_ROOT", "a folder on durable storage that web and worker share"),
    ):
        if not reader.text(name):
            problems.append(f"{name} is missing: {what}.")
    if not found.allowed_hosts:
        problems.append("ALLOWED_HOSTS is missing: name the hosts the portal answers for, with commas between.")
    for host in found.allowed_hosts:
        if not HOST_NAME.match(host):
            problems.append(f"ALLOWED_HOSTS must name hosts, not {host!r}.")
    if reader.text("EMAIL_URL") and "smtp" not in found.email.get("EMAIL_BACKEND", "smtp"):
        problems.append("EMAIL_URL must begin with smtp:// or smtps:// in production.")
    if reader.text("EVIDENCE_ROOT") and not found.evidence_root.is_absolute():
        problems.append("EVIDENCE_ROOT must be an absolute path in production.")
    if found.debug:
        problems.append("DEBUG must be 0 in production: error pages would show the inside.")
    if found.demo:
        problems.append("DEMO must be 0 in production: the demonstration lets anyone enter as anyone.")
    return problems


def database(url: str, problems: list[str]) -> dict[str, Any]:
    """The NAME, USER, PASSWORD, HOST, PORT of a ``postgres://`` URL; ``?host=/folder`` names a socket folder."""
    try:
        parts = urlsplit(url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        port = parts.port
    except ValueError:
        problems.append("DATABASE_URL cannot be read: postgres://user:password@host:5432/name.")
        return {}
    if parts.scheme not in ("postgres", "postgresql"):
        problems.append("DATABASE_URL must begin with postgres:// (PostgreSQL 15 or later).")
    if not parts.path.strip("/"):
        problems.append("DATABASE_URL names no database: postgres://user:password@host:5432/name.")
    unknown = sorted(set(query) - {"host", "sslmode", "sslrootcert"})
    if unknown:
        problems.append(f"DATABASE_URL has options that are not known: {', '.join(unknown)}.")
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": {name: query[name] for name in ("sslmode", "sslrootcert") if name in query},
    }


def email(url: str, base: Path, problems: list[str]) -> dict[str, Any]:
    """Django's EMAIL_* settings for smtp://, smtps://, console://, file:///folder; by default letters become files."""
    try:
        parts = urlsplit(url or f"file://{base / '.private' / 'mail'}")
        port = parts.port
    except ValueError:
        problems.append("EMAIL_URL cannot be read: smtp://user:password@host:587?tls=1.")
        return {}
    back_end = "django.core.mail.backends.{}.EmailBackend"
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": back_end.format("console")}
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": back_end.format("filebased"), "EMAIL_FILE_PATH": unquote(parts.path)}
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        problems.append("EMAIL_URL must look like smtp://user:password@host:587?tls=1.")
        return {}
    secure = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": back_end.format("smtp"),
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if secure else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": not secure and parse_qs(parts.query).get("tls", ["1"])[-1] in TRUE,
        "EMAIL_TIMEOUT": 10,
    }


def refusal(problems: list[str]) -> str:
    """The words of a refused start: every fault on its own line."""
    lines = [f"  - {problem}" for problem in problems]
    return "\n".join(["The portal does not start; mend these values of the environment:", *lines])
