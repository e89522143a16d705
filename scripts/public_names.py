"""Every public name of the package, with what is public inside it: what the reference lists and what tests walk."""

from __future__ import annotations

import enum
import inspect
import re
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import networkx as nx

import crmwidget
from crmwidget.analysis.chart import Chart
from crmwidget.analysis.conformance import Conformance
from crmwidget.analysis.registry import RegisteredQuestion
from crmwidget.data.binding import BoundTable
from crmwidget.data.log_binding import BoundLog

__all__ = ["GIVEN_BACK", "PublicName", "Sort", "examples_in", "public_names"]

# What public calls give back and nobody makes: it has no name in `crmwidget`, and is public all the same.
GIVEN_BACK = (BoundLog, BoundTable, Chart, Conformance, RegisteredQuestion)


class Sort(enum.Enum):
    """What a public name is. Of a value, a field and a cached property no docstring of its own is run."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    METHOD = "method"
    PROPERTY = "property"
    FIELD = "field"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class PublicName:
    """One public name.

    Attributes
    ----------
    path
        As a user writes it after `crmwidget.`, such as `CrmMap.add_stage`.
    sort, thing
        What it is, and the object itself, not bound to anything.
    owner
        The class or module that it is listed in; None for what `crmwidget.__all__` lists.
    """

    path: str
    sort: Sort
    thing: Any
    owner: Any = None

    @property
    def docstring(self) -> str:
        """Its own docstring, or the one that it inherits; values and fields have none."""
        return "" if self.sort in (Sort.FIELD, Sort.VALUE) else inspect.getdoc(self.thing) or ""

    @property
    def has_example(self) -> bool:
        """Whether an example that runs uses it: its own, or for what is no call one of its class or module."""
        own = examples_in(self.docstring)
        if own:
            return True
        around = "\n".join(examples_in(inspect.getdoc(place) or "") for place in self._around())
        if self.sort is Sort.MODULE:
            return bool(around)
        return re.search(rf"\b{self.path.rpartition('.')[2]}\b", around) is not None

    def _around(self) -> list[Any]:
        """Where else its example may stand: the class with its parents, or the module, that it is listed in."""
        if self.sort is Sort.MODULE:
            return [thing for _, thing in _listed(self.thing)]
        return list(self.owner.__mro__) if inspect.isclass(self.owner) else [self.owner]


def examples_in(docstring: str) -> str:
    """The code of the examples in a docstring, without what it prints."""
    return "\n".join(re.findall(r"^\s*(?:>>>|\.\.\.) (.*)$", docstring, re.MULTILINE))


def public_names() -> Iterator[PublicName]:
    """All of them: what `crmwidget.__all__` lists, then what is public in its classes and modules."""
    for name in crmwidget.__all__:
        thing = getattr(crmwidget, name)
        yield from _named(name, thing, None)
    for thing in GIVEN_BACK:
        yield from _named(thing.__name__, thing, None)


def _named(path: str, thing: Any, owner: Any) -> Iterator[PublicName]:
    if isinstance(thing, types.ModuleType):
        yield PublicName(path, Sort.MODULE, thing)
        for name, inner in _listed(thing):
            yield from _named(f"{path}.{name}", inner, thing)
    elif inspect.isclass(thing):
        yield PublicName(path, Sort.CLASS, thing, owner)
        yield from _members(path, thing)
    elif inspect.isroutine(thing):
        yield PublicName(path, Sort.FUNCTION, thing, owner)
    else:
        yield PublicName(path, Sort.VALUE, thing, owner)


def _listed(module: types.ModuleType) -> list[tuple[str, Any]]:
    return [(name, getattr(module, name)) for name in module.__all__]


def _members(path: str, owner: type) -> Iterator[PublicName]:
    """What a class adds to those that it builds on from other packages, in the order of its definition."""
    seen: set[str] = set()
    for part in owner.__mro__:
        if not part.__module__.startswith("crmwidget"):
            continue
        for name in [*vars(part), *vars(part).get("__annotations__", ())]:
            if name.startswith("_") or name in seen:
                continue
            if issubclass(owner, nx.MultiDiGraph) and hasattr(nx.MultiDiGraph, name):
                continue  # networkx's, and told there
            seen.add(name)
            thing = inspect.getattr_static(owner, name, None)
            if isinstance(thing, property):
                yield PublicName(f"{path}.{name}", Sort.PROPERTY, thing, owner)
            elif isinstance(thing, staticmethod | classmethod) or inspect.isfunction(thing):
                yield PublicName(f"{path}.{name}", Sort.METHOD, thing, owner)
            else:
                yield PublicName(f"{path}.{name}", Sort.FIELD, thing, owner)
