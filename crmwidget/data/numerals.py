"""Numbers as people read them: grouped, compact, with their unit, and a dash where there is none."""

from __future__ import annotations

import math
from typing import Literal

__all__ = ["DASH", "NARROW_SPACE", "NumberStyle", "change_text", "number_text", "percent_text"]

NumberStyle = Literal["auto", "compact", "full", "percent"]

DASH = "–"
MINUS = "−"
NARROW_SPACE = "\u202f"  # no-break: a number never parts from its thousands or its unit
CURRENCIES = ("€", "$", "£", "¥")
_STEPS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


def number_text(value: float | None, *, unit: str = "", style: NumberStyle = "auto") -> str:
    """Write a number for reading, complete with its unit.

    Parameters
    ----------
    value
        None, NaN and infinity are undefined and read "–", never 0.
    unit
        `€`, `$`, `£`, `¥` go in front; `%` means that the value is a fraction; anything else follows the number.
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
    size = abs(value)
    shorten_from = {"auto": 1e6, "compact": 1e4, "full": math.inf}[style]
    text = _short(size) if size >= shorten_from else _grouped(size, is_money=unit in CURRENCIES)
    sign = MINUS if value < 0 and text.strip("0.") else ""
    if unit in CURRENCIES:
        return f"{sign}{unit}{NARROW_SPACE}{text}"
    return f"{sign}{text}{NARROW_SPACE}{unit}" if unit else f"{sign}{text}"


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
    size = abs(rate) * 100
    if 0 < size < 0.05:
        text = "<0.1"
    elif 99.95 <= size < 100:
        text = ">99.9"
    else:
        text = _grouped_fixed(size, 1)
    return f"{MINUS if rate < 0 else ''}{text}{NARROW_SPACE}%"


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
    change = now - before
    if is_share:
        text, is_nothing = f"{_grouped_fixed(abs(change) * 100, 1)}{NARROW_SPACE}pts", abs(change) < 0.0005
    elif before:
        relative = abs(change / before)
        text, is_nothing = f"{_grouped_fixed(relative * 100, 1)}{NARROW_SPACE}%", relative < 0.0005
    else:
        text, is_nothing = number_text(abs(change), unit=unit, style=style), change == 0
    sign = "±" if is_nothing else "+" if change > 0 else MINUS
    return f"{sign}{text}"


def _short(size: float) -> str:
    for place, (step, letter) in enumerate(_STEPS):
        if size >= step:
            scaled = size / step
            digits = 1 if scaled < 100 else 0
            if round(scaled, digits) >= 1000 and place:  # 999 960 is 1 M, not 1 000 k
                step, letter = _STEPS[place - 1]
                scaled, digits = size / step, 1
            return f"{_grouped_fixed(scaled, digits)}{NARROW_SPACE}{letter}"
    return _grouped(size)


def _grouped(size: float, *, is_money: bool = False) -> str:
    if float(size).is_integer() or size >= 1000:
        return _grouped_fixed(size, 0)
    if is_money:
        return f"{size:.2f}"
    if size >= 1:
        return _grouped_fixed(size, 1 if size >= 10 else 2)
    text = f"{size:.3g}"
    return text if "e" in text else text.rstrip("0").rstrip(".")


def _grouped_fixed(size: float, digits: int) -> str:
    text = f"{size:,.{digits}f}".replace(",", NARROW_SPACE)
    return text.rstrip("0").rstrip(".") if "." in text else text
