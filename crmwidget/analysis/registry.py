"""The questions that can be asked of a map: registering, listing, what one still needs, asking."""

from __future__ import annotations

import functools
import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeAlias, cast

from crmwidget.analysis.narrowed import narrow
from crmwidget.analysis.result import Result
from crmwidget.analysis.stage_table import has_stage_table
from crmwidget.data.numerals import written_in
from crmwidget.errors import AnalysisError, nearest, shorten

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["Progress", "RegisteredQuestion", "ask", "missing", "question", "questions", "ready", "registered"]

P = ParamSpec("P")
Progress: TypeAlias = Callable[[float | None, str], None]
Needs: TypeAlias = "str | tuple[str, ...] | Callable[[MapModel], str]"

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
# loaded when questions are first asked for, so that importing the package stays light
_BUILT_IN = (
    "crmwidget.analysis.conversion",
    "crmwidget.analysis.flows",
    "crmwidget.analysis.variants",
    "crmwidget.analysis.bottlenecks",
    "crmwidget.analysis.rework",
    "crmwidget.analysis.hand_offs",
    "crmwidget.analysis.conformance",
    "crmwidget.analysis.slow_to_close",
    "crmwidget.analysis.what_if",
    "crmwidget.analysis.kpis",
    "crmwidget.analysis.open_questions",
    "crmwidget.analysis.retention",
    "crmwidget.analysis.votes",
)
_REGISTERED: dict[str, RegisteredQuestion] = {}

# what a question may need: whether a map has it, and the sentence that says how to give it
_NEEDS: dict[str, tuple[Callable[[MapModel], bool], str]] = {
    "nodes": (lambda m: len(m.graph) > 0, "The map is empty: add a node first."),
    "flows": (lambda m: m.graph.number_of_edges() > 0, "The map has no flows yet: draw one first."),
    "table": (lambda m: len(m.tables) > 0, "No table is attached: m.attach(frame)."),
    "log": (
        lambda m: len(m.logs) > 0,
        "Attach an event log: m.attach(crm.EventLog(frame, case=…, activity=…, timestamp=…)).",
    ),
    "stages": (
        has_stage_table,
        "Attach a table with one row per opportunity and its stage: m.attach(frame, stage='deal_stage').",
    ),
}


@dataclass(frozen=True, slots=True)
class RegisteredQuestion:
    """A question that can be asked: by its function, or by name from the canvas.

    Examples
    --------
    >>> asked = questions()["what_if"]
    >>> asked.name, asked.title, asked.group, asked.needs, asked.at_once, asked.tells_progress, asked.live
    ('what_if', 'What if', 'flow', 'nodes', False, True, False)
    >>> asked.origin, asked.function.__name__
    ('crmwidget.analysis.what_if.what_if', 'what_if')
    """

    name: str
    title: str
    group: str
    needs: Needs
    function: Callable[..., Result]
    origin: str
    at_once: bool = False
    tells_progress: bool = False
    live: bool = False


