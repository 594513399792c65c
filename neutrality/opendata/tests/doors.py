"""Open data is open."""

from neutrality.opendata.datasets import DATASETS
from portal.tests.doors import POST_ONLY, PUBLIC

KEY_ONLY = {"rest": 401}  # whoever is logged in: a session is no key
ACTIVITY = {"code": "activity.code"}
DRAFT = ACTIVITY | {"kind": "=actual"}

DOORS = {
    "opendata:index": ({}, PUBLIC),
    "opendata:csv": ({"name": "=blocks"}, PUBLIC),
    "opendata:jsonl": ({"name": "=blocks"}, PUBLIC),
    "opendata:project_csv": ({"code": "block.project.code"}, PUBLIC),
    "opendata:project_jsonl": ({"code": "block.project.code"}, PUBLIC),
    "opendata:description": ({}, PUBLIC),
    "opendata:api:api-root": ({}, {"rest": 404}),
    "opendata:interface": ({}, PUBLIC),
    "opendata:api:calculate": ({}, POST_ONLY),
    "opendata:api:list_activities": ({}, KEY_ONLY),
    "opendata:api:read_draft": (DRAFT, KEY_ONLY),
    "opendata:api:replace_lines": (DRAFT, POST_ONLY),
    "opendata:api:deposit_months": (ACTIVITY, POST_ONLY),
    "opendata:api:deposit_evidence": (ACTIVITY, POST_ONLY),
    "opendata:api:hand_in_list": (DRAFT, POST_ONLY),
    "opendata:api:read_list": (DRAFT | {"key": "roster.key"}, KEY_ONLY),
    "opendata:api:serials": ({}, {"rest": 422}),
    **{f"opendata:api:read_{name}": ({}, PUBLIC) for name in DATASETS},
}
