"""The shared store for limits against guessing where no Redis runs: PostgreSQL, seen alike by every process and thread.

allauth counts tries in the cache under a lock that is taken with `add`. Django's own database cache looks first and
writes afterwards, so two processes can both believe they took an expired lock; here taking it is one statement.
"""

import base64
import pickle
import secrets
from datetime import UTC, datetime

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router

UPSERT = (
    "INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s) "
    "ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires"
)
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
SWEEP_ONE_IN = 200


class PostgresCache(DatabaseCache):
    """Django's database cache with writes that are one atomic statement, and without forgetting what is in force."""

    def _base_set(self, mode, key, value, timeout=DEFAULT_TIMEOUT):
        moment = self.get_backend_timeout(timeout)
        expires = FOREVER if moment is None else datetime.fromtimestamp(moment, tz=UTC)
        database = connections[router.db_for_write(self.cache_model_class)]
        table = database.ops.quote_name(self._table)
        with database.cursor() as cursor:
            if secrets.randbelow(SWEEP_ONE_IN) == 0:
                cursor.execute(f"DELETE FROM {table} WHERE expires < clock_timestamp()")  # noqa: S608
            if mode == "touch":
                cursor.execute(
                    f"UPDATE {table} SET expires = %s WHERE cache_key = %s AND expires >= clock_timestamp()",  # noqa: S608
                    [expires, key],
                )
                return bool(cursor.rowcount)
            stored = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("ascii")
            # A present and valid row wins over `add`; the database decides, in one step.
            free = f" WHERE {table}.expires < clock_timestamp()" if mode == "add" else ""
            cursor.execute(UPSERT.format(table=table) + free, [key, stored, expires])
            return bool(cursor.rowcount)