def question(
    *,
    title: str,
    group: str = "own",
    needs: Needs = (),
    name: str | None = None,
    at_once: bool = False,
    reads: str | tuple[str, ...] | None = None,
    live: bool = False,
) -> Callable[[Callable[Concatenate[MapModel, P], Result]], Callable[Concatenate[MapModel, P], Result]]:
    """Register a function as a question that can be asked of any map, in Python and from its canvas.

    Parameters
    ----------
    title
        What it is called in the menu.
    group
        Under which heading it stands there.
    needs
        What a map must have: any of "nodes", "flows", "table", "log", "stages", or a function of the map that gives a
        sentence saying what is missing, "" when nothing is.
    name
        The name to ask it by; the function's own where none is given.
    at_once
        Asked from a view, a question is answered in a thread of its own on a still copy of the map, so that it may take
        its time and can be given up. With `at_once` it is answered on the map itself, and everything waits for it: for
        one that edits the map, or whose resources belong to the main thread.
    reads
        The attributes of nodes, flows and the map that the answer depends on, so that a live answer is asked again for
        edits of these alone, and when something is added or removed; None for all. "votes" among them stands for the
        votes on nodes.
    live
        Asked from a view, its answer follows the map as that of `.show(live=True)` does; for one that is `at_once` and
        quickly worked out.

    Returns
    -------
    callable
        The function, whose results know their map: `.show()` paints it.

    Raises
    ------
    AnalysisError
        The name is taken by another function, or is no name; the function cannot be asked with the map alone. When
        asked: it gives something else than a `Result`. Running a cell again replaces the question it defined.

    Notes
    -----
    A function that takes `progress` as a keyword gets a function to call now and then:
    `progress(0.4, "Case 400 of 1 000")`, or `progress(None, "Fitting")` where it is not known how far it is. It raises
    `CancelledError` when the view has given the question up.

    Examples
    --------
    >>> import pandas as pd
    >>> @question(title="Stages without an owner", needs="nodes")
    ... def ownerless(m):
    ...     rows = [node for node, owner in m.graph.nodes(data="owner") if not owner]
    ...     return Result("ownerless", "Stages without an owner", pd.DataFrame({"node": rows}), grain="node")
    >>> questions()["ownerless"].title
    'Stages without an owner'
    >>> forget("ownerless")
    """

    def register(
        function: Callable[Concatenate[MapModel, P], Result],
    ) -> Callable[Concatenate[MapModel, P], Result]:
        chosen = name if name is not None else getattr(function, "__name__", "")
        origin = f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', '')}"
        tells_progress = _takes(function, "progress")
        reads_log = _takes(function, "log")
        looked_at = None if reads is None else frozenset((reads,) if isinstance(reads, str) else reads)
        _check(chosen, title, group, needs, function)
        old = _REGISTERED.get(chosen)
        if old is not None and old.origin != origin:
            raise AnalysisError(
                f"A question {chosen!r} is registered already, by {old.origin}; give this one another name=."
            )

        @functools.wraps(function)
        def asked(m: MapModel, *args: P.args, **kwargs: P.kwargs) -> Result:
            if not hasattr(m, "graph") or not hasattr(m, "tables"):
                raise AnalysisError(f"A question is asked of a map; given {type(m).__name__}.")
            m.flush()
            given: dict[str, Any] = kwargs
            quiet = {**given, "progress": _silent} if tells_progress else given

            def again(live: MapModel) -> Result:
                with written_in(live.locale):
                    return _narrowed(live, needs, reads_log, given, _checked(chosen, function(live, *args, **quiet)))

            told = given if given.get("progress") is not None else quiet
            with written_in(m.locale):
                result = _narrowed(m, needs, reads_log, given, _checked(chosen, function(m, *args, **told)))
            return result.bind(m, again, reads=looked_at, asks_the_map_itself=at_once)

        _REGISTERED[chosen] = RegisteredQuestion(
            chosen, title, group, needs, asked, origin, at_once, tells_progress, live
        )
        return cast("Callable[Concatenate[MapModel, P], Result]", asked)

    return register


def forget(name: str) -> None:
    """Take a question off the list; for one that was registered by mistake."""
    registered(name)
    del _REGISTERED[name]


def questions() -> Mapping[str, RegisteredQuestion]:
    """All questions by name, the built-in ones first.

    Examples
    --------
    >>> [q.title for q in questions().values()][:3]
    ['Conversion and drop-off', 'Flows and their times', 'Variants']
    >>> questions()["bottlenecks"].needs
    ('nodes', 'log')
    """
    for module in _BUILT_IN:
        importlib.import_module(module)
    place = {module: i for i, module in enumerate(_BUILT_IN)}  # whichever was imported first
    built_in = [q for q in _REGISTERED.values() if q.origin.startswith("crmwidget.")]
    built_in.sort(key=lambda q: place.get(q.origin.rpartition(".")[0], len(place)))
    own = [q for q in _REGISTERED.values() if not q.origin.startswith("crmwidget.")]
    return MappingProxyType({q.name: q for q in (*built_in, *own)})


