"""A frame that is worked out when it is first looked at: while a slider is dragged, nobody looks at one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

__all__ = ["Later", "MadeWhenAsked"]

T = TypeVar("T")
Made = TypeVar("Made", covariant=True)


class Later(Generic[Made]):
    """Stands for what `make` gives; it is made once.

    Examples
    --------
    >>> frame = Later(lambda: print("made") or 42)
    >>> frame.value
    made
    42
    >>> frame.value
    42
    """

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make: Callable[[], Made] | None = make
        self._value: Made

    @property
    def value(self) -> Made:
        if self._make is not None:
            self._value = self._make()
            self._make = None  # and with it what it was made of
        return self._value


class MadeWhenAsked(Generic[T]):
    """A field of a dataclass that takes a value or a `Later`, and gives the value; a default may be given."""

    def __init__(self, *default: T) -> None:
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, owner: None, kind: type) -> T: ...

    @overload
    def __get__(self, owner: object, kind: type) -> T: ...

    def __get__(self, owner: Any, kind: type) -> T:
        if owner is None:
            if not self._default:
                raise AttributeError(self._name)  # which tells a dataclass that there is none
            return self._default[0]
        held: T | Later[T] = vars(owner)[self._name]
        return held.value if isinstance(held, Later) else held

    def __set__(self, owner: Any, value: T | Later[T]) -> None:
        vars(owner)[self._name] = value
