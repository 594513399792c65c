"""Message catalogues: compiled from the .po files of every room when they are older than their source."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def sources() -> list[Path]:
    """Every catalogue source of the project, in a fixed order."""
    folders = [ROOT / "portal", ROOT / "accounts", ROOT / "neutrality"]
    return sorted(po for folder in folders for po in folder.rglob("locale/*/LC_MESSAGES/*.po"))


def compile_all() -> int:
    """Compile what is stale; returns how many were."""
    done = 0
    for po in sources():
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            polib.pofile(str(po)).save_as_mofile(str(mo))
            done += 1
    return done
