"""Numbers as people read them: grouped, compact, with their unit, and a dash where there is none."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, Protocol

__all__ = [
    "DASH",
    "NARROW_SPACE",
    "NumberStyle",
    "change_text",
    "counted",
    "mean_text",
    "number_text",
    "percent_text",
    "written_in",
]

NumberStyle = Literal["auto", "compact", "full", "percent"]

DASH = "–"
MINUS = "−"
NARROW_SPACE = "\u202f"  # no-break: a number never parts from its thousands or its unit
_STEPS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
_SHORTENED_FROM = {"auto": 1e6, "compact": 1e4, "full": math.inf}
_LOCALE: ContextVar[str] = ContextVar("crmwidget_locale", default="")


@contextmanager
def written_in(locale: str) -> Iterator[None]:
    """Within the block numbers are written as `locale` does, such as `"de-DE"`; `""` is the style of the house.

    Examples
    --------
    >>> with written_in("de-DE"):
    ...     number_text(8300.0, unit="€").replace("\u00a0", " ")
    '8.300 €'
    """
    token = _LOCALE.set(locale)
    try:
        yield
    finally:
        _LOCALE.reset(token)


class _Writing(Protocol):
    """How numbers are written; sizes are not negative."""

    currencies: tuple[str, ...]
    minus: str
    plus: str

    def decimal(self, size: float, least: int, most: int) -> str: ...

    def short(self, size: float) -> str: ...

    def money(self, text: str, unit: str, *, is_negative: bool) -> str: ...

    def percent(self, text: str, *, is_negative: bool) -> str: ...


class _House:
    """Groups of three set apart by a thin space, a decimal point, the currency in front."""

    currencies: tuple[str, ...] = ("€", "$", "£", "¥")
    minus, plus = MINUS, "+"

    def decimal(self, size: float, least: int, most: int) -> str:
        text = f"{size:,.{most}f}".replace(",", NARROW_SPACE)
        return text.rstrip("0").rstrip(".") if "." in text and not least else text

    def short(self, size: float) -> str:
        for place, (step, letter) in enumerate(_STEPS):
            if size >= step:
                scaled = size / step
                digits = 1 if scaled < 100 else 0
                if round(scaled, digits) >= 1000 and place:  # 999 960 is 1 M, not 1 000 k
                    step, letter = _STEPS[place - 1]
                    scaled, digits = size / step, 1
                return f"{self.decimal(scaled, 0, digits)}{NARROW_SPACE}{letter}"
        return _written(size, self)

    def money(self, text: str, unit: str, *, is_negative: bool) -> str:
        return f"{self.minus if is_negative else ''}{unit}{NARROW_SPACE}{text}"

    def percent(self, text: str, *, is_negative: bool) -> str:
        return f"{self.minus if is_negative else ''}{text}{NARROW_SPACE}%"


_HOUSE = _House()


def _writing() -> _Writing:
    name = _LOCALE.get()
    if not name:
        return _HOUSE
    from crmwidget.data.locales import local_writing  # Babel is loaded where a locale is asked for, and not before

    return local_writing(name)


def number_text(value: float | None, *, unit: str = "", style: NumberStyle = "auto") -> str:
    """Write a number for reading, complete with its unit.

    Parameters
    ----------
    value
        None, NaN and infinity are undefined and read "–", never 0.
    unit
        `€`, `$`, `£`, `¥` go in front, or with `CHF` where the locale has its currency; `%` means that the value is a
        fraction; anything else follows the number.
    style
        `"auto"` groups up to a million and shortens from there; `"compact"` shortens from 10 000; `"full"` never
        shortens; `"percent"` is as the unit `%`.

    Examples
    --------
    >>> number_text(8300).replace(NARROW_SPACE, " ")
    '8 300'
    >>> number_text(1_900_000, unit="€").replace(NARROW_SPACE, " ")
    '€ 1.9 M'
    >>> number_text(0.964, unit="%").replace(NARROW_SPACE, " "), number_text(None)
    ('96.4 %', '–')
    """
    if value is None or not math.isfinite(value):
        return DASH
    if style == "percent" or unit == "%":
        return percent_text(value)
    size, writing = abs(value), _writing()
    is_money = unit in writing.currencies
    text = writing.short(size) if size >= _SHORTENED_FROM[style] else _written(size, writing, is_money=is_money)
    is_negative = bool(value < 0) and any(digit in text for digit in "123456789")
    if is_money:
        return writing.money(text, unit, is_negative=is_negative)
    signed = f"{writing.minus if is_negative else ''}{text}"
    return f"{signed}{NARROW_SPACE}{unit}" if unit else signed


def mean_text(value: float | None) -> str:
    """A mean of counts, such as of cases at once: to a tenth, as more would say what nobody knows.

    Examples
    --------
    >>> [mean_text(n) for n in (0.159, 0.02, 3.0, 12.34, 345.6, 0.0, None)]
    ['0.2', '<0.1', '3', '12.3', '345.6', '0', '–']
    """
    if value is None or not math.isfinite(value):
        return DASH
    size, writing = abs(value), _writing()
    if 0 < size < 0.05:
        return f"<{writing.decimal(0.1, 0, 1)}"
    return number_text(round(value, 1))


def percent_text(rate: float | None) -> str:
    """A fraction as percent with one decimal, "–" where it is undefined.

    A share that is not quite nothing or not quite all is not rounded to 0 % or 100 %.

    Examples
    --------
    >>> [percent_text(r).replace(NARROW_SPACE, " ") for r in (0.5106, 1.0, 0.0001, 0.9999)]
    ['51.1 %', '100 %', '<0.1 %', '>99.9 %']
    """
    if rate is None or not math.isfinite(rate):
        return DASH
    size, writing = abs(rate) * 100, _writing()
    if 0 < size < 0.05:
        text = f"<{writing.decimal(0.1, 0, 1)}"
    elif 99.95 <= size < 100:
        text = f">{writing.decimal(99.9, 0, 1)}"
    else:
        text = writing.decimal(size, 0, 1)
    return writing.percent(text, is_negative=bool(rate < 0))


def change_text(now: float, before: float, *, unit: str = "", style: NumberStyle = "auto") -> str:
    """How a number moved, with its sign: relative in percent; shares in points; absolute where `before` is 0.

    Examples
    --------
    >>> change_text(104.2, 100.0).replace(NARROW_SPACE, " ")
    '+4.2 %'
    >>> change_text(0.964, 0.958, unit="%").replace(NARROW_SPACE, " ")
    '+0.6 pts'
    """
    is_share = style == "percent" or unit == "%"
    change, writing = now - before, _writing()
    if is_share:
        text, is_nothing = f"{writing.decimal(abs(change) * 100, 0, 1)}{NARROW_SPACE}pts", abs(change) < 0.0005
    elif before:
        relative = abs(change / before)
        text, is_nothing = writing.percent(writing.decimal(relative * 100, 0, 1), is_negative=False), relative < 0.0005
    else:
        text, is_nothing = number_text(abs(change), unit=unit, style=style), change == 0
    sign = "±" if is_nothing else writing.plus if change > 0 else writing.minus
    return f"{sign}{text}"


def _written(size: float, writing: _Writing, *, is_money: bool = False) -> str:
    """A number written out, with as many decimals as say something."""
    if float(size).is_integer() or size >= 1000:
        return writing.decimal(size, 0, 0)
    if is_money:
        return writing.decimal(size, 2, 2)
    if size >= 1:
        return writing.decimal(size, 0, 1 if size >= 10 else 2)
    text = f"{size:.3g}"
    return text if "e" in text else writing.decimal(size, 0, len(text.partition(".")[2]))


def counted(n: int, noun: str) -> str:
    """A number of things, for a line of text that is the same in every language.

    Examples
    --------
    >>> counted(1, "case"), counted(2000, "case")
    ('1 case', '2,000 cases')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
