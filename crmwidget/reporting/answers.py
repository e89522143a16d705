"""The questions of a report, each with its answer, the reason why it has none, or the reason why it was not asked."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from crmwidget.analysis import registry
from crmwidget.analysis.attached_log import LogChoice
from crmwidget.analysis.chart import Chart
from crmwidget.analysis.result import Result
from crmwidget.errors import AnalysisError, CancelledError, CrmWidgetError, shorten

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["Answer", "Asked", "LeftOut", "gather"]

Asked: TypeAlias = "str | Result | Callable[..., Result]"


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and what it answers.

    Attributes
    ----------
    asked
        What the question is, in words.
    result, trouble
        The answer; or None, and why there is none.
    is_given
        It was asked before the report, perhaps with options.
    is_built_in, reads_log
        Whether the package has the question, and whether it can be given a log.
    lacks_something
        Its trouble is that the map, or what is attached, does not say enough.
    """

    name: str
    title: str
    asked: str
    result: Result | None
    trouble: str = ""
    is_given: bool = False
    is_built_in: bool = True
    reads_log: bool = False
    lacks_something: bool = False

    @property
    def chart(self) -> Chart | None:
        """Its chart, if it has one; nothing is drawn of nothing."""
        if self.result is None or self.result.table.empty:
            return None
        try:
            return self.result.chart()
        except AnalysisError:
            return None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question that cannot be asked of the map as it is, and what it needs."""

    title: str
    reason: str


def gather(
    m: MapModel,
    questions: Iterable[Asked] | None,
    *,
    log: LogChoice = None,
    progress: registry.Progress | None = None,
) -> tuple[list[Answer], list[LeftOut]]:
    """Ask the given questions, or all that can be answered; one that fails is an answer that says so.

    Of all questions, those that say what they still need are left out, with that as the reason.

    Raises
    ------
    AnalysisError
        There is no question of a name; what is given is no question.
    CancelledError
        `progress` gave it up.
    """
    tell = progress or (lambda fraction, text: None)
    chosen, left_out = _all_that_can(m, log) if questions is None else (_chosen(questions), [])
    answers = []
    for place, one in enumerate(chosen):
        if isinstance(one, Result):
            answers.append(_given(one))
            continue
        tell(place / len(chosen), one.title)
        answer = _asked(m, one, log, _part_of(tell, one.title, place, len(chosen)))
        if questions is None and answer.lacks_something:
            left_out.append(LeftOut(one.title, answer.trouble))
        else:
            answers.append(answer)
    return answers, left_out


def _all_that_can(m: MapModel, log: LogChoice) -> tuple[list[registry.RegisteredQuestion | Result], list[LeftOut]]:
    chosen: list[registry.RegisteredQuestion | Result] = []
    left_out = []
    for name, question in registry.questions().items():
        lacking = "" if _reads(question, log) else registry.missing(m, name)
        if lacking:
            left_out.append(LeftOut(question.title, lacking))
        else:
            chosen.append(question)
    return chosen, left_out


def _chosen(questions: Iterable[Asked]) -> list[registry.RegisteredQuestion | Result]:
    if isinstance(questions, str):
        questions = [questions]
    known = registry.questions()
    by_function = {question.function: question for question in known.values()}
    found: list[registry.RegisteredQuestion | Result] = []
    for one in questions:
        if isinstance(one, Result):
            found.append(one)
        elif callable(one) and one in by_function:
            found.append(by_function[one])
        elif isinstance(one, str):
            found.append(registry.registered(one))
        else:
            raise AnalysisError(
                "questions= are names such as 'bottlenecks', or answers such as crm.bottlenecks(m); "
                f"given {shorten(one)}."
            )
    return found


def _given(result: Result) -> Answer:
    question = registry.questions().get(result.name)
    return Answer(result.name, result.title, _what(question), result, is_given=True)


def _asked(m: MapModel, question: registry.RegisteredQuestion, log: LogChoice, progress: registry.Progress) -> Answer:
    more = {"progress": progress} if question.tells_progress else {}
    reads_log = _reads(question, log)
    result, trouble, lacks_something = None, "", False
    try:
        if reads_log:
            result = question.function(m, log=log, **more)
        else:
            result = registry.ready(m, question.name).function(m, **more)
    except CancelledError:
        raise
    except CrmWidgetError as error:
        trouble = str(error)
        lacks_something = isinstance(error, AnalysisError)
    except Exception as error:  # the question is the user's own, and what its error says may be of a row
        trouble = f"The question failed ({type(error).__name__})."
    is_built_in = question.origin.startswith("crmwidget.")
    return Answer(
        question.name,
        question.title,
        _what(question),
        result,
        trouble,
        is_built_in=is_built_in,
        reads_log=reads_log,
        lacks_something=lacks_something,
    )


def _reads(question: registry.RegisteredQuestion, log: LogChoice) -> bool:
    """Whether a log is given, and the question can be given it."""
    return log is not None and "log" in inspect.signature(question.function).parameters


def _what(question: registry.RegisteredQuestion | None) -> str:
    """What a question asks, as the first paragraph of its documentation says it."""
    told = inspect.getdoc(question.function) if question is not None else None
    return " ".join((told or "").partition("\n\n")[0].split())


def _part_of(tell: registry.Progress, title: str, place: int, n: int) -> registry.Progress:
    def told(fraction: float | None, text: str = "") -> None:
        share = 0.0 if fraction is None else min(max(fraction, 0.0), 1.0)
        tell((place + share) / n, f"{title}: {text}" if text else title)

    return told
