"""The journal beside a map's file: one line of JSON for each batch of edits that is not in the file yet.

The first line says which state of the file the edits continue, by its digest. Each further line is either an edit, with
the elements that it changed as they stand in a map file, or a mark: the digest of a state of the file that holds all
edits above it. So whenever the file is written, and whatever happens in the middle of it, what is still to be added to
the file is known. Each line has a checksum of itself and of all lines before it.
"""

from __future__ import annotations

import json
import os
import secrets
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from crmwidget.errors import FileFormatError, shorten
from crmwidget.formats import map_json
from crmwidget.formats.strict_json import parse
from crmwidget.graph.changes import Change
from crmwidget.graph.elements import Attributes, Elements

__all__ = ["FORMAT", "VERSION", "Chain", "Edit", "Journal", "beside", "edit", "header", "mark", "read"]

FORMAT = "crmwidget/journal"
VERSION = 1

_START = b'{"crc":"'
_BODY = len(_START) + 10  # where, behind the eight digits of the checksum, the rest of the line begins

Edit = tuple[int, list[Any]]  # the number of its line, and what changed


def beside(path: str | os.PathLike[str]) -> Path:
    """Where the journal of a map file is; links are followed, so that a file has one journal whatever it is called.

    Examples
    --------
    >>> beside("/maps/sales.crm.json").name
    'sales.crm.json.journal'
    """
    return Path(os.path.realpath(path) + ".journal")


# ---- writing -------------------------------------------------------------------------------------


class Chain:
    """Makes the lines of one journal, each with a checksum that also depends on all lines before it.

    Examples
    --------
    >>> chain = Chain()
    >>> content = chain.line(header("d1", {"map": "Sales"})) + chain.line(mark("d2"))
    >>> read(content).crc == chain.crc
    True
    """

    def __init__(self, crc: int = 0) -> None:
        self.crc = crc

    def line(self, body: Mapping[str, Any]) -> bytes:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        self.crc = zlib.crc32(text, self.crc)
        return b'%b%08x",%b\n' % (_START, self.crc, text[1:])


def header(file: str, owner: Mapping[str, object]) -> dict[str, Any]:
    """The first line: the digest of the state of the map file that is continued, and who does it."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "map_version": map_json.VERSION,
        "token": secrets.token_hex(4),
        "owner": dict(owner),
        "file": file,
    }


def mark(file: str) -> dict[str, Any]:
    """The line that says: the state of the map file with this digest holds all edits above."""
    return {"file": file}


def edit(changes: Sequence[Change], elements: Elements) -> dict[str, Any]:
    """The line of one batch, which has just been committed to `elements`.

    A new node, flow or comment is at the end of the map, unless what it follows is said behind it.
    """
    written: list[list[Any]] = []
    placed: list[list[Any]] = []
    follows = {kind: _out_of_order(kind, changes, shelf) for kind, shelf in _shelves(elements)}
    for change in changes:
        if change.path[-1] not in follows.get(change.path[0], ()):
            value = None if change.after is None else map_json.form(change.path, change.after)
            written.append([*change.path, value])
    for kind, shelf in _shelves(elements):
        placed += [[kind, name, map_json.form((kind,), shelf[name]), after] for name, after in follows[kind].items()]
    return {"edit": written + placed}


def _shelves(elements: Elements) -> tuple[tuple[str, dict[str, Attributes]], ...]:
    return ("node", elements.nodes), ("flow", elements.flows), ("comment", elements.comments)


def _out_of_order(kind: str, changes: Iterable[Change], shelf: dict[str, Attributes]) -> dict[str, str]:
    """New elements and what each follows, in the order of the map; empty if all of them are at its end."""
    new = [c.path[1] for c in changes if c.path[0] == kind and c.before is None and c.after is not None]
    if list(islice(reversed(shelf), len(new)))[::-1] == new:
        return {}
    follows, wanted, previous = {}, set(new), ""
    for name in shelf:
        if name in wanted:
            follows[name] = previous
        previous = name
    return follows


# ---- reading -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Journal:
    """The whole lines of a journal.

    Attributes
    ----------
    owner
        Who wrote it, and may still: `map`, `process`, `host`.
    states
        The digests of the states of the map file that it knows, each with the number of edits that this state holds.
    edits
        All edits, in their order.
    crc
        The checksum of the last line: no two journals have the same.
    size
        How many bytes the whole lines have; what comes behind was never written to the end.
    """

    owner: Mapping[str, Any]
    states: Mapping[str, int]
    edits: tuple[Edit, ...]
    crc: int
    size: int

    def pending(self, file: str) -> tuple[Edit, ...] | None:
        """The edits that the state of the map file with this digest lacks; None if they belong to another state."""
        if not self.edits:
            return ()
        return self.edits[self.states[file] :] if file in self.states else None


def read(content: bytes) -> Journal:
    """The whole lines in the bytes of a journal. A last line without an end was cut off while it was written: no edit.

    Raises
    ------
    FileFormatError
        If a line is damaged or missing, or if it is no journal, or that of a newer crmwidget.
    """
    *lines, torn = content.split(b"\n")
    states: dict[str, int] = {}
    edits: list[Edit] = []
    owner: Mapping[str, Any] = {}
    crc = 0
    for number, line in enumerate(lines, start=1):
        crc, body = _checked(line, number, crc)
        if number == 1:
            owner = _checked_header(body)
        match body:
            case {"edit": list(changes)} if number > 1:
                edits.append((number, changes))
            case {"file": str(file)}:
                states[file] = len(edits)
            case _:
                raise FileFormatError(f"its line {number:,} is of no known form: {shorten(body)}")
    return Journal(owner, states, tuple(edits), crc, len(content) - len(torn))


def _checked(line: bytes, number: int, before: int) -> tuple[int, dict[str, Any]]:
    text = b"{" + line[_BODY:]
    crc = zlib.crc32(text, before)
    if line[:_BODY] != b'%b%08x",' % (_START, crc):
        raise FileFormatError(f"its line {number:,} is damaged, or a line before it is missing")
    try:
        return crc, parse(text.decode())
    except ValueError as error:
        raise FileFormatError(f"its line {number:,}: {error}") from error


def _checked_header(body: Mapping[str, Any]) -> Mapping[str, Any]:
    if body.get("format") != FORMAT:
        raise FileFormatError(f"its 'format' is {shorten(body.get('format'))}, not {FORMAT!r}")
    for name, newest in (("version", VERSION), ("map_version", map_json.VERSION)):
        version = body.get(name)
        if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= newest:
            raise FileFormatError(
                f"it was written by a newer crmwidget ({name} {shorten(version)}; this one reads up to {newest}); "
                "upgrade crmwidget"
            )
    owner = body.get("owner")
    return owner if isinstance(owner, dict) else {}
