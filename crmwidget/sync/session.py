"""One map and its views: numbers the patches, answers the views' operations, knows no Jupyter."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from crmwidget.errors import CrmWidgetError, EditError, WireError, nearest
from crmwidget.graph.changes import Change, Path
from crmwidget.graph.model import ChangeEvent, MapModel
from crmwidget.sync import codec, messages
from crmwidget.sync.clients import Client, Clients
from crmwidget.sync.document import document_of
from crmwidget.sync.repainting import repainting
from crmwidget.sync.under_way import UnderWay

__all__ = ["Commands", "Session"]

_EDITING = (
    messages.Edit,
    messages.Undo,
    messages.Redo,
    messages.Arrange,
    messages.Build,
    messages.Match,
    messages.Code,
)


class Commands(Protocol):
    """What a view may ask for beyond edits; the public map gives these to its session."""

    def arrange(self, *, unpin: bool, lanes: str | None, under_way: UnderWay) -> None: ...

    def build(
        self, *, template: str | None, text: str | None, parent: str | None, at: tuple[float, float] | None
    ) -> None: ...

    def ask(self, question: str, under_way: UnderWay) -> None: ...

    def filter(
        self, *, values: Mapping[str, Sequence[str]], since: str, until: str, outcome: Sequence[str]
    ) -> None: ...

    def match(self, *, means: Mapping[str, str], add: Sequence[str]) -> None: ...

    def what_if(self, *, nodes: Mapping[str, Mapping[str, float | None]], flows: Mapping[str, float]) -> None: ...

    def code(self) -> tuple[int, str]: ...

    def is_read_only(self) -> bool: ...

    def about(self) -> messages.About: ...

    def unmatched_after(self, changes: Sequence[Change]) -> list[messages.Unmatched] | None: ...

    def saved(self) -> str: ...

    def selected(self, nodes: Sequence[str], flows: Sequence[str]) -> None: ...


class Session:
    """The kernel's side of the sync, for all views of one map.

    Every patch has the next sequence number. An operation of a view is taken once: it is answered by the patch that it
    caused, by an ack, or by a refusal with the reason; sent again, by an ack or the same refusal. `send` gets plain
    dicts.

    An answer that is painted again travels as what is otherwise of it (`repainting`). Like every patch it builds on the
    one before it, so a view that has missed one applies none until it has the whole document again.

    A question or a layout may go on after its message was taken (`UnderWay`). It counts as taken, so that later ones
    are answered before it; its own answer comes when it is done or given up. Sent again meanwhile, it is told how far
    it is, and no snapshot says that it is settled.

    An edit that does more to a locked node than unlock it is refused whole; undo and redo are not. Of a map that is
    read-only whatever edits it is refused; questions may be asked, of all cases or some, other numbers tried, and the
    answers taken off again.
    """

    def __init__(self, model: MapModel, commands: Commands, send: Callable[[dict[str, Any]], None]) -> None:
        self.model, self.commands, self._send = model, commands, send
        self.epoch = secrets.token_hex(4)
        self.seq = 0
        self.has_views = False
        self.on_first_view: Callable[[], None] | None = None
        self.n_pages = 0  # that have shown the map, also those that have gone
        self._clients = Clients()
        self._painted: dict[str, dict[str, Any]] = {}  # answers as the last patch has told them
        self._status = self._current_status()
        self._has_votes = bool(model.elements.votes)
        self._stops = [model.on_change(self._on_change), model.on_shown(self._on_shown)]

    def close(self) -> None:
        for stop in self._stops:
            stop()
        self._clients.abandon_all()

    # ---- to the views ------------------------------------------------------------------------------

    def document(self) -> dict[str, Any]:
        """The committed map as a view gets it, at the current sequence number. Safe to call from any thread."""
        return codec.plain(self._document())

    def document_json(self) -> str:
        """`document` as one text of JSON."""
        return msgspec.json.encode(self._document()).decode()

    def _document(self) -> messages.Document:
        model = self.model
        with model.lock:
            return document_of(
                model.elements,
                cards=model.cards,
                overlays=model.overlays,
                status=self._current_status(),
                about=self.commands.about(),
                epoch=self.epoch,
                seq=self.seq,
            )

    def select(self, nodes: Sequence[str], flows: Sequence[str]) -> None:
        """Select elements in every view."""
        self._tell(messages.Selection(list(nodes), list(flows)))

    def notice(self, level: str, text: str) -> None:
        self._tell(messages.Notice(level, text))  # type: ignore[arg-type]

    def refresh_about(self) -> None:
        """Tell the views what can be asked now."""
        self._patch([self._about()])

    def _about(self) -> messages.Change:
        return messages.Change(at=["about"], add=codec.plain(self.commands.about()))

    def refresh_status(self) -> None:
        """Tell the views whether the map is saved."""
        self._patch([])

    def _tell(self, message: messages.ToView) -> None:
        self._send(codec.plain(message))

    def _on_change(self, event: ChangeEvent) -> None:
        changes = codec.to_wire(event.changes)
        unmatched = self.commands.unmatched_after(event.changes)
        if unmatched is not None:
            changes.append(messages.Change(at=["about"], set={"unmatched": codec.plain(unmatched)}))
        if self._has_votes != bool(self.model.elements.votes):  # they can be asked for now, or no more
            self._has_votes = not self._has_votes
            changes.append(self._about())
        self._patch(changes)

    def _on_shown(self, path: Path, value: Any) -> None:
        if path[0] == "status":
            self._patch([])
            self.notice("bad", self.model.problem)
        elif path[0] in ("about", "filter"):
            self.refresh_about()
        elif value is None:
            if path[0] == "overlay":
                self._painted.pop(path[1], None)
            self._patch([messages.Change(at=list(path), remove=True)])
        elif path[0] == "overlay":
            before, painted = self._painted.get(path[1]), codec.plain(value)
            self._painted[path[1]] = painted
            self._patch(repainting(path[1], before, painted))
        else:
            self._patch([messages.Change(at=list(path), add=codec.plain(value))])

    def _patch(self, changes: list[messages.Change]) -> None:
        status = self._current_status()
        written = {name: value for name, value in codec.plain(status).items() if value != getattr(self._status, name)}
        if written:
            changes = [*changes, messages.Change(at=["status"], set=written)]
            self._status = status
        if not changes:
            return
        self.seq += 1
        self._tell(messages.Patch(seq=self.seq, changes=changes))

    def _current_status(self) -> messages.Status:
        done, undone = self.model.history.done, self.model.history.undone
        return messages.Status(
            can_undo=bool(done),
            can_redo=bool(undone),
            undo_label=done[-1].label if done else "",
            redo_label=undone[-1].label if undone else "",
            saved=self.commands.saved(),
            problem=self.model.problem,
        )

    # ---- from the views ----------------------------------------------------------------------------

    def receive(self, content: object) -> None:
        """Take one message from a view. Whatever is wrong with it is answered, and changes nothing."""
        try:
            message = codec.parse(content)
        except WireError as error:
            self._refuse_unparsed(content, str(error))
            return
        if isinstance(message, messages.Hello):
            self._clients.greet(message.client)
            if not self.has_views and self.on_first_view is not None:
                self.on_first_view()
            self.has_views = True
            self.n_pages += 1
            return
        if isinstance(message, messages.Resync):
            client = self._clients.greet(message.client)
            self.has_views = True
            snapshot = {"op": "snapshot", "client": message.client, "document": self.document()}
            self._send({**snapshot, "last_id": client.settled_id})
            return
        known = self._clients.get(message.client)
        if known is None:
            reason = (
                f"the view {message.client!r} is unknown here (was the kernel restarted?): it has to say hello first"
            )
            self._tell(messages.Refusal(message.client, getattr(message, "id", 0), reason))
        elif isinstance(message, messages.Select):
            self.commands.selected(message.nodes, message.flows)
        elif isinstance(message, messages.Cancel):
            under_way = known.running.get(message.operation)
            if under_way is not None:
                under_way.give_up()
        else:
            self._take(known, message)

    def _refuse_unparsed(self, content: object, reason: str) -> None:
        name = content.get("client") if isinstance(content, Mapping) else None
        operation = content.get("id") if isinstance(content, Mapping) else None
        client = self._clients.get(name) if isinstance(name, str) else None
        if client is not None and isinstance(operation, int) and not isinstance(operation, bool):
            if client.last_id is None or operation == client.last_id + 1:
                client.last_id = operation
                client.remember_refusal(operation, reason)
            self._tell(messages.Refusal(client.name, operation, reason))
        else:
            self.notice("bad", reason)

    def _take(self, client: Client, message: messages.FromView) -> None:
        assert not isinstance(message, (messages.Hello, messages.Resync, messages.Select, messages.Cancel))
        operation = message.id
        if client.last_id is not None and operation <= client.last_id:
            self._answer_again(client, operation)
            return
        if client.last_id is not None and operation > (due := client.last_id + 1):
            reason = f"operation {operation} came before operation {due}: nothing was done, send them in order"
            self._tell(messages.Refusal(client.name, operation, reason))
            return
        client.last_id = operation
        under_way = UnderWay(
            tell=lambda fraction, text: self._tell(messages.Progress(client.name, operation, fraction, text)),
            settle=lambda work: self._settle(client, operation, work),
        )
        held, ids, refusal = self._held(lambda: self._do(client, message, under_way))
        if refusal or not under_way.has_begun:
            under_way.abandon()
            self._answer(client, operation, held, ids, refusal)
            return
        if under_way.is_running:
            client.running[operation] = under_way
        for sent in held:
            self._send(sent)

    def _answer_again(self, client: Client, operation: int) -> None:
        """A view that lost its line sends what it has no answer to once more; nothing is done twice."""
        if operation in client.running:
            client.running[operation].tell_again()
        elif operation in client.refused:
            self._tell(messages.Refusal(client.name, operation, client.refused[operation]))
        else:
            self._tell(messages.Ack(client.name, operation, self.seq, dict(client.ids) or None))

    def _settle(self, client: Client, operation: int, work: Callable[[], object]) -> None:
        """Do the last of an operation that went on, and answer it."""
        client.running.pop(operation, None)

        def do() -> dict[str, str]:
            work()
            return {}

        self._answer(client, operation, *self._held(do))

    def _held(self, work: Callable[[], dict[str, str]]) -> tuple[list[dict[str, Any]], dict[str, str], str]:
        """The messages that `work` causes, not sent yet; the ids that it gives; and why it was refused, if it was."""
        held: list[dict[str, Any]] = []
        send, self._send = self._send, held.append
        ids: dict[str, str] = {}
        refusal = ""
        try:
            ids = work()
        except CrmWidgetError as error:
            refusal = str(error)
        except Exception as error:  # a user's question may fail in any way: the view must hear of it
            refusal = f"{type(error).__name__}: {error}"
        finally:
            self._send = send
        return held, ids, refusal

    def _answer(
        self, client: Client, operation: int, held: list[dict[str, Any]], ids: dict[str, str], refusal: str
    ) -> None:
        """Send what the operation caused; its last patch carries the ack, so that the view settles in one step."""
        patches = [sent for sent in held if sent["op"] == "patch"]
        if refusal:
            client.remember_refusal(operation, refusal)
            held.append(codec.plain(messages.Refusal(client.name, operation, refusal)))
        elif patches:
            patches[-1]["ack"] = [client.name, operation]
            if ids:
                patches[-1]["ids"] = ids
        else:
            held.append(codec.plain(messages.Ack(client.name, operation, self.seq, ids or None)))
        for sent in held:
            self._send(sent)

    def _do(self, client: Client, message: messages.FromView, under_way: UnderWay) -> dict[str, str]:
        model = self.model
        if isinstance(message, _EDITING) and self.commands.is_read_only():
            raise EditError("this map is read-only here: a view may look, search and ask; Python may edit it")
        if isinstance(message, messages.Edit):
            if message.base > self.seq:
                raise EditError(f"the edit is based on step {message.base}, but the map is at {self.seq}")
            proposals = codec.to_proposals(message.changes)
            ids = model.propose(proposals, label=message.label, origin="view", alone=True, ids=client.ids)
            client.remember(ids)
            return ids
        if isinstance(message, messages.Undo):
            model.undo()
        elif isinstance(message, messages.Redo):
            model.redo()
        elif isinstance(message, messages.Arrange):
            self.commands.arrange(unpin=message.unpin, lanes=message.lanes, under_way=under_way)
        elif isinstance(message, messages.Build):
            at = None if message.x is None or message.y is None else (message.x, message.y)
            self.commands.build(template=message.template, text=message.text, parent=message.parent, at=at)
        elif isinstance(message, messages.Ask):
            self.commands.ask(message.question, under_way)
        elif isinstance(message, messages.Filter):
            self.commands.filter(
                values=message.values, since=message.since, until=message.until, outcome=message.outcome
            )
        elif isinstance(message, messages.Match):
            self.commands.match(means=message.means, add=message.add)
        elif isinstance(message, messages.WhatIf):
            self.commands.what_if(nodes=message.nodes, flows=message.flows)
        elif isinstance(message, messages.Code):
            self._tell(messages.CodeText(client.name, message.id, *self.commands.code()))
        elif isinstance(message, messages.Hide):
            if message.overlay not in model.overlays:
                raise EditError(
                    f"nothing is painted as {message.overlay!r}; {nearest(message.overlay, model.overlays)}"
                )
            model.paint(message.overlay, None)
        return {}