def missing(m: MapModel, name: str) -> str:
    """What the map still needs for a question to be asked, in a sentence; "" when it can be asked."""
    needs = registered(name).needs
    if callable(needs):
        return needs(m)
    wanted = (needs,) if isinstance(needs, str) else needs
    return next((sentence for is_met, sentence in map(_NEEDS.__getitem__, wanted) if not is_met(m)), "")


def ready(m: MapModel, name: str) -> RegisteredQuestion:
    """The question of that name, if the map has what it needs; else an `AnalysisError` that says what is missing."""
    found = registered(name)
    lacking = missing(m, name)
    if lacking:
        raise AnalysisError(f"{found.title}: {lacking}")
    return found


def ask(m: MapModel, name: str, *, progress: Progress | None = None) -> Result:
    """Ask a question by name, with its own defaults; `AnalysisError` says what is missing.

    `progress` is handed to a question that tells it, see `question`.
    """
    found = ready(m, name)
    if progress is not None and found.tells_progress:
        return found.function(m, progress=progress)
    return found.function(m)


def registered(name: str) -> RegisteredQuestion:
    """The question of that name, whether or not it can be asked; else an `AnalysisError` with the nearest."""
    known = questions()
    if name not in known:
        raise AnalysisError(f"There is no question {shorten(name)}; {nearest(name, known, noun='questions')}.")
    return known[name]


def _check(name: object, title: object, group: object, needs: object, function: Callable[..., Any]) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise AnalysisError(
            f"A question's name is lower case letters, digits and _, starting with a letter; given {shorten(name)}."
        )
    for what, text in (("title", title), ("group", group)):
        if not isinstance(text, str) or not text.strip():
            raise AnalysisError(f"The question {name!r} needs a {what}; given {shorten(text)}.")
    if not callable(needs):
        for need in (needs,) if isinstance(needs, str) else needs if isinstance(needs, tuple) else (needs,):
            if not isinstance(need, str) or need not in _NEEDS:
                raise AnalysisError(f"needs={shorten(need)} is unknown; {nearest(need, _NEEDS)}.")
    if inspect.iscoroutinefunction(function):
        raise AnalysisError(f"The question {name!r} is an async function; an ordinary one is needed.")
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or parameters[0].kind not in {
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.VAR_POSITIONAL,
    }:
        raise AnalysisError(f"The question {name!r} must take the map first: def {name}(m, *, …).")
    variadic = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    bare = [
        p.name
        for p in parameters[1:]
        if p.default is inspect.Parameter.empty and p.kind not in variadic and p.name != "progress"
    ]
    if bare:
        raise AnalysisError(
            f"The question {name!r} is asked with the map alone, so every other parameter needs a default; "
            f"without one: {', '.join(bare)}."
        )


def _checked(name: str, result: object) -> Result:
    if not isinstance(result, Result):
        raise AnalysisError(f"The question {name!r} must return a Result; it returned {type(result).__name__}.")
    result.name = name  # what is painted is found again by the question's name
    return result


def _narrowed(m: MapModel, needs: Needs, reads_log: bool, given: Mapping[str, Any], result: Result) -> Result:
    """The result, which says what the map's filter left of the log that it was asked of."""
    if m.filters and not callable(needs):
        known = (needs,) if isinstance(needs, str) else tuple(needs)
        narrow(m, (*known, "log") if reads_log and m.logs else known, given.get("log"), result)
    return result


def _takes(function: Callable[..., Any], name: str) -> bool:
    parameter = inspect.signature(function).parameters.get(name)
    keyword = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    return parameter is not None and parameter.kind in keyword


def _silent(fraction: float | None, text: str = "") -> None:
    """Progress that nobody waits for."""
