"""python -m benchmarks.fuzz READER [FOLDER] [options of libFuzzer]: the readers of uploads under atheris.

Guided by coverage. Needs the package atheris, which is not in the lock. FOLDER keeps the inputs that reached something
new, and a crash is written as crash-…. Readers: csv_grid, csv_list, xlsx_grid, xlsx_list, dossier, pasted.

    python -m benchmarks.fuzz csv_list /tmp/inputs -max_total_time=300
"""

import os
import sys
from pathlib import Path
from types import FunctionType

import atheris

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
with atheris.instrument_imports(include=["neutrality.inventory", "neutrality.quantities", "csv", "zipfile", "json"]):
    import django

    django.setup()
    from neutrality.inventory.tests import readers


def main() -> None:
    name, *words = sys.argv[1:]
    folder = Path(next((word for word in words if word[0] != "-"), f"/tmp/fuzz-{name}"))
    folder.mkdir(parents=True, exist_ok=True)
    for place, data in enumerate(readers.beginnings(name)):
        (folder / f"begin-{place}").write_bytes(data)
    for word, found in readers.checker().items():  # it is no module of ours, so it was not instrumented by its import
        if isinstance(found, FunctionType):
            readers.checker()[word] = atheris.instrument_func(found)
    options = [word for word in words if word.startswith("-")]
    atheris.Setup([sys.argv[0], *options, str(folder)], lambda data: readers.taken(name, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
