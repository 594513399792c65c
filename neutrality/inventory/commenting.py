"""A program of its own: reads a workbook and remarks from standard input, writes the workbook with comments.

Run by marking.py in a child process within strict limits, as limited.py is. It imports nothing of the portal.
Input: one line of JSON {"author", "sheet", "remarks": [[row, column, text], ...]}, then the bytes of the workbook.
"""

import io
import json
import resource
import sys
from collections import defaultdict

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

MEMORY = 1536 * 1024 * 1024
SECONDS = 60
WIDTH, LINE_HEIGHT = 320, 22
LETTERS_PER_LINE = 24


def forget(sheet: Worksheet, author: str) -> None:
    """Take away what we wrote the last time: a mended cell keeps no old remark."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == author:
                cell.comment = None


def say(sheet: Worksheet, row: int, column: int, text: str, author: str) -> None:
    """Write a remark on a cell, below what somebody else wrote there; on the first cell where it is merged away."""
    cell = sheet.cell(row, column)
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
    if cell.comment is not None:
        text = f"{cell.comment.text}\n{text}"
    comment = Comment(text, author)
    comment.width, comment.height = WIDTH, LINE_HEIGHT * (2 + len(text) // LETTERS_PER_LINE + text.count("\n"))
    cell.comment = comment


def commented(data: bytes, author: str, name: str, remarks: list[list[object]]) -> bytes:
    """The workbook with every remark on its cell; everything else as it was."""
    book = load_workbook(io.BytesIO(data), keep_links=False)
    sheet = book[name] if name in book.sheetnames else book.worksheets[0]
    forget(sheet, author)
    cells = defaultdict(list)
    for row, column, text in remarks:
        cells[int(str(row)), int(str(column))].append(str(text))
    for (row, column), texts in cells.items():
        say(sheet, row, column, "\n".join(texts), author)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    order = json.loads(sys.stdin.buffer.readline())
    sys.stdout.buffer.write(commented(sys.stdin.buffer.read(), order["author"], order["sheet"], order["remarks"]))


if __name__ == "__main__":
    main()
