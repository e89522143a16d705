"""In a real kernel: a question that a view asks holds up neither the view's edits nor the next cell."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("ipykernel")
manager = pytest.importorskip("jupyter_client.manager")

PATIENCE_S = 60
CELL = """
import threading
import pandas as pd
import crmwidget as crm

m = crm.from_text("Lead -> Won", name="Kernel")
go_on = threading.Event()

@crm.question(title="Slow question")
def slow(m, *, progress):
    while not go_on.wait(0.01):
        progress(0.5, "half way")
    return crm.Result("slow", "Slow", pd.DataFrame({"node": list(m.graph)}), grain="node")

print(m.widget.comm.comm_id)
"""


class Kernel:
    """A kernel of its own, and one view of its map that speaks over the comm."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.messages: deque[dict[str, Any]] = deque()  # told to the view, and not looked at yet
        self.comm = self.run(CELL)
        self.send(op="hello", client="c")

    def _published(self) -> dict[str, Any]:
        """The next that the kernel publishes; what is for the view waits for it."""
        try:
            message: dict[str, Any] = self.client.get_iopub_msg(timeout=PATIENCE_S)
        except queue.Empty:
            raise AssertionError("the kernel says nothing") from None
        if message["msg_type"] == "comm_msg" and message["content"]["data"].get("method") == "custom":
            self.messages.append(message["content"]["data"]["content"])
        return message

    def run(self, code: str) -> str:
        """Run a cell and give what it printed."""
        asked, printed = self.client.execute(code), ""
        while True:
            message = self._published()
            assert message["msg_type"] != "error", message["content"]
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["msg_type"] == "stream":
                printed += message["content"]["text"]
            elif message["content"].get("execution_state") == "idle":
                return printed.strip()

    def send(self, **content: Any) -> None:
        data = {"comm_id": self.comm, "data": {"method": "custom", "content": content}}
        self.client.shell_channel.send(self.client.session.msg("comm_msg", data))

    def heard(self, is_wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        """What the view hears until it hears what is wanted."""
        found: list[dict[str, Any]] = []
        while not found or not is_wanted(found[-1]):
            while not self.messages:
                self._published()
            found.append(self.messages.popleft())
        return found


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    made, client = manager.start_new_kernel(startup_timeout=PATIENCE_S)
    try:
        yield Kernel(client)
    finally:
        client.stop_channels()
        made.shutdown_kernel(now=True)


def test_edits_and_cells_go_on_while_a_question_runs_and_its_answer_comes_when_it_is_done(kernel: Kernel) -> None:
    kernel.send(op="ask", client="c", id=1, question="slow")
    change = {"at": ["node", "lead"], "set": {"owner": "Ann"}}
    kernel.send(op="edit", client="c", id=2, base=0, label="owner", changes=[change])
    first = kernel.heard(lambda message: message.get("ack") == ["c", 2])
    assert not [message for message in first if message.get("ack") == ["c", 1]]
    told = kernel.heard(lambda message: message["op"] == "progress")[-1]
    assert (told["fraction"], told["text"]) == (0.5, "half way")
    kernel.run("go_on.set()")
    answer = kernel.heard(lambda message: message.get("ack") == ["c", 1])[-1]
    assert answer["changes"][0]["at"] == ["overlay", "slow"]
    assert kernel.run("print(list(m.overlays), m.graph.nodes['lead']['owner'])") == "['slow'] Ann"


def test_a_question_is_given_up_while_it_runs(kernel: Kernel) -> None:
    kernel.run("go_on.clear()")
    kernel.send(op="ask", client="c", id=3, question="slow")
    kernel.heard(lambda message: message["op"] == "progress")
    kernel.send(op="cancel", client="c", operation=3)
    refusal = kernel.heard(lambda message: message["op"] == "refusal")[-1]
    assert (refusal["id"], refusal["reason"]) == (3, "given up")
    waiting = "[t.join(60) for t in threading.enumerate() if t.name == 'crmwidget-slow']"
    assert kernel.run(f"{waiting}; print([t.name for t in threading.enumerate() if 'crmwidget' in t.name])") == "[]"
