"""Which event log belongs to the map, and which of its activities means which node."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, TypeGuard

from crmwidget.data.binding import checked_name
from crmwidget.data.matching import Labels, StageMatch, UnmatchedStage, match_counts
from crmwidget.data.privacy import count_text, is_small
from crmwidget.errors import DataError, nearest, shorten

if TYPE_CHECKING:
    from crmwidget.data.encoded_log import EncodedLog

__all__ = ["BoundLog", "LogBindings", "is_log"]

SHOWN = 8  # activities without a node that a repr names


def is_log(data: object) -> TypeGuard[EncodedLog]:
    """Whether `data` is an event log; without loading what logs need, for a map that has none."""
    module = sys.modules.get("crmwidget.data.encoded_log")  # where it was never loaded there is no log
    return module is not None and isinstance(data, module.EncodedLog)


@dataclass(frozen=True, slots=True, eq=False, repr=False, weakref_slot=True)
class BoundLog:
    """An event log that belongs to the map; its rows stay in the kernel.

    Attributes
    ----------
    name
        What it is called in `m.logs`.
    log
        The log itself.
    mapping
        Activity → node id, as given; others are matched by what a node is `known_as`, its id or its label.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.from_text("Lead -> Qualification -> Demo -> Offer -> Sold")
    >>> log = m.attach(crm.samples.events(100).log(), name="events", mapping={"Won": "sold"})
    >>> log.name, log.log.n_cases, dict(log.mapping)
    ('events', 100, {'Won': 'sold'})
    >>> [activity.value for activity in log.unmatched]
    ['Contract', 'Lost']
    """

    name: str
    log: EncodedLog
    mapping: Mapping[str, str] = field(default_factory=dict)
    _labels: Callable[[], Labels] = dict

    def match(self, labels: Labels | None = None, *, says_nearest: bool = True) -> StageMatch:
        """What each activity means on the map as it is now; `labels` has the label of each node.

        Examples
        --------
        >>> import crmwidget as crm
        >>> m = crm.from_text("Lead -> Offer")
        >>> m.attach(crm.samples.events(100).log()).match().node_of
        {'Offer': 'offer', 'Lead': 'lead'}
        """
        nodes = self._labels() if labels is None else labels
        counts = self.log.counts
        given = {activity: node for activity, node in self.mapping.items() if node in nodes and activity in counts}
        others = {label: n for label, n in counts.items() if label not in given}
        found = match_counts(others, nodes, says_nearest=says_nearest)
        return StageMatch({**found.node_of, **given}, counts, found.unmatched, 0)

    @property
    def unmatched(self) -> tuple[UnmatchedStage, ...]:
        """The activities that mean no node, most frequent first, each with the nearest node.

        `m.attach(log, mapping={activity: node})` says what they mean, or `m.update(node, known_as=[activity])`, which
        can be undone and is saved with the map.
        """
        return self.match().unmatched

    def __repr__(self) -> str:
        unmatched = self.unmatched
        head = f"<log {self.name!r} of the map: {repr(self.log)[1:-1]}"
        if not unmatched:
            return f"{head}; every activity means a node>"
        shown = [item for item in unmatched if not is_small(item.n_rows)][:SHOWN]
        parts = [
            f"{shorten(item.value, 60)} ({count_text(item.n_rows)} events"
            + (f", nearest {item.nearest!r})" if item.nearest else ")")
            for item in shown
        ]
        if len(unmatched) > len(shown):
            parts.append(f"{len(unmatched) - len(shown)} more")
        return f"{head}; {len(unmatched)} of {len(self.log.counts)} activities mean no node: {', '.join(parts)}>"


class LogBindings(Mapping[str, BoundLog]):
    """The event logs attached to one map, by name, in the order of attaching."""

    def __init__(self) -> None:
        self._logs: dict[str, BoundLog] = {}

    def __getitem__(self, name: str) -> BoundLog:
        return self._logs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._logs)

    def __len__(self) -> int:
        return len(self._logs)

    def __repr__(self) -> str:
        n = len(self)
        return f"<{n} log{'' if n == 1 else 's'}: {', '.join(map(repr, self._logs.values()))}>" if n else "<no logs>"

    def copied(self, labels: Callable[[], Labels]) -> LogBindings:
        """The same logs by the same names, for a copy of the map, whose labels they then read."""
        copied = LogBindings()
        copied._logs.update({name: replace(bound, _labels=labels) for name, bound in self._logs.items()})
        return copied

    def attach(
        self,
        log: EncodedLog,
        *,
        labels: Callable[[], Labels],
        mapping: Mapping[str, str] | None = None,
        name: str | None = None,
    ) -> BoundLog:
        """Attach an event log to the map.

        Parameters
        ----------
        labels
            Gives the label of each node of the map, whenever it is asked.
        mapping
            Activity → node id, for activities that are not called like their node.
        name
            What to call it; a log of that name is replaced. Without a name it is "log", made unique by a number, and
            takes the place of an unnamed log of the same columns.

        Raises
        ------
        DataError
            `mapping` names an activity or a node that there is not; the message has the nearest.
        """
        if mapping is not None and not isinstance(mapping, Mapping):
            raise DataError(
                f"mapping= is activity → node id, such as {{'Closed won': 'won'}}; given {shorten(mapping)}."
            )
        given = dict(mapping or {})
        nodes = labels()
        for activity, node in given.items():
            if activity not in log.counts:
                raise DataError(f"No activity {shorten(activity)}; {nearest(activity, log.counts, noun='activities')}.")
            if node not in nodes:
                raise DataError(f"No node {shorten(node)}; {nearest(node, nodes, noun='nodes')}.")
        chosen = self._free_name(log) if name is None else checked_name(name, "log")
        bound = BoundLog(chosen, log, given, labels)
        self._logs[chosen] = bound
        return bound

    def detach(self, name: str) -> BoundLog:
        """Take a log off the map and give it back; `DataError` if there is none of that name."""
        if name not in self._logs:
            raise DataError(f"No log is called {shorten(name)}; {nearest(name, self._logs, noun='logs')}.")
        return self._logs.pop(name)

    def _free_name(self, log: EncodedLog) -> str:
        for n in count(1):
            name = "log" if n == 1 else f"log_{n}"
            old = self._logs.get(name)
            if old is None or old.log is log or old.log.columns == log.columns:
                return name
        raise AssertionError("count() has no end")
