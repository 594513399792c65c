"""python -m portal.alive: asks the web process of this container whether it answers; exit code 0 when it does."""

import os
import sys
from http.client import HTTPConnection, HTTPException


def ask(port: int, host: str) -> bool:
    """Whether /healthz/live/ on this machine answers 200 to a request for ``host``."""
    connection = HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/healthz/live/", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    name = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    sys.exit(0 if ask(int(os.environ.get("PORT") or 8000), name) else 1)
