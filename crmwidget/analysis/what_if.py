"""What changed rates, times, capacities or inflow would do to won cases, revenue, times and work in progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, ref

from crmwidget.analysis.attached_log import LogChoice
from crmwidget.analysis.queueing import steady
from crmwidget.analysis.registry import question
from crmwidget.analysis.result import Result
from crmwidget.analysis.simulation import simulated
from crmwidget.analysis.stage_calibration import calibrated
from crmwidget.analysis.stage_changes import MOST, Changes, bounded, changed
from crmwidget.analysis.stage_times import microseconds
from crmwidget.analysis.what_if_asked import AsItIs, Asked
from crmwidget.analysis.what_if_numbers import numbers_of
from crmwidget.analysis.what_if_view import what_if_result
from crmwidget.data.encoded_log import EncodedLog
from crmwidget.data.numerals import number_text
from crmwidget.errors import AnalysisError, shorten

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["what_if"]

MOST_MONTHS = 1_200


@question(title="What if", group="flow", needs="nodes")
def what_if(
    m: MapModel,
    changes: Changes | None = None,
    *,
    log: LogChoice = None,
    at: dt.datetime | None = None,
    case_value: float | None = None,
    simulate: int = 0,
    months: float = 12,
    seed: int = 0,
    progress: Callable[[float | None, str], None] | None = None,
) -> Result:
    """What changed rates, times, capacities or inflow would do to won cases, revenue, times and work in progress.

    Parameters
    ----------
    m
        The map.
    changes
        What is to be otherwise: node → `capacity` (cases worked on at once; None for no limit), `duration_days`
        (working time of one case), `delay_days`, `inflow` (new cases a month), `case_value`; (source, target) →
        `probability`. Without any, the answer is the map as it is.
    log
        An `EventLog` that tells rates, times and inflow, or the name of an attached one; None for the only one. Without
        any log the attributes of nodes and flows tell them, those that `changes` can name; a `volume` on every flow of
        a stage does for a probability, and so does being the only flow.
    at
        The moment as of which the log is, for cases that are still open: not before its last event, which is the
        default. UTC without a zone.
    case_value
        What one won case brings; by default each node's own `case_value` for each case that arrives there.
    simulate
        How many replications to simulate, with intervals and percentiles of the changed map; 0 for none, else at least
        5.
    months
        How long each replication is observed, after a warm-up of at least half that time.
    seed
        The same seed gives the same simulation.
    progress
        Called with the share of the simulation that is done.

    Returns
    -------
    Result
        `.table` has a first row for the whole map (`node` missing, `label` "Whole map"), then one row per stage:

        - `node` (missing for an activity of the log that means none), `label`;
        - `status_baseline`, `status_changed`: "ok", "overloaded" (more work arrives than the capacity can do: there is
          no steady state, so wait, time and work in progress are missing), or "not reached";
        - and, with `_baseline` and `_changed` each: `arrivals_per_month`; `utilisation` (work that arrives over
          capacity, missing without a capacity); `wait` in the queue and `throughput_time` at the stage or, of the whole
          map, from coming in to leaving (means, `timedelta64`); `work_in_progress` (mean number of cases there);
          `won_per_month` (arrivals at nodes that mean won); `revenue_per_month` (arrivals times `case_value`);
        - with `simulate`, of the changed map: `work_in_progress`, `throughput_time`, `wait`, `won_per_month` and
          `revenue_per_month` with `_simulated`, and `_low` and `_high` for the 95 % interval of the mean over
          replications; `throughput_time_p50`, `_p95` (over cases).

        Numbers are `float64`; a month has 30.4375 days. What is undefined is missing, never 0. Stages of fewer than 5
        cases are held back in what leaves the kernel.

        `.flows` has one row per pair of stages that cases go between: `source`, `target` (labels),
        `probability_baseline`, `probability_changed`. `.chart()` has the totals before and after, with the simulated
        interval, and how full each stage is.

        Painted by `.show()`, it has a slider for each number of the stage or flow that is selected, and the answer
        then is of what is dragged (never simulated); the map is edited only when that is taken over.

    Raises
    ------
    AnalysisError
        There is neither a log nor the attributes instead (the message lists what is missing); several logs are
        attached; a change names what there is not (with the nearest) or is out of bounds; cases never leave a stage.

    Notes
    -----
    *Rates.* The share of the cases that left a stage, by where they went next; open cases count up to where they are.
    A probability that is changed stays as given; the rest up to 1 is shared by the other ways out of that stage,
    leaving the map among them, in their old proportion; where they had none, the rest leaves the map.

    *Closed form.* An absorbing Markov chain gives arrivals, and each stage is a queue of its own: Erlang C with the
    correction of Allen and Cunneen for other than exponential times. Long waits at stages that feed each other are
    approximate there; `simulate` says how far off.

    *Simulation.* First come, first served; working times and times between new cases are gamma, of the measured mean
    and variation. It starts empty. An overloaded stage is simulated too: its numbers are those after that time.

    *Open cases.* They tell rates up to where they are. In a log without start times the time that they have stood so
    far adds to the time of their stage.

    *Missing values.* What is undefined is missing, never 0: an overloaded stage has no mean wait. Of a stage that no
    case of the log has come to, the attributes on the map are taken.

    *Small groups.* In what leaves the kernel, stages of fewer than 5 cases are held back.

    *Source.* Arrivals: Kemeny and Snell (*Finite Markov Chains*, 1960), a queue for each stage by Jackson (*Networks of
    Waiting Lines*, 1957), overloaded ones by Goodman and Massey (*The non-ergodic Jackson network*, 1984). Waiting:
    Allen (*Probability, Statistics and Queueing Theory*, 1990, §5.4). Work in progress: Little (*A Proof for the
    Queuing Formula L = λW*, 1961). Intervals over replications: Law (*Simulation Modeling and Analysis*, 2015, ch. 9).

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.CrmMap("Sales desk")
    >>> lead = m.add_stage("Lead", inflow=100, duration_days=1.0, capacity=5)
    >>> won, lost = m.add("end", "Won", outcome="won", case_value=1000), m.add("end", "Lost", outcome="lost")
    >>> flows = m.add_flow(lead, won, probability=0.25), m.add_flow(lead, lost, probability=0.75)
    >>> table = crm.what_if(m, {("lead", "won"): {"probability": 0.3}, "lead": {"inflow": 120}}).table
    >>> table.loc[0, ["won_per_month_baseline", "won_per_month_changed", "revenue_per_month_changed"]].tolist()
    [25.0, 36.0, 36000.0]
    >>> crm.what_if(m, {"lead": {"capacity": 3}}).table.loc[1, "status_changed"]
    'overloaded'
    """
    _check_simulation(simulate, months, seed)
    if case_value is not None:
        bounded("case_value", case_value, "a won case", least=-MOST)
    if at is not None:
        microseconds(at)
    as_is = _as_it_is(m, log, at, case_value)
    after, answer, numbers = as_is.model, as_is.answer, as_is.numbers
    if changes:
        after = changed(as_is.model, changes, joins=m.graph.has_edge)
        answer = steady(after, known=(as_is.model, as_is.answer))
        numbers = numbers_of(after, answer)
    played = None
    if simulate:
        played = simulated(after, n=simulate, months=float(months), seed=seed, progress=progress)
    result = what_if_result(Asked(m, as_is, after, answer, numbers, changes or {}, played))
    result.trial = lambda live, others: what_if(live, others, log=log, at=at, case_value=case_value)
    return result


# While one change after the other is tried on a map, the map itself is read once.
_LAST: WeakKeyDictionary[MapModel, tuple[Hashable, AsItIs]] = WeakKeyDictionary()


def _as_it_is(m: MapModel, log: LogChoice, at: dt.datetime | None, case_value: float | None) -> AsItIs:
    if isinstance(log, EncodedLog):
        return AsItIs(m, calibrated(m, log=log, at=at, case_value=case_value))
    logs = tuple((name, ref(bound)) for name, bound in m.logs.items())
    read = (m.revision, m.locale, logs, log, at, case_value)
    known = _LAST.get(m)
    if known is None or known[0] != read:
        known = _LAST[m] = (read, AsItIs(m, calibrated(m, log=log, at=at, case_value=case_value)))
    return known[1]


def _check_simulation(simulate: object, months: object, seed: object) -> None:
    if isinstance(simulate, bool) or not isinstance(simulate, int) or not (simulate == 0 or 5 <= simulate <= 10_000):
        raise AnalysisError(f"simulate= is a number of replications, 5 to 10 000, or 0; given {shorten(simulate)}.")
    is_number = isinstance(months, int | float) and not isinstance(months, bool)
    if not is_number or not 0 < months <= MOST_MONTHS:  # type: ignore[operator]
        raise AnalysisError(f"months= is above 0 and at most {number_text(MOST_MONTHS)}; given {shorten(months)}.")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise AnalysisError(f"seed= is a whole number of at least 0; given {shorten(seed)}.")
