"""Reading the page of a report as a browser would, and a map with secrets to report on."""

from __future__ import annotations

from html.parser import HTMLParser

import planted

import crmwidget as crm

VOID = {"meta", "img"}


class Read(HTMLParser):
    """The elements of a page: tag, attributes, text within, and what they stand in."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.all: list[Element] = []
        self.open: list[Element] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, list(self.open))
        self.all.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append(Element(tag, {name: value or "" for name, value in attrs}, list(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def tags(self, *tags: str) -> list[Element]:
        return [element for element in self.all if element.tag in tags]

    def of_class(self, name: str) -> list[Element]:
        return [element for element in self.all if name in element.attributes.get("class", "").split()]

    def within(self, element: Element, *tags: str) -> list[Element]:
        return [one for one in self.all if element in one.above and (not tags or one.tag in tags)]

    def section(self, title: str) -> Element:
        (found,) = (one for one in self.tags("section") if any(h.text == title for h in self.within(one, "h2")))
        return found

    def rows(self, element: Element) -> list[list[str]]:
        """The texts of the cells in it, row by row, the headings first."""
        return [[cell.text for cell in self.within(row, "th", "td")] for row in self.within(element, "tr")]


class Element:
    def __init__(self, tag: str, attributes: dict[str, str], above: list[Element]) -> None:
        self.tag, self.attributes, self.above, self.text = tag, attributes, above, ""


def secret_map(n: int = 300) -> crm.CrmMap:
    """A map with a log and a table; names, addresses and keys are planted in every column that nobody asked to see."""
    m = planted.mapped(n)
    m.show_metric("qualification", label="open", value=("amount", "sum"), unit="€", target=1_000_000)
    m.update("demo", owner="Ann")
    m.update("offer", owner="Bo", team="Sales")
    return m


def voted_map() -> crm.CrmMap:
    """The same with a vote, so that the question of votes has an answer too."""
    m = secret_map()
    m.vote(next(iter(m.graph)), by="Ada")
    return m
