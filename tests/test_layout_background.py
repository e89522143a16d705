"""A layout in a process of its own: the same answer, and none after it was cancelled."""

from __future__ import annotations

import threading

import pytest
from random_maps import chain, place

from crmwidget.graph.elements import Elements
from crmwidget.layout import background
from crmwidget.layout.arrange import arrange
from crmwidget.layout.background import arrange_in_background

Answers = list[dict[str, tuple[float, float]]]


def test_the_background_gives_what_the_foreground_gives() -> None:
    elements = chain("start", "größe", "end", lanes="team")
    elements.nodes["end"] = {"kind": "end", "label": "end", "team": "Sales"}
    place(elements, {"start": (800.0, 400.0)}, pinned=True)
    answers: Answers = []
    job = arrange_in_background(elements, on_done=answers.append)
    assert job.wait(60)
    assert answers == [arrange(elements)]
    assert not job.is_running and not job.cancel()


def test_a_cancelled_layout_never_answers_and_its_process_ends() -> None:
    nodes = {f"n{n}": {"kind": "stage", "label": "x"} for n in range(20_000)}
    elements = Elements(attributes={"name": "Huge"}, nodes=nodes)
    answers: Answers = []
    job = arrange_in_background(elements, on_done=answers.append)
    assert job.cancel()
    assert job.wait(60)
    assert answers == []
    assert job._process.poll() is not None


def test_the_answer_comes_from_another_thread() -> None:
    threads: list[threading.Thread] = []
    job = arrange_in_background(chain(*"ab"), on_done=lambda _: threads.append(threading.current_thread()))
    assert job.wait(60)
    assert threads and threads[0] is not threading.current_thread()


def test_a_process_that_fails_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_CHILD", "raise SystemExit('no such luck')")
    problems: list[str] = []
    answers: Answers = []
    job = arrange_in_background(chain(*"ab"), on_done=answers.append, on_error=problems.append)
    assert job.wait(60)
    assert answers == [] and problems == ["the layout did not finish: no such luck"]
