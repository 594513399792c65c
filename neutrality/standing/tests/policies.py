"""The policy the portal ships, read as the seed has it: the tests stand on the public text itself."""

import json
from pathlib import Path

from django.conf import settings

from neutrality.standing.rules import read_policy

PATH = Path(settings.BASE_DIR) / "seeds" / "policies" / "platform-1.json"
CONTENT = json.loads(PATH.read_text(encoding="utf-8"))
POLICY = read_policy(CONTENT)
