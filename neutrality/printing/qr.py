"""QR codes as one path of squares: sharp at any size, black on white, the same in PDF and on a page."""

from functools import lru_cache

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # modules of white around it, as ISO/IEC 18004 asks
MASK = 3  # any of the eight reads; trying all for the prettiest takes six times as long


@lru_cache(maxsize=512)
def svg(text: str) -> str:
    """`text` as an SVG picture; a quarter of the ink may be lost and it still reads."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(text, optimize=0)  # an address is one run of bytes: looking for shorter spellings found none
    code.make(fit=True)
    rows = code.get_matrix()
    size = len(rows) + 2 * QUIET
    path = "".join(_row(row, y) for y, row in enumerate(rows, start=QUIET))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def _row(row: list[bool], y: int) -> str:
    """The dark runs of one row."""
    parts, x = [], 0
    while x < len(row):
        if not row[x]:
            x += 1
            continue
        run = x
        while run < len(row) and row[run]:
            run += 1
        parts.append(f"M{x + QUIET} {y}h{run - x}v1h-{run - x}z")
        x = run
    return "".join(parts)
