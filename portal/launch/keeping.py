"""What a portal on the private server keeps beside its database: evidence, letters, and the key of this machine."""

import secrets
from pathlib import Path

from portal.launch.ground import replace


def own(path: Path) -> str:
    """A folder nobody else looks into."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return str(path)


def secret_key(folder: Path) -> str:
    """Made once for this machine."""
    path = folder / "secret-key"
    if not path.exists():
        replace(path, secrets.token_urlsafe(64))
    return path.read_text(encoding="utf-8").strip()


def kept(folder: Path, database: str) -> dict[str, str]:
    """The environment that belongs to one of the private databases; the demonstration and the portal share nothing."""
    return {
        "SECRET_KEY": secret_key(folder),
        "EVIDENCE_ROOT": own(folder / database / "evidence"),
        "EMAIL_URL": f"file://{own(folder / database / 'mail')}",
    }
