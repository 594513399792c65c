"""Add a line to a draft. Needs nothing but Python."""

import json
import os
import urllib.error
import urllib.request

ADDRESS = "{PORTAL}/api/v1/own/activities/{ACTIVITY}/inventories/actual".format(**os.environ)


def ask(address, method="GET", body=None, **headers):
    """Status, ETag and JSON of an answer; problem details are an answer too."""
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Authorization": "Bearer " + os.environ["KEY"], "Content-Type": "application/json", **headers}
    request = urllib.request.Request(address, data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers["ETag"], json.load(answer)
    except urllib.error.HTTPError as problem:
        return problem.code, problem.headers["ETag"], json.load(problem)


status, etag, draft = ask(ADDRESS)
kept = draft["lines"] if status == 200 else []
# Amounts are strings. A figure that is not known is left out or null, never "0".
meals = {"source": "catering", "stage": "holding", "treatment": "measured", "quantity": "640", "unit": "meal"}
lines = [*kept, {**meals, "factor": "default", "description": "lunches"}]
condition = {"If-Match": etag} if status == 200 else {"If-None-Match": "*"}
status, etag, told = ask(ADDRESS + "/lines", "PUT", {"lines": lines}, **condition)
if status == 412:
    raise SystemExit("Somebody saved meanwhile. Run again: the draft is read afresh.")
if status != 200:
    raise SystemExit("\n".join(f"{error['pointer']}: {error['detail']}" for error in told.get("errors", [told])))
print(told["result"]["totals"]["kg"], "kg", etag)
