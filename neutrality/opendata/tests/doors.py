"""Open data is open."""

from neutrality.opendata.datasets import DATASETS
from portal.tests.doors import PUBLIC

DOORS = {
    "opendata:index": ({}, PUBLIC),
    "opendata:csv": ({"name": "=blocks"}, PUBLIC),
    "opendata:jsonl": ({"name": "=blocks"}, PUBLIC),
    "opendata:description": ({}, PUBLIC),
    "opendata:api:api-root": ({}, {"rest": 404}),
    "opendata:api:serials": ({}, {"rest": 422}),
    **{f"opendata:api:read_{name}": ({}, PUBLIC) for name in DATASETS},
}
