"""The stakeholder register in Python: who is involved, what they care for, and what state of the map they signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from crmwidget.data.frames import read_frame
from crmwidget.errors import EditError, nearest, shorten
from crmwidget.graph.changes import Proposal
from crmwidget.graph.model import MapModel
from crmwidget.graph.stakeholders import (
    ATTRIBUTE,
    Register,
    SignOff,
    Stakeholder,
    State,
    digests_to_keep,
    register_of,
    state_of,
)
from crmwidget.graph.values import admit, is_missing
from crmwidget.workshop.naming import node_of
from crmwidget.workshop.sheet import Sheet

__all__ = ["Stakeholders"]

COLUMNS = ("name", "role", "stages", "signed_by", "signed_at", "standing", "n_changes")
SIGNED, SIGNED_EARLIER, NOT_SIGNED = "signed", "signed an earlier version", "not signed"


class Stakeholders:
    """The stakeholder register of a map, kept in the map: saved, undone and copied with it.

    Nobody is in it but whom you add, under the name that you type.

    Parameters
    ----------
    m
        The map. Two registers of one map are the same register.

    Examples
    --------
    >>> import crmwidget as crm
    >>> m = crm.from_text("Lead -> Offer -> Won", name="Sales")
    >>> people = crm.workshop.Stakeholders(m)
    >>> people.add("Ada", role="Marketing", stages="Lead")
    >>> people.add("Ben", role="Sales", stages=["offer", "won"])
    >>> people.sign("Ada", at="2026-03-02T15:00:00Z")
    >>> m.graph.nodes["lead"]["owner"] = "Ada"
    >>> people
    Stakeholders of Sales
      Name  Role       Cares for   Sign-off
      Ada   Marketing  Lead        signed an earlier version on 2026-03-02, 1 change since
      Ben   Sales      Offer, Won  not signed
    """

    def __init__(self, m: MapModel) -> None:
        if not isinstance(m, MapModel):
            raise EditError(f"a stakeholder register is one of a map; given {shorten(m)}")
        self._map = m

    # ---- who -----------------------------------------------------------------------------------------

    def add(self, name: str, *, role: str = "", stages: str | Iterable[str] = ()) -> None:
        """Add somebody; whoever is there already gets this role and these stages, and keeps the sign-off.

        Parameters
        ----------
        name
            As it should be shown. A role or a team will do where no person should be named.
        role
            What they are in this: "head of sales", "decides", "is asked".
        stages
            The nodes that they own or care for: ids or labels.

        Raises
        ------
        EditError
            For an empty name, or a stage that is not on the map (with the nearest).
        """
        register = self._register()
        said = _line(name, "a stakeholder's name")
        before = register.people.get(said)
        person = Stakeholder(
            said,
            _line(role, "a role", may_be_empty=True),
            self._nodes(stages),
            None if before is None else before.signed,
        )
        self._keep(replace(register, people={**register.people, said: person}), f"stakeholder {said}")

    def remove(self, name: str) -> None:
        """Take somebody off the register, and the sign-off with them.

        Raises
        ------
        EditError
            For a name that is not in the register (with the nearest).

        Examples
        --------
        >>> from crmwidget import from_text
        >>> people = Stakeholders(from_text("Lead -> Won"))
        >>> people.add("Ada")
        >>> people.remove("Ada")
        >>> len(people)
        0
        """
        register = self._register()
        person = _of(register, name)
        rest = {other: about for other, about in register.people.items() if other != person.name}
        self._keep(replace(register, people=rest), f"no stakeholder {name}")

    def fill(self, frame: object) -> None:
        """Put the people of a table in the place of those that are there; a name that stays keeps its sign-off.

        Parameters
        ----------
        frame
            Any table with a column `name`, and `role` and `stages` if you like: ids or labels, in a list or set apart
            by commas. `table` of another register will do; a sign-off is never read from a table.

        Raises
        ------
        DataError
            If it is no table.
        EditError
            Without a column `name`, for a name that stands there twice, or a stage that is not on the map.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> people = Stakeholders(from_text("Lead -> Won", name="Sales"))
        >>> people.fill(pd.DataFrame({"name": ["Ada", "Ben"], "stages": ["Lead, Won", None]}))
        >>> people
        Stakeholders of Sales
          Name  Role  Cares for  Sign-off
          Ada         Lead, Won  not signed
          Ben                    not signed
        """
        read = read_frame(frame)
        if "name" not in read.columns:
            raise EditError(f"the table of stakeholders has no column 'name'; {nearest('name', read.columns)}")
        register = self._register()
        people: dict[str, Stakeholder] = {}
        for row in read.rows(named=True):
            name = _line(row["name"], "a stakeholder's name")
            if name in people:
                raise EditError(f"the stakeholder {shorten(name)} stands there twice")
            stages, role, before = row.get("stages"), row.get("role"), register.people.get(name)
            if isinstance(stages, str):
                stages = [part.strip() for part in stages.split(",") if part.strip()]
            people[name] = Stakeholder(
                name,
                "" if is_missing(role) else _line(role, "a role", may_be_empty=True),
                () if is_missing(stages) else self._nodes(stages),
                None if before is None else before.signed,
            )
        self._keep(replace(register, people=people), "stakeholders")

    # ---- signing -------------------------------------------------------------------------------------

    def sign(self, name: str, *, by: str | None = None, at: str | datetime | None = None) -> None:
        """Note that somebody has signed the map as it is now; an earlier sign-off is replaced.

        Parameters
        ----------
        name
            Whose sign-off it is.
        by
            Who gave it, where that is somebody else, such as a deputy.
        at
            When: an ISO time, in UTC where it says no zone; now if not given.

        Raises
        ------
        EditError
            For a name that is not in the register (with the nearest), or what is no time.
        """
        register = self._register()
        person = _of(register, name)
        state = state_of(self._map.elements)
        signer = person.name if by is None else _line(by, "who signs")
        signed = SignOff(signer, _utc(datetime.now(UTC) if at is None else at), state.fingerprint)
        states = {**register.states, state.fingerprint: digests_to_keep(state)}
        people = {**register.people, person.name: replace(person, signed=signed)}
        self._keep(Register(people, states), f"sign-off of {person.name}")

    def withdraw(self, name: str) -> None:
        """Take a sign-off back.

        Raises
        ------
        EditError
            For a name that is not in the register (with the nearest).

        Examples
        --------
        >>> from crmwidget import from_text
        >>> people = Stakeholders(from_text("Lead -> Won"))
        >>> people.add("Ada")
        >>> people.sign("Ada")
        >>> people.withdraw("Ada")
        >>> people.table["standing"].tolist()
        ['not signed']
        """
        register = self._register()
        person = _of(register, name)
        people = {**register.people, person.name: replace(person, signed=None)}
        self._keep(replace(register, people=people), f"no sign-off of {person.name}")

    @property
    def are_all_signed(self) -> bool:
        """Whether there is somebody in the register, and everybody has signed the map as it is now.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> people = Stakeholders(m)
        >>> people.add("Ada")
        >>> people.sign("Ada")
        >>> people.are_all_signed
        True
        >>> m.update("lead", owner="Ada")
        >>> people.are_all_signed
        False
        """
        register, now = self._register(), state_of(self._map.elements)
        return bool(register.people) and all(
            person.signed is not None and person.signed.state == now.fingerprint for person in register.people.values()
        )

    # ---- reading -------------------------------------------------------------------------------------

    @property
    def table(self) -> pd.DataFrame:
        """The register as a frame, one row per person, in the order of adding.

        Returns
        -------
        pandas.DataFrame
            `name`, `role`; `stages`: a tuple of node ids; `signed_by`; `signed_at` (`datetime64[us, UTC]`); `standing`:
            "signed", "signed an earlier version" or "not signed"; `n_changes` (`Int64`): how many nodes, flows and
            attributes of the map (as one) have come, gone or changed since, missing where nobody signed or the map was
            too large for that to be kept.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> people = Stakeholders(from_text("Lead -> Won"))
        >>> people.add("Ada", role="Marketing", stages="Lead")
        >>> people.sign("Ada", at="2026-03-02T15:00:00Z")
        >>> people.table[["name", "role", "stages", "standing", "n_changes"]]
          name       role   stages standing  n_changes
        0  Ada  Marketing  (lead,)   signed          0
        """
        register, now = self._register(), state_of(self._map.elements)
        rows = []
        for person in register.people.values():
            signed = person.signed
            rows.append(
                (
                    person.name,
                    person.role,
                    person.stages,
                    None if signed is None else signed.by,
                    None if signed is None else signed.at,
                    _standing(person, now),
                    None if signed is None else register.n_changes(signed, now),
                )
            )
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        frame["signed_at"] = pd.to_datetime(frame["signed_at"], utc=True).astype("datetime64[us, UTC]")
        return frame.astype({"name": "str", "role": "str", "n_changes": "Int64"})

    def __len__(self) -> int:
        return len(self._register().people)

    def __repr__(self) -> str:
        return repr(self._sheet())

    def _repr_html_(self) -> str:
        return self._sheet()._repr_html_()

    def _sheet(self) -> Sheet:
        register, now = self._register(), state_of(self._map.elements)
        rows = [
            [
                person.name,
                person.role,
                ", ".join(self._label(stage) for stage in person.stages),
                _sign_off(register, person, now),
            ]
            for person in register.people.values()
        ]
        note = "" if rows else "Nobody is in it yet: .add('Ada', role='head of sales', stages=['Lead'])"
        title = f"Stakeholders of {self._map.name}"
        return Sheet(title, self.table, ["Name", "Role", "Cares for", "Sign-off"], rows, note)

    def _label(self, node: str) -> str:
        attributes = self._map.elements.nodes.get(node)
        return f"{node} (no longer on the map)" if attributes is None else str(attributes["label"])

    # ---- the map -------------------------------------------------------------------------------------

    def _register(self) -> Register:
        self._map.flush()
        return register_of(self._map.elements)

    def _keep(self, register: Register, label: str) -> None:
        if register.people:
            proposal = Proposal(("map",), set={ATTRIBUTE: register.kept()})
        else:
            proposal = Proposal(("map",), unset=(ATTRIBUTE,))
        self._map.propose([proposal], label=label[:80])

    def _nodes(self, stages: Any) -> tuple[str, ...]:
        """The ids that ids or labels mean."""
        given = [stages] if isinstance(stages, str) else list(stages)
        return tuple(dict.fromkeys(node_of(self._map, stage) for stage in given))


def _of(register: Register, name: object) -> Stakeholder:
    said = " ".join(name.split()) if isinstance(name, str) else ""
    if said not in register.people:
        raise EditError(
            f"nobody in the register is called {shorten(name)}; {nearest(name, register.people, noun='names')}"
        )
    return register.people[said]


def _line(text: object, what: str, *, may_be_empty: bool = False) -> str:
    if not isinstance(text, str) or not (text.strip() or may_be_empty):
        raise EditError(f"{what} is a text that says something; given {shorten(text)}")
    return str(admit("label", " ".join(text.split()), on="map"))  # as long as a label at most


def _utc(at: object) -> str:
    try:
        moment = at if isinstance(at, datetime) else datetime.fromisoformat(at)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise EditError(f"at= is a time such as '2026-03-02T15:00:00Z'; given {shorten(at)}") from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _standing(person: Stakeholder, now: State) -> str:
    if person.signed is None:
        return NOT_SIGNED
    return SIGNED if person.signed.state == now.fingerprint else SIGNED_EARLIER


def _sign_off(register: Register, person: Stakeholder, now: State) -> str:
    standing, signed = _standing(person, now), person.signed
    if signed is None:
        return standing
    by = "" if signed.by == person.name else f" by {signed.by}"
    text = f"{standing}{by} on {signed.at[:10]}"
    n_changes = register.n_changes(signed, now)
    if standing == SIGNED or n_changes is None:
        return text
    return f"{text}, {n_changes:,} change{'' if n_changes == 1 else 's'} since"
