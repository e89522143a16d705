"""Numbers are written as a locale writes them, by what Babel knows; without one, in the style of the house."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_percent, get_currency_symbol, get_minus_sign_symbol, parse_decimal
from hypothesis import example, given
from hypothesis import strategies as st

from crmwidget.data.locales import locale_name
from crmwidget.data.numerals import change_text, number_text, percent_text, written_in
from crmwidget.errors import EditError

LOCALES = ["de-DE", "de-CH", "de-AT", "en-US", "en-GB", "en-IN", "fr-FR", "es-ES", "it-IT", "nl-NL", "pl-PL", "pt-BR"]
LOCALES += ["sv-SE", "tr-TR", "ja-JP", "zh-Hans-CN", "he-IL", "ru-RU"]
CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def minus(locale: str) -> str:
    """The sign that the locale has, which Babel does not put into the patterns of money and percent."""
    return get_minus_sign_symbol(locale.replace("-", "_"))


@pytest.mark.parametrize(
    ("locale", "texts"),
    [
        ("", ["€ 8 300", "−$ 1 200", "8 300 CHF", "1.9 M", "12.3 k", "51.1 %", "+4.2 %", "−10 pts", "31 d"]),
        ("de-DE", ["8.300 €", "-1.200 $", "8.300 CHF", "1,9 Mio.", "12.346", "51,1 %", "+4,2 %", "-10 pts", "31 d"]),
        ("de-CH", ["€ 8’300", "$-1’200", "CHF 8’300", "1.9 Mio.", "12’346", "51.1%", "+4.2%", "-10 pts", "31 d"]),
        ("en-US", ["€8,300", "-$1,200", "CHF 8,300", "1.9M", "12.3K", "51.1%", "+4.2%", "-10 pts", "31 d"]),
        ("fr-FR", ["8 300 €", "-1 200 $", "8 300 CHF", "1,9 M", "12,3 k", "51,1 %", "+4,2 %", "-10 pts", "31 d"]),
        ("tr-TR", ["€8.300", "-$1.200", "CHF 8.300", "1,9 Mn", "12,3 B", "%51,1", "+%4,2", "-10 pts", "31 d"]),
    ],
)
def test_money_shares_and_changes_read_as_people_there_write_them(locale: str, texts: list[str]) -> None:
    with written_in(locale):
        written = [
            number_text(8300, unit="€"),
            number_text(-1200, unit="$"),
            number_text(8300, unit="CHF"),
            number_text(1_900_000),
            number_text(12_346, style="compact"),
            percent_text(0.5106),
            change_text(104.2, 100),
            change_text(0.5, 0.6, unit="%"),
            number_text(31, unit="d"),
        ]
    assert [spaced(text) for text in written] == texts


@given(st.sampled_from(LOCALES), st.floats(0, 999_999))
@example("de-DE", 1.055)  # a half that binary fractions put below it
def test_what_is_written_in_a_locale_reads_back_as_the_same_number(locale: str, number: float) -> None:
    house = number_text(number)
    with written_in(locale):
        text = number_text(number)
    if "e" not in house:
        assert parse_decimal(text, locale=locale.replace("-", "_")) == Decimal(house.replace("\u202f", ""))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("unit", CURRENCIES)
@pytest.mark.parametrize("value", [12.5, -12.5])
def test_a_currency_stands_where_babel_has_it_with_the_sign_that_was_given(
    locale: str, unit: str, value: float
) -> None:
    there = locale.replace("-", "_")
    code = CURRENCIES[unit]
    wanted = format_currency(value, code, locale=there, currency_digits=False)
    wanted = wanted.replace(get_currency_symbol(code, locale=there), unit).replace("-", minus(locale))
    with written_in(locale):
        assert number_text(value, unit=unit) == wanted


@pytest.mark.parametrize("locale", LOCALES)
def test_a_whole_percent_is_what_babel_makes_of_it(locale: str) -> None:
    with written_in(locale):
        for rate in (0.37, -0.37):
            wanted = format_percent(rate, locale=locale.replace("-", "_"))
            assert percent_text(rate) == wanted.replace("-", minus(locale))


@given(st.sampled_from(LOCALES), st.floats(1e6, 1e15))
def test_a_number_never_grows_longer_by_being_shortened(locale: str, number: float) -> None:
    with written_in(locale):
        short, full = number_text(number), number_text(number, style="full")
    digits = "".join(c for c in short if c.isdigit())
    assert len(short) <= len(full) + 6
    assert len(digits) <= 4 and int(digits[0]) in {int(str(round(number))[0]), (int(str(round(number))[0]) + 1) % 10, 1}


@pytest.mark.parametrize("locale", LOCALES)
def test_rounding_up_to_the_next_name_takes_the_next_name(locale: str) -> None:
    with written_in(locale):
        assert number_text(999_960_000) == number_text(1_000_000_000)


def test_undefined_is_a_dash_and_a_share_is_never_rounded_to_nothing_in_any_locale() -> None:
    with written_in("de-DE"):
        assert [number_text(v, unit="€") for v in (None, math.nan, math.inf)] == ["–"] * 3
        assert [spaced(percent_text(v)) for v in (0.0001, 0.9999)] == ["<0,1 %", ">99,9 %"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("de-DE", "de-DE"),
        ("de_DE", "de-DE"),
        ("DE-de", "de-DE"),
        ("zh-Hans-CN", "zh-Hans-CN"),
        ("de-US", "de"),
        ("en-US-u-nu-latn", "en-US"),
        ("", ""),
    ],
)
def test_a_locale_is_named_as_browsers_do(given: str, kept: str) -> None:
    assert locale_name(given) == kept


@pytest.mark.parametrize("given", ["xx-YY", "german", "1", None, "../../etc", "x" * 100_000])
def test_a_locale_that_is_none_is_refused_with_the_nearest(given: object) -> None:
    with pytest.raises(EditError, match="there is no locale") as caught:
        locale_name(given)
    assert len(str(caught.value)) < 1000
