"""A program with a key, for the tests of this room."""

import json

from neutrality.inventory.models import Line

OWN = "/api/v1/own/activities"


class Program:
    """A program with a key."""

    def __init__(self, client, secret):
        self.client, self.secret = client, secret

    def headers(self, more):
        return {"authorization": f"Bearer {self.secret}", "accept-language": "en", **more}

    def get(self, address, **more):
        return self.client.get(address, headers=self.headers(more))

    def send(self, verb, address, body, **more):
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        call = getattr(self.client, verb)
        return call(address, data, content_type="application/json", headers=self.headers(more))

    def upload(self, address, fields, **more):
        return self.client.post(address, fields, headers=self.headers(more))


def place(draft, end=""):
    return f"{OWN}/{draft.activity.code}/inventories/{draft.kind}{end}"


def stored(draft):
    rows = Line.objects.filter(inventory=draft).order_by("position")
    return [(row.source, row.quantity, row.key) for row in rows]
