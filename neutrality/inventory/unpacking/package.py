"""A workbook as a package of parts, opened with suspicion: nothing large is inflated before its size was looked at."""

import re
import zipfile
from collections.abc import Iterator
from html import unescape

import numpy as np

MOST_PARTS = 2_000
MOST_INFLATED = 1024 * 1024 * 1024
SMALL_PART = 4 * 1024 * 1024
MOST_RATIO = 120  # of a part beyond SMALL_PART; sheets of real lists inflate 10 to 30 times
MOST_SHEETS = 100
PIECE = 4 * 1024 * 1024
DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
ATTRIBUTE = r'\b{}\s*=\s*["\']([^"\']*)["\']'
T = re.compile(rb"<t(?:\s[^>]*)?>(.*?)</t>", re.S)
PHONETIC = re.compile(rb"<rPh\b.*?</rPh>", re.S)
LT, GT, SPACE, SLASH = (ord(sign) for sign in "<> /")


class Refused(Exception):
    """A file that is not read; the text says why."""


class Unusual(Exception):
    """Laid out in a way this reader leaves to calamine."""


class Package:
    """The zip file, opened with suspicion."""

    def __init__(self, path: str):
        self.archive = zipfile.ZipFile(path)
        parts = self.archive.infolist()
        if len(parts) > MOST_PARTS or len({part.filename for part in parts}) < len(parts):
            raise Refused("damaged")
        for part in parts:
            swollen = part.file_size > SMALL_PART and part.file_size > MOST_RATIO * max(1, part.compress_size)
            if part.flag_bits & 1 or swollen or part.file_size > MOST_INFLATED:
                raise Refused("damaged" if part.flag_bits & 1 else "inflated")

    def part(self, name: str, most: int = MOST_INFLATED) -> bytes:
        """A whole part; entities are never expanded, so their definition alone is refused."""
        try:
            with self.archive.open(name) as stream:
                data = stream.read(most)
        except KeyError:
            return b""
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise Refused("damaged")
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Unusual
        return data


def tags(data: bytes, name: str) -> list[str]:
    return [found.decode(errors="replace") for found in re.findall(rb"<" + name.encode() + rb"\b[^>]*>", data)]


def attribute(tag: str, name: str) -> str:
    found = re.search(ATTRIBUTE.format(name), tag)
    return unescape(found.group(1)) if found else ""


def sheets(package: Package) -> list[tuple[str, bool, str]]:
    """Name, whether visible, and part of every sheet."""
    targets = {}
    for tag in tags(package.part("xl/_rels/workbook.xml.rels"), "Relationship"):
        target = attribute(tag, "Target")
        targets[attribute(tag, "Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found = []
    for tag in tags(package.part("xl/workbook.xml"), "sheet"):
        visible = attribute(tag, "state") in ("", "visible")
        found.append((attribute(tag, "name"), visible, targets.get(attribute(tag, "r:id"), "")))
    if not found:
        raise Unusual
    if len(found) > MOST_SHEETS:
        raise Refused("too_many_sheets")
    return found


def date_styles(package: Package) -> set[int]:
    """Indexes of cell formats that show a number as a date or a time."""
    data = package.part("xl/styles.xml")
    dates = set(DATE_FORMATS)
    for tag in tags(data, "numFmt"):
        code = re.sub(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]', "", attribute(tag, "formatCode"), flags=re.I)
        if re.search(r"[ymdhs年月日]", code, re.I) and attribute(tag, "numFmtId").isdigit():
            dates.add(int(attribute(tag, "numFmtId")))
    formats = re.search(rb"<cellXfs\b.*?</cellXfs>", data, re.S)
    found = tags(formats.group(0), "xf") if formats else []
    return {place for place, tag in enumerate(found) if attribute(tag, "numFmtId") in {str(each) for each in dates}}


class Strings:
    """The shared strings: where each begins; a text is made only when it is used."""

    def __init__(self, data: bytes):
        self.data = data
        starts = [np.zeros(0, dtype=np.int64)]
        for at in range(0, len(data), PIECE):
            piece = np.frombuffer(data[at : at + PIECE + 4], dtype=np.uint8)
            lt = np.flatnonzero(piece[:PIECE] == LT)
            lt = lt[lt + 3 < len(piece)]
            mine = (piece[lt + 1] == ord("s")) & (piece[lt + 2] == ord("i"))
            mine &= (piece[lt + 3] == GT) | (piece[lt + 3] == SPACE) | (piece[lt + 3] == SLASH)
            starts.append(lt[mine] + at)
        self.starts = np.concatenate(starts)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, place: int) -> str:
        end = int(self.starts[place + 1]) if place + 1 < len(self.starts) else len(self.data)
        return spoken(self.data[int(self.starts[place]) : end])


def spoken(entry: bytes) -> str:
    """The text of a string entry: its runs together, without how they are pronounced."""
    return plain_text(b"".join(T.findall(PHONETIC.sub(b"", entry))))


def plain_text(data: bytes) -> str:
    text = data.decode(errors="replace")
    text = unescape(text) if "&" in text else text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def pieces(package: Package, part: str) -> Iterator[bytes]:
    """Whole rows of a sheet, some megabytes at a time, then what follows the last row."""
    rest, size = b"", 0
    with package.archive.open(part) as stream:
        while data := stream.read(PIECE):
            size += len(data)
            if size > MOST_INFLATED:
                raise Refused("inflated")
            rest += data
            cut = rest.rfind(b"<row")
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > 8 * PIECE:
                raise Refused("inflated")
    yield rest
