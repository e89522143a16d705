"""XML that anybody may have written: no entities, limits of size and depth, and a sentence for what is wrong."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import common
from defusedxml.ElementTree import DefusedXMLParser

from crmwidget.errors import FileFormatError

__all__ = ["XML_BYTES", "XML_DEPTH", "XML_ELEMENTS", "XML_PIECE", "fits_in_xml", "local", "parse"]

XML_BYTES = 30_000_000
XML_ELEMENTS = 300_000
XML_PIECE = 1_000_000  # bytes from one < to the next: a tag with all its attributes, or a text
XML_DEPTH = 100

_GIANT = re.compile(b"<[^<]{%d}" % XML_PIECE)
_UNFIT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fits_in_xml(text: str) -> bool:
    """Whether XML has all characters of a text.

    Examples
    --------
    >>> fits_in_xml("größer < 5"), fits_in_xml("\\uffff")
    (True, False)
    """
    return _UNFIT.search(text) is None


def local(tag: object) -> str:
    """The name of an element without its namespace.

    Examples
    --------
    >>> local("{http://graphml.graphdrawing.org/xmlns}node")
    'node'
    """
    return str(tag).rpartition("}")[2]


def parse(content: bytes, *, what: str) -> tuple[Element, dict[str, str]]:
    """The root element, and the namespaces by their prefix (the first that a prefix stands for).

    Comments and processing instructions are left out.

    Raises
    ------
    FileFormatError
        For more than `XML_BYTES`, `XML_ELEMENTS` or `XML_DEPTH`, a document type or entities, and what is not XML or
        is cut off, with the line.
    """
    if len(content) > XML_BYTES:
        raise FileFormatError(f"a {what} file has at most {XML_BYTES:,} bytes; this one has {len(content):,}")
    if _GIANT.search(content):
        raise FileFormatError(f"a {what} file has no tag or text of more than {XML_PIECE:,} bytes; this one has")
    target = _Limited(what)
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except common.DefusedXmlException as error:
        raise FileFormatError(
            f"the file defines a document type or entities, which {what} has no use for ({type(error).__name__})"
        ) from None
    except ParseError as error:
        line, column = error.position
        raise FileFormatError(f"the file is not XML, or is cut off, at line {line}, column {column + 1}") from None
    except (LookupError, UnicodeError, ValueError) as error:
        if isinstance(error, FileFormatError):
            raise
        raise FileFormatError(f"the file is not XML that can be read: {error}") from None
    return root, target.namespaces


class _Limited:
    """Builds the tree and counts on the way, so that a file too large ends before it has filled the memory."""

    def __init__(self, what: str) -> None:
        self.namespaces: dict[str, str] = {}
        self._what = what
        self._tree = TreeBuilder()
        self._count = self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> Any:
        self._count += 1
        self._depth += 1
        if self._count > XML_ELEMENTS:
            raise FileFormatError(f"a {self._what} file has at most {XML_ELEMENTS:,} elements; this one has more")
        if self._depth > XML_DEPTH:
            raise FileFormatError(
                f"a {self._what} file is nested at most {XML_DEPTH} levels deep; this one is nested deeper"
            )
        return self._tree.start(tag, attributes)

    def end(self, tag: str) -> Any:
        self._depth -= 1
        return self._tree.end(tag)

    def data(self, text: str) -> None:
        self._tree.data(text)

    def start_ns(self, prefix: str, uri: str) -> None:
        if prefix or not self._depth:  # what has no prefix is another thing in another place
            self.namespaces.setdefault(prefix or "", uri)

    def close(self) -> Element:
        return self._tree.close()
