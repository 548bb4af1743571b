"""Reading a bank from a file in one of the formats."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum

from itembank.faults import fault, sentence
from itembank.formats import ised, native_csv, native_json, ncvec
from itembank.formats.records import ParsedBank

MOST_BYTES = 32_000_000


class BankFormat(StrEnum):
    """The formats in which a bank can be read."""

    ISED = "ised"
    NCVEC = "ncvec"
    JSON = "json"
    CSV = "csv"


_READERS: Mapping[BankFormat, Callable[[str, Collection[str]], ParsedBank]] = {
    BankFormat.ISED: lambda text, _: ised.read(text),
    BankFormat.NCVEC: ncvec.read,
    BankFormat.JSON: native_json.read,
    BankFormat.CSV: native_csv.read,
}


def read_bank(
    source: str | bytes, format: BankFormat | str, *, files: Collection[str] = ()
) -> ParsedBank:
    """Return the bank that a file holds, with each line refused and its reason.

    `files` are the names of the files that come with it: an item whose figure is not among them
    is refused, for nobody could answer it. A file that is not what `format` claims raises a
    ValueError of one sentence.
    """
    try:
        reader = _READERS[BankFormat(format)]
    except ValueError:
        raise fault("format", f"one of {', '.join(BankFormat)}", format) from None
    text = _decoded(source).removeprefix("\ufeff")
    if not text.strip():
        raise fault("source", "a file with something in it", "nothing")
    return reader(text, files)


def _decoded(source: str | bytes) -> str:
    if len(source) > MOST_BYTES:
        raise fault("source", f"at most {MOST_BYTES:,} bytes", len(source))
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        got = f"another encoding (byte 0x{source[error.start]:02x})"
        raise ValueError(sentence("source", "text in UTF-8", got, f"line {line}")) from None
