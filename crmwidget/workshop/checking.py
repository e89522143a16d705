"""Looking at a participant's map: what one exercise, or a whole workshop, finds on it now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from crmwidget.errors import AnalysisError, CrmWidgetError, shorten
from crmwidget.graph.model import MapModel
from crmwidget.shown import Finding, Overlay, Paint
from crmwidget.workshop.exercises import Exercise, Verdict, all_exercises, find, not_yet
from crmwidget.workshop.sheet import FONT, SOFT, Sheet

__all__ = ["Check", "check", "progress"]

OVERLAY = "workshop"
PASSED, NOT_YET = "Passed", "Not yet"
_COLOUR = {True: "#13734a", False: "#9a4f06"}
LOOKED_AT = 6  # nodes that are named


@dataclass(frozen=True, eq=False, repr=False)
class Check:
    """What a look at the map finds for one exercise. It is true where the exercise is passed.

    Attributes
    ----------
    exercise, title
        The number of the exercise, and what it is called.
    is_passed
        Whether it is done, on the map as it was when it was looked at.
    sentence
        What was found.
    hint
        How to go on; empty where it is passed.
    nodes
        The ids of the nodes that it is about.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.from_text("Lead -> Offer -> Won")
    >>> found = crm.workshop.check(m, "1.3")
    >>> found.exercise, found.title, found.is_passed, found.nodes
    ('1.3', 'An owner each', False, ('lead', 'offer'))
    >>> found.sentence
    '2 of 2 stages have no owner: Lead, Offer.'
    >>> found.hint
    'Select a card, and fill in Owner in the inspector: a role will do.'
    """

    exercise: str
    title: str
    is_passed: bool
    sentence: str
    hint: str = ""
    nodes: tuple[str, ...] = ()
    _map: MapModel = field(kw_only=True)
    _answer: Any = field(default=None, kw_only=True)

    def __bool__(self) -> bool:
        return self.is_passed

    def again(self) -> Check:
        """Look once more, at the map as it is now, with the same answer.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.from_text("Lead -> Won")
        >>> found = crm.workshop.check(m, "1.3")
        >>> for node in found.nodes:
        ...     m.update(node, owner="Sales")
        >>> bool(found), bool(found.again())
        (False, True)
        """
        return check(self._map, self.exercise, answer=self._answer)

    def show(self) -> Check:
        """Mark the nodes on the map, in every view of it, until `hide()`.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.from_text("Lead -> Won")
        >>> found = crm.workshop.check(m, "1.3").show()
        >>> m.overlays["workshop"].nodes["lead"].text
        'look here'
        """
        severity = "good" if self.is_passed else "warn"
        finding = Finding(severity, self.sentence, "", self.hint, list(self.nodes), [])  # type: ignore[arg-type]
        marks = {node: Paint(heat=None, text="look here") for node in self.nodes if not self.is_passed}
        title = f"Exercise {self.exercise}: {self.title}"
        self._map.paint(OVERLAY, Overlay(title, self._word, None, marks, {}, [finding], None))
        return self

    def hide(self) -> Check:
        """Take the marks off the map.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.from_text("Lead -> Won")
        >>> found = crm.workshop.check(m, "1.3").show().hide()
        >>> m.overlays
        {}
        """
        self._map.paint(OVERLAY, None)
        return self

    @property
    def _word(self) -> str:
        return PASSED if self.is_passed else NOT_YET

    def __repr__(self) -> str:
        lines = [f"{self._word}: {self.exercise} {self.title}. {self.sentence}"]
        return "\n  ".join([*lines, f"Hint: {self.hint}"] if self.hint else lines)

    def _repr_html_(self) -> str:
        head = f"{self._word} · {self.exercise} {self.title}"
        hint = f'<div style="margin-top:2px"><em>Hint: {escape(self.hint)}</em></div>' if self.hint else ""
        return (
            f'<section aria-label="{escape(head)}" style="{FONT};max-width:760px;overflow-wrap:anywhere;'
            f'border-left:3px solid {_COLOUR[self.is_passed]};padding:2px 0 2px 12px">'
            f'<div style="{SOFT}">{"✓" if self.is_passed else "○"} {escape(head)}</div>'
            f"<strong>{escape(self.sentence)}</strong>{hint}</section>"
        )


def check(m: MapModel, exercise: str, *, answer: Any = None) -> Check:
    """Look at the map as it is now, and say whether an exercise is done.

    Parameters
    ----------
    m
        The participant's own map.
    exercise
        Its number, such as `"1.2"`; `crm.workshop.exercises()` lists them.
    answer
        What the participant says, where the exercise asks for something that is not on the map: a stage (id or
        label), or the changes of a what-if.

    Returns
    -------
    Check
        Passed or not yet, in a sentence, with a hint. A wrong answer, an empty map or a question that cannot be asked
        yet is "not yet", never an error.

    Raises
    ------
    AnalysisError
        For an exercise that there is not (with the nearest), or something that is no map.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.from_text("Lead -> Offer -> Won", name="Sales")
    >>> found = crm.workshop.check(m, "1.3")
    >>> found
    Not yet: 1.3 An owner each. 2 of 2 stages have no owner: Lead, Offer.
      Hint: Select a card, and fill in Owner in the inspector: a role will do.
    >>> for node in found.nodes:
    ...     m.graph.nodes[node]["owner"] = "Sales"
    >>> found.again()
    Passed: 1.3 An owner each. All 2 stages have an owner.
    """
    asked = find(exercise)
    if not isinstance(m, MapModel):
        raise AnalysisError(
            f"An exercise is checked on a map: crm.workshop.check(m, {exercise!r}); given {shorten(m)}."
        )
    verdict = _verdict(m, asked, answer)
    return Check(
        asked.number,
        asked.title,
        verdict.is_passed,
        verdict.sentence,
        verdict.hint,
        verdict.nodes,
        _map=m,
        _answer=answer,
    )


def progress(m: MapModel, workshop: str, *, answers: Mapping[str, Any] | None = None) -> Sheet:
    """How far a map is in a workshop: every exercise, checked on the map as it is now.

    Parameters
    ----------
    m
        The participant's own map.
    workshop
        `"1"` or `"2"`.
    answers
        Number of an exercise → the answer, for those that ask for one.

    Returns
    -------
    Sheet
        It shows itself in the notebook; `.table` is a frame of `number`, `title`, `is_passed`, `sentence` and `hint`.

    Raises
    ------
    AnalysisError
        As for `check`, and for an answer to an exercise that there is not.

    Examples
    --------
    >>> import crmwidget as crm
    >>> crm.workshop.progress(crm.CrmMap("Sales"), "1").note
    '0 of 9 are passed.'
    """
    given = dict(answers or {})
    for number in given:
        find(number)
    found = [check(m, one.number, answer=given.get(one.number)) for one in all_exercises(workshop)]
    rows = [[one.exercise, one.title, f"{'✓' if one else '○'} {one._word}", one.sentence] for one in found]
    table = pd.DataFrame(
        [(one.exercise, one.title, one.is_passed, one.sentence, one.hint) for one in found],
        columns=["number", "title", "is_passed", "sentence", "hint"],
    )
    note = f"{sum(map(bool, found))} of {len(found)} are passed."
    return Sheet(f"{m.name}: workshop {workshop}", table, ["Number", "Exercise", "", "What was found"], rows, note)


def _verdict(m: MapModel, asked: Exercise, answer: Any) -> Verdict:
    try:
        m.flush()
        verdict = asked.judge(m, answer)
    except CrmWidgetError as error:
        return not_yet(_sentence(str(error)))
    if not isinstance(verdict, Verdict):
        raise AnalysisError(
            f"The exercise {asked.number} must return crm.workshop.passed(…) or not_yet(…); "
            f"it returned {type(verdict).__name__}."
        )
    return verdict


def _sentence(text: str) -> str:
    """What an error says, as a sentence."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
