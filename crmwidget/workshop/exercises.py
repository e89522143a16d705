"""Exercises as data, each with the function that looks at the participant's map, and the list of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias

import pandas as pd

from crmwidget.errors import AnalysisError, nearest, shorten
from crmwidget.graph.model import MapModel
from crmwidget.workshop.sheet import Sheet

__all__ = ["Exercise", "Verdict", "all_exercises", "exercise", "exercises", "find", "not_yet", "passed"]

Judge: TypeAlias = "Callable[[MapModel, Any], Verdict]"
_NUMBER = re.compile(r"[1-9]\d{0,2}\.[1-9]\d{0,2}")
_BUILT_IN = ("crmwidget.workshop.lifecycle_exercises", "crmwidget.workshop.leak_exercises")
_REGISTERED: dict[str, Exercise] = {}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an exercise's function finds: whether it is done, a sentence, a hint if it is not, the nodes concerned.

    Examples
    --------
    >>> found = not_yet("Lead has no owner.", "Fill in Owner.", nodes=["lead"])
    >>> found.is_passed, found.sentence, found.hint, found.nodes
    (False, 'Lead has no owner.', 'Fill in Owner.', ('lead',))
    """

    is_passed: bool
    sentence: str
    hint: str = ""
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise: its number (workshop and place), its title, what to do, and the function that looks at the map.

    Examples
    --------
    >>> own = Exercise("9.1", "A name of your own", "Give the map a name.", lambda m, answer: passed("It has one."))
    >>> own.number, own.title, own.task
    ('9.1', 'A name of your own', 'Give the map a name.')
    >>> from crmwidget import CrmMap
    >>> own.judge(CrmMap("Sales"), None).sentence
    'It has one.'
    """

    number: str
    title: str
    task: str
    judge: Judge


def passed(sentence: str, *, nodes: Iterable[str] = ()) -> Verdict:
    """It is done, and this is to be seen.

    Examples
    --------
    >>> passed("All 3 stages have an owner.").is_passed
    True
    """
    return Verdict(True, sentence, "", tuple(nodes))


def not_yet(sentence: str, hint: str = "", *, nodes: Iterable[str] = ()) -> Verdict:
    """It is not done: what is missing, how to go on, and where.

    Examples
    --------
    >>> not_yet("Lead has no owner.", "Select the card, and fill in Owner.", nodes=["lead"]).is_passed
    False
    """
    return Verdict(False, sentence, hint, tuple(nodes))


def exercise(number: str, *, title: str, task: str) -> Callable[[Judge], Judge]:
    """Register a function as an exercise, so that `crm.workshop.check(m, number)` asks it.

    Parameters
    ----------
    number
        Workshop and place, such as `"3.1"`. One that is there already is replaced, so that a cell can be run again.
    title
        What it is called, in a few words.
    task
        What the participant is asked to do.

    Returns
    -------
    callable
        The decorator, which gives the function back as it is.

    Raises
    ------
    AnalysisError
        For a number of another form, or an empty title or task.

    Notes
    -----
    The function takes the map and the participant's answer (None where there is none), and returns
    `crm.workshop.passed(sentence)` or `crm.workshop.not_yet(sentence, hint, nodes=…)`. A question of the library that
    it asks, and that has no answer yet, makes it "not yet", with the question's own words.

    Examples
    --------
    >>> import crmwidget as crm
    >>> @crm.workshop.exercise("9.1", title="A name of your own", task="Give the map a name.")
    ... def named(m, answer):
    ...     if m.name == "Map":
    ...         return crm.workshop.not_yet("The map has no name.", "m.graph.graph['name'] = 'Sales'")
    ...     return crm.workshop.passed(f"It is called {m.name}.")
    >>> crm.workshop.check(crm.CrmMap("Sales"), "9.1")
    Passed: 9.1 A name of your own. It is called Sales.
    >>> crm.workshop.exercises("9").table["number"].tolist()
    ['9.1']
    """
    if not isinstance(number, str) or not _NUMBER.fullmatch(number):
        raise AnalysisError(f"An exercise's number is workshop and place, such as '3.1'; given {shorten(number)}.")
    for what, text in (("title", title), ("task", task)):
        if not isinstance(text, str) or not text.strip():
            raise AnalysisError(f"The exercise {number} needs a {what}; given {shorten(text)}.")

    def register(judge: Judge) -> Judge:
        _REGISTERED[number] = Exercise(number, title, task, judge)
        return judge

    return register


def all_exercises(workshop: str | None = None) -> list[Exercise]:
    """The exercises of a workshop, or of all, in the order of their numbers; an error for one that there is not."""
    for module in _BUILT_IN:
        import_module(module)
    found = sorted(_REGISTERED.values(), key=lambda one: tuple(map(int, one.number.split("."))))
    if workshop is None:
        return found
    known = dict.fromkeys(one.number.partition(".")[0] for one in found)
    if workshop not in known:
        raise AnalysisError(f"There is no workshop {shorten(workshop)}; {nearest(workshop, known, noun='workshops')}.")
    return [one for one in found if one.number.partition(".")[0] == workshop]


def find(number: str) -> Exercise:
    """The exercise of that number, or an `AnalysisError` with the nearest."""
    known = {one.number: one for one in all_exercises()}
    if not isinstance(number, str) or number not in known:
        raise AnalysisError(f"There is no exercise {shorten(number)}; {nearest(number, known, noun='exercises')}.")
    return known[number]


def exercises(workshop: str | None = None) -> Sheet:
    """The exercises of a workshop (`"1"` or `"2"`), or of all, as a table.

    Returns
    -------
    Sheet
        It shows itself in the notebook; `.table` is a frame of `number`, `title` and `task`.

    Raises
    ------
    AnalysisError
        For a workshop that there is not.

    Examples
    --------
    >>> exercises("1").table["title"].tolist()[:2]
    ['Six stages', 'A start and an end']
    """
    listed = all_exercises(workshop)
    rows = [[one.number, one.title, one.task] for one in listed]
    title = "Exercises" if workshop is None else f"Exercises of workshop {workshop}"
    table = pd.DataFrame(rows, columns=["number", "title", "task"]).astype("str")
    return Sheet(title, table, ["Number", "Exercise", "What to do"], rows)
