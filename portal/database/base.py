"""Connections of the web processes, looked at before each use without a question to the server.

A server that ended a connection, or is gone, has said so: the closed socket has something to read, and a sound one has
nothing. The pool's own check asks the server before every use, which would be a fourth of the questions of a public
page.
"""

import select
from typing import Any

from django.db.backends.postgresql import base


def sound(connection: Any) -> bool:
    """Whether the server has not ended the connection."""
    watch = select.poll()
    watch.register(connection.fileno(), select.POLLIN)
    return not watch.poll(0)


class DatabaseWrapper(base.DatabaseWrapper):
    """The pool makes a new connection for each that is given back lost, and waits for it no longer than its timeout."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        while self.pool and not sound(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection
