"""A message broker made of files, for a machine without one: the stock file transport with every write made whole.

The stock transport opens a message under its final name before it writes, so a reader can take an empty file and die
(kombu issue 1551). Here a message appears by ``os.replace`` and is taken by ``os.rename``: who renames first has it.
Messages are hints; losing one delays a sweep, nothing else.
"""

import os
import time
import uuid
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.transport.filesystem import exchange_queue_t
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    def _write(self, folder: str, name: str, content: object) -> None:
        hidden = os.path.join(folder, f".{uuid.uuid4().hex}")
        with open(hidden, "w", encoding="utf-8") as file:
            file.write(dumps(content))
        os.replace(hidden, os.path.join(folder, name))

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        self._write(self.data_folder_out, f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg", payload)

    def _get(self, queue: str) -> Any:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = os.path.join(self.processed_folder, name)
            try:
                os.rename(os.path.join(self.data_folder_in, name), taken)
            except FileNotFoundError:
                continue  # someone else took it
            with open(taken, encoding="utf-8") as file:
                payload = loads(file.read())
            os.remove(taken)
            return payload
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        self.control_folder.mkdir(parents=True, exist_ok=True)
        bound = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        table = self.get_table(exchange)
        if bound not in table:
            self._write(str(self.control_folder), self._exchange_file(exchange).name, [bound, *table])


class Transport(filesystem.Transport):
    Channel = Channel
    polling_interval = 0.1


def options(folder: str) -> dict[str, Any]:
    """Transport options for a broker living in ``folder``; makes the folders."""
    names = {"data_folder_in": "messages", "data_folder_out": "messages", "processed_folder": "taken"}
    found = {key: os.path.join(folder, name) for key, name in names.items()}
    for path in found.values():
        os.makedirs(path, exist_ok=True)
    return found | {"control_folder": os.path.join(folder, "control"), "store_processed": True}
