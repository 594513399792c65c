"""The published policies, loaded in order; a second run changes nothing."""

import json
from datetime import datetime
from pathlib import Path

from django.conf import settings

from neutrality.standing import operations

FOLDER = Path(settings.BASE_DIR) / "seeds" / "policies"


def seed(at: datetime) -> None:
    for path in sorted(FOLDER.glob("*.json")):
        operations.publish_policy(content=json.loads(path.read_text(encoding="utf-8")), by=None, at=at)
