"""Numbers as a locale writes them, by Babel: separators, short forms, where the signs of money and percent stand."""

from __future__ import annotations

import copy
import math
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.localedata import locale_identifiers

from crmwidget.errors import EditError, nearest, shorten

__all__ = ["LocalWriting", "local_writing", "locale_name"]

NO_BREAK = "\u00a0"
_NUMBER = re.compile("0+")
_QUOTED = re.compile("'([^']*)'")


def locale_name(name: object) -> str:
    """A locale's name as it is kept, such as `de-DE`; `""` for none.

    What only a browser knows of it (`-u-…`) is left out, and of a language that is not written in that country in a way
    of its own the language alone is taken.

    Raises
    ------
    EditError
        If there is no such language, with the nearest locales.

    Examples
    --------
    >>> locale_name("de_DE"), locale_name("en-GB-u-hc-h23"), locale_name("de-US"), locale_name("")
    ('de-DE', 'en-GB', 'de', '')
    """
    if name == "":
        return ""
    found = _parsed(name) if isinstance(name, str) else None
    if found is None:
        names = sorted(identifier.replace("_", "-") for identifier in locale_identifiers())
        raise EditError(f"there is no locale {shorten(name)}; {nearest(name, names)}")
    return str(found).replace("_", "-")


def _parsed(name: str) -> Locale | None:
    plain = re.split("-u-", name.replace("_", "-"), maxsplit=1, flags=re.IGNORECASE)[0][:40]
    for wanted in (plain, plain.split("-")[0]):
        try:
            return Locale.parse(wanted, sep="-", resolve_likely_subtags=False)
        except (ValueError, UnknownLocaleError):
            continue
    return None


@lru_cache(maxsize=32)
def local_writing(name: str) -> LocalWriting:
    """How the locale of that name, as `locale_name` gives it, writes numbers."""
    return LocalWriting(Locale.parse(name, sep="-", resolve_likely_subtags=False))


class LocalWriting:
    """How one locale writes numbers; sizes are not negative."""

    currencies: tuple[str, ...] = ("€", "$", "£", "¥", "CHF")

    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        symbols = locale.number_symbols["latn"]
        self.minus, self.plus = str(symbols["minusSign"]), str(symbols["plusSign"])

    def decimal(self, size: float, least: int, most: int) -> str:
        """The number, grouped, with between `least` and `most` decimals."""
        pattern = copy.copy(self._locale.decimal_formats[None])
        pattern.frac_prec = (least, most)
        # Rounded as everywhere else before it is written: Babel alone would round the halves another way.
        return str(pattern.apply(Decimal(f"{size:.{most}f}"), self._locale))

    def short(self, size: float) -> str:
        """The number shortened as the language does it, written out where it does not."""
        power = math.floor(math.log10(size))
        rounded = float(f"{size:.2e}")
        if math.floor(math.log10(rounded)) > power:  # 999 960 is 1 M, not 1 000 k
            size, power = rounded, power + 1
        forms = self._locale.compact_decimal_formats["short"]
        place = str(10 ** min(power, 14))
        pattern: Any = forms["other"].get(place)
        digits = _NUMBER.search(pattern.pattern) if pattern is not None else None
        if digits is None or digits[0] == pattern.pattern:
            return self.decimal(size, 0, 0)
        scaled = size / 10 ** (len(place) - len(digits[0]))
        scaled = round(scaled, 1 if scaled < 100 else 0)
        pattern = forms.get(self._locale.plural_form(scaled), forms["other"]).get(place, pattern)
        before, after = _unquoted(pattern.prefix[0]), _unquoted(pattern.suffix[0])
        return f"{before}{self.decimal(scaled, 0, 1)}{after}"

    def money(self, text: str, unit: str, *, is_negative: bool) -> str:
        """A written number with its currency sign where the locale has it."""
        return self._within(self._locale.currency_formats["standard"], text, is_negative, "¤", unit)

    def percent(self, text: str, *, is_negative: bool) -> str:
        """A written number of percent with its sign where the locale has it."""
        return self._within(self._locale.percent_formats[None], text, is_negative, "%", "%")

    def _within(self, pattern: Any, text: str, is_negative: bool, sign: str, unit: str) -> str:
        before, after = (_unquoted(part[is_negative]) for part in (pattern.prefix, pattern.suffix))
        if unit[-1:].isalpha() and before.endswith(sign):
            before += NO_BREAK  # letters never touch the number
        if unit[:1].isalpha() and after.startswith(sign):
            after = NO_BREAK + after
        before, after = (part.replace("-", self.minus).replace(sign, unit) for part in (before, after))
        return f"{before}{text}{after}"


def _unquoted(text: str) -> str:
    return _QUOTED.sub(r"\1", text)
