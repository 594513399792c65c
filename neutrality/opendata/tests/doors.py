"""Open data is open."""

from neutrality.opendata.datasets import DATASETS
from portal.tests.doors import POST_ONLY, PUBLIC

DOORS = {
    "opendata:index": ({}, PUBLIC),
    "opendata:csv": ({"name": "=blocks"}, PUBLIC),
    "opendata:jsonl": ({"name": "=blocks"}, PUBLIC),
    "opendata:description": ({}, PUBLIC),
    "opendata:api:api-root": ({}, {"rest": 404}),
    "opendata:interface": ({}, PUBLIC),
    "opendata:api:calculate": ({}, POST_ONLY),
    "opendata:api:serials": ({}, {"rest": 422}),
    **{f"opendata:api:read_{name}": ({}, PUBLIC) for name in DATASETS},
}
