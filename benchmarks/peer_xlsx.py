"""A workbook to a polars table by fastexcel, in an interpreter of its own: prints seconds and the version.

Run by travel.py with the interpreter named in PEER_FASTEXCEL, which has fastexcel and polars:
python peer_xlsx.py LIST.xlsx
"""

import sys
import time

import fastexcel
import polars as pl


def main() -> None:
    begun = time.perf_counter()
    rows = pl.read_excel(sys.argv[1], engine="calamine")
    print(time.perf_counter() - begun, rows.height, getattr(fastexcel, "__version__", "unknown"))


if __name__ == "__main__":
    main()
