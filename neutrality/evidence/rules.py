"""What a file may be: its kind by extension and by its own bytes, which must agree (pure)."""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePath

MIB = 1024 * 1024
LARGEST = 25 * MIB
MOST_PARTS = 2000
MOST_INFLATED = 200 * MIB
MOST_RATIO = 100
LONGEST_NAME = 200

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
SAME = {"jpeg": "jpg"}
ACTIVE_PART = re.compile(r"vbaproject|/externallinks/|/activex/|/embeddings/|/ctrlprops/|macrosheets|\.bin$", re.I)
HARMLESS_BIN = re.compile(r"printersettings/[^/]+\.bin$", re.I)
RELATION = re.compile(rb"<Relationship\b[^>]*>", re.I)
EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External", re.I)
HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.I)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
CODES = ("empty", "too_large", "unknown_type", "wrong_content", "active_content", "bad_name")


class BadFile(ValueError):
    """A file the house does not keep; `code` is one of CODES."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def digest(data: bytes) -> str:
    """SHA-256 of the raw bytes, as hex."""
    return hashlib.sha256(data).hexdigest()


def clean_name(name: str) -> str:
    """The last part of what the browser sent, without control characters; it is only ever shown, never a path."""
    last = UNSHOWABLE.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip()
    stem, suffix = PurePath(last).stem, PurePath(last).suffix
    if not stem or not suffix:
        raise BadFile("bad_name")
    return stem[: LONGEST_NAME - len(suffix)] + suffix if len(suffix) <= 10 else stem[:LONGEST_NAME]


def media_type(name: str, data: bytes) -> str:
    """The media type on which extension and content agree; BadFile(code) otherwise."""
    if not data:
        raise BadFile("empty")
    if len(data) > LARGEST:
        raise BadFile("too_large")
    extension = PurePath(name).suffix.lower().removeprefix(".")
    kind = SAME.get(extension, extension)
    if kind not in MEDIA_TYPES:
        raise BadFile("unknown_type")
    if not LOOKS[kind](data):
        raise BadFile("wrong_content")
    if kind == "xlsx":
        _refuse_active(data)
    return MEDIA_TYPES[kind]


def _is_pdf(data: bytes) -> bool:
    return data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]


def _is_jpg(data: bytes) -> bool:
    return data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in data[-64 * 1024 :]


def _is_png(data: bytes) -> bool:
    return data.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in data[-64:]


def _is_csv(data: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not CONTROL.search(text) and not text.lstrip().startswith(("%PDF-", "<"))
    return False


def _is_xlsx(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {"[Content_Types].xml", "xl/workbook.xml"} <= set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


LOOKS: dict[str, Callable[[bytes], bool]] = {
    "pdf": _is_pdf,
    "jpg": _is_jpg,
    "png": _is_png,
    "csv": _is_csv,
    "xlsx": _is_xlsx,
}


def _refuse_active(data: bytes) -> None:
    """Macros, embedded programs, links to other files, and archives that swell are refused."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or any(part.flag_bits & 1 for part in parts):
            raise BadFile("wrong_content")
        left = min(MOST_INFLATED, MOST_RATIO * len(data))
        for part in parts:
            if ACTIVE_PART.search("/" + part.filename) and not HARMLESS_BIN.search(part.filename):
                raise BadFile("active_content")
            content = _inflate(archive, part, left)
            left -= len(content)
            _refuse_active_part(part.filename.lower(), content)


def _inflate(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> bytes:
    try:
        with archive.open(part) as stream:
            content = stream.read(left + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError, RuntimeError):
        raise BadFile("wrong_content") from None
    if len(content) > left:
        raise BadFile("wrong_content")
    return content


def _refuse_active_part(name: str, content: bytes) -> None:
    if name == "[content_types].xml" and b"macroenabled" in content.lower():
        raise BadFile("active_content")
    if name.endswith(".rels"):
        for relation in RELATION.findall(content):
            if EXTERNAL.search(relation) and not HYPERLINK.search(relation):
                raise BadFile("active_content")
