"""What a what-if is asked of, what it changes, and what that comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from crmwidget.analysis.queueing import Steady, steady
from crmwidget.analysis.simulation import Simulated
from crmwidget.analysis.stage_changes import Changes
from crmwidget.analysis.stage_levers import MapLevers
from crmwidget.analysis.stage_model import StageModel
from crmwidget.analysis.what_if_numbers import Numbers, numbers_of, statuses_of
from crmwidget.data.durations import duration_text
from crmwidget.data.numerals import mean_text, percent_text
from crmwidget.shown import Paint

if TYPE_CHECKING:
    from crmwidget.graph.model import MapModel

__all__ = ["AsItIs", "Asked", "Told", "days_text"]

ROUNDING = 1e-9  # by so much of itself a number may differ and be the same


def days_text(days: float) -> str:
    """A number of days as a duration for reading."""
    return duration_text(days * 86_400)


_WRITTEN: dict[str, Callable[[float], str]] = {
    "arrivals_per_month": mean_text,
    "work_in_progress": mean_text,
    "wait": days_text,
    "throughput_time": days_text,
    "utilisation": percent_text,
}


class Told:
    """What is told of the whole map (row 0) and of each stage: plain numbers, and each text from when it is needed."""

    def __init__(self, answer: Steady, numbers: Numbers) -> None:
        self.statuses = statuses_of(answer)
        self.values: dict[str, list[float]] = {name: numbers[name].tolist() for name in _WRITTEN}
        self._texts: dict[str, dict[int, str]] = {name: {} for name in _WRITTEN}

    def text(self, name: str, row: int) -> str:
        texts = self._texts[name]
        if row not in texts:
            texts[row] = _WRITTEN[name](self.values[name][row])
        return texts[row]


class AsItIs:
    """A map as it is, with which every what-if on it is compared; of one locale, and read once for many of them.

    Attributes
    ----------
    model, answer, numbers, told
        Its stages, what they come to, the columns of that, and its texts.
    paints, rows
        What is painted on a stage, and its row of the small table, from when it is first needed: where a change moves
        nothing, they stay as they are. The whole map is row 0.
    """

    def __init__(self, m: MapModel, model: StageModel) -> None:
        self.model, self.answer = model, steady(model)
        self.numbers = numbers_of(model, self.answer)
        self.levers = MapLevers(m, model, self.answer.arrivals)
        self.paints: dict[int, Paint] = {}
        self.rows: dict[int, list[str]] = {}

    @cached_property
    def told(self) -> Told:
        return Told(self.answer, self.numbers)


@dataclass(frozen=True)
class Asked:
    """What was asked and worked out: `after` is the map with the changes, `answer` and `numbers` are what it does."""

    m: MapModel
    as_is: AsItIs
    after: StageModel
    answer: Steady
    numbers: Numbers
    changes: Changes
    played: Simulated | None

    @property
    def before(self) -> StageModel:
        return self.as_is.model

    @property
    def found(self) -> dict[str, Steady]:
        return {"baseline": self.as_is.answer, "changed": self.answer}

    @cached_property
    def told(self) -> Told:
        return self.as_is.told if self.numbers is self.as_is.numbers else Told(self.answer, self.numbers)

    @cached_property
    def moved(self) -> dict[str, list[bool]]:
        """For each number that is told, in which rows it is another than before."""
        return {
            name: (~np.isclose(self.numbers[name], self.as_is.numbers[name], ROUNDING, 0.0, equal_nan=True)).tolist()
            for name in _WRITTEN
        }
