"""Each exercise is passed by the right map, and by no other; a wrong answer is a sentence, never an error."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd
import pytest

import crmwidget as crm
from crmwidget.errors import AnalysisError
from crmwidget.workshop import check, exercises, passed, progress
from crmwidget.workshop.exercises import _REGISTERED, all_exercises

NUMBERS = [one.number for one in all_exercises()]
ANSWERS: dict[str, Any] = {
    "2.3": "Proposal",
    "2.4": "Demo",
    "2.5": {("proposal", "proposal_declined"): {"probability": 0.29}},
}


@pytest.fixture(autouse=True)
def _forget_own_exercises() -> Any:
    before = dict(_REGISTERED)
    yield
    _REGISTERED.clear()
    _REGISTERED.update(before)


def lifecycle() -> crm.CrmMap:
    """A map that passes workshop 1."""
    m = crm.from_text("Attract -> Qualify -> Propose -> Onboard -> Support -> Grow", name="Lifecycle")
    m.add("start", "First contact")
    m.add("end", "Repeat customer", outcome="won")
    m.add("end", "Gone", outcome="lost")
    for source, target in (
        ("first_contact", "attract"),
        ("grow", "repeat_customer"),
        ("qualify", "gone"),
        ("support", "gone"),
    ):
        m.add_flow(source, target)
    for node in ("attract", "qualify", "propose", "onboard", "support", "grow"):
        m.update(node, owner="Sales", target_cases=10)
    m.update("qualify", target_cases=None, tags=["internal"])
    for node, author in (("attract", "Ada"), ("propose", "Ben"), ("grow", "Ada")):
        m.resolve(m.comment(node, "Really?", author=author))
    people = crm.workshop.Stakeholders(m)
    people.add("Ada", role="Marketing", stages=["Attract", "Qualify"])
    people.add("Ben", role="Sales", stages=["Propose", "Grow"])
    people.add("Cleo", role="Service", stages=["Onboard", "Support"])
    for name in ("Ada", "Ben", "Cleo"):
        people.sign(name)
    return m


@cache
def log() -> crm.EventLog:
    return crm.EventLog(
        crm.samples.history(2000, seed=7), case="opportunity_id", activity="stage", timestamp="entered_at"
    )


def leak() -> crm.CrmMap:
    """A map that passes workshop 2, with the answers above."""
    m = crm.from_text("Prospecting -> Qualification -> Demo -> Proposal -> Negotiation", name="Pipeline")
    for label, source in (
        ("Won", "negotiation"),
        ("Disqualified", "qualification"),
        ("Proposal declined", "proposal"),
        ("Negotiation failed", "negotiation"),
    ):
        m.add_flow(source, m.add("end", label, outcome="won" if label == "Won" else "lost"))
    m.add_flow("qualification", "proposal")
    m.add_flow("negotiation", "proposal")
    m.attach(log(), name="history")
    m.update("proposal", owner="Ben", target_conversion_rate=0.7)
    m.comment("proposal", "Call before the offer goes out.", author="Ben")
    for name in ("Ada", "Ben", "Chloe"):
        m.vote("proposal", by=name)
    m.vote("demo", by="Ada")
    return m


def a_right_map(number: str) -> crm.CrmMap:
    return lifecycle() if number.startswith("1.") else leak()


@pytest.mark.parametrize("number", NUMBERS)
def test_it_is_passed_by_a_map_on_which_it_is_done(number: str) -> None:
    found = check(a_right_map(number), number, answer=ANSWERS.get(number))
    assert found.is_passed, found
    assert bool(found) and found.hint == "" and found.sentence.endswith(".")


@pytest.mark.parametrize("number", NUMBERS)
def test_it_is_not_passed_by_an_empty_map(number: str) -> None:
    found = check(crm.CrmMap("Empty"), number, answer=ANSWERS.get(number))
    assert not found and found.sentence.endswith(".") and not found.sentence[0].islower()


Wrong = Callable[[crm.CrmMap], Any]
WRONG: list[tuple[str, Wrong, str, tuple[str, ...]]] = [
    (
        "1.1",
        lambda m: m.remove("grow"),
        "5 stages; at least six",
        ("attract", "qualify", "propose", "onboard", "support"),
    ),
    ("1.1", lambda m: m.add_stage("Alone"), "1 of 7 stages has no flow: Alone.", ("alone",)),
    ("1.1", lambda m: m.graph.remove_edges_from(list(m.graph.edges)), "6 of 6 stages have no flow", ()),
    ("1.2", lambda m: m.remove("first_contact"), "no start", ()),
    (
        "1.2",
        lambda m: m.update("repeat_customer", outcome=None),
        "These ends have no outcome yet: Repeat customer.",
        ("repeat_customer",),
    ),
    ("1.2", lambda m: m.remove("gone", "repeat_customer"), "No end has the outcome won.", ()),
    (
        "1.2",
        lambda m: m.remove("f3"),
        "No way leads from First contact to Repeat customer",
        ("first_contact", "repeat_customer"),
    ),
    ("1.3", lambda m: m.update("grow", owner=None), "1 of 6 stages has no owner: Grow.", ("grow",)),
    ("1.3", lambda m: m.update("grow", owner=""), "1 of 6 stages has no owner: Grow.", ("grow",)),
    ("1.4", lambda m: m.update("grow", target_cases=None), "1 of 5 stages has no measure: Grow.", ("grow",)),
    (
        "1.4",
        lambda m: [m.update(node, tags=["internal"]) for node, kind in m.graph.nodes(data="kind") if kind == "stage"],
        "Every stage is tagged internal",
        ("attract", "qualify", "propose", "onboard", "support", "grow"),
    ),
    ("1.5", lambda m: m.remove("repeat_customer"), "from Grow.", ("grow",)),
    (
        "1.5",
        lambda m: m.remove("repeat_customer", "gone"),
        "no end",
        ("attract", "qualify", "propose", "onboard", "support", "grow"),
    ),
    ("1.6", lambda m: m.remove("gone"), "nobody is ever lost", ()),
    ("1.6", lambda m: m.remove("f8"), "only from Support", ("support", "gone")),
    ("1.6", lambda m: m.remove("f8", "f9"), "from nowhere", ("gone",)),
    ("1.7", lambda m: m.reopen("c2"), "Not settled yet: Propose.", ("propose",)),
    ("1.7", lambda m: m.remove("grow"), "Comments are on 2 stages", ("attract", "propose")),
    ("1.8", lambda m: crm.workshop.Stakeholders(m).remove("Cleo"), "2 entries", ()),
    ("1.8", lambda m: crm.workshop.Stakeholders(m).add("Dan"), "No role is said of Dan.", ()),
    ("1.8", lambda m: m.add_stage("Renew"), "Nobody cares for Renew.", ("renew",)),
    ("1.9", lambda m: m.update("grow", owner="Ben"), "3 of 3 have not signed the map as it is", ()),
    ("1.9", lambda m: crm.workshop.Stakeholders(m).withdraw("Ada"), "1 of 3 has not signed the map as it is: Ada", ()),
    ("2.1", lambda m: m.detach("history"), "No log is attached.", ()),
    ("2.1", lambda m: m.attach(log(), name="again"), "2 logs are attached", ()),
    ("2.1", lambda m: m.remove("demo"), "mean no node yet: Demo.", ()),
    ("2.1", lambda m: m.update("won", outcome=None), "outcome won", ("won",)),
    ("2.2", lambda m: m.remove("f10"), "94.8\u202f% of the cases run as drawn; 95\u202f%", ()),
    ("2.6", lambda m: m.update("proposal", owner=None), "Proposal still needs an owner.", ("proposal",)),
    (
        "2.6",
        lambda m: m.update("proposal", owner=None, target_conversion_rate=None),
        "an owner and a target",
        ("proposal",),
    ),
    ("2.7", lambda m: m.take_back_vote("proposal", by="Ben"), "2 of you have voted; at least three", ()),
    (
        "2.7",
        lambda m: [m.vote("demo", by=name) for name in ("Ben", "Chloe")],
        "Proposal have 3 votes each.",
        ("demo", "proposal"),
    ),
]


@pytest.mark.parametrize(("number", "spoil", "said", "nodes"), WRONG)
def test_it_is_not_passed_when_one_thing_is_missing_and_says_which(
    number: str, spoil: Wrong, said: str, nodes: tuple[str, ...]
) -> None:
    m = a_right_map(number)
    spoil(m)
    found = check(m, number, answer=ANSWERS.get(number))
    assert not found
    assert said in found.sentence
    if nodes:
        assert found.nodes == nodes


def test_every_exercise_can_fail_on_a_map_that_is_only_wrong_in_one_thing() -> None:
    assert {number for number, *_ in WRONG} | set(ANSWERS) == set(NUMBERS)


def test_comments_by_one_voice_alone_are_no_discussion() -> None:
    one = crm.from_text("Attract -> Qualify -> Propose")
    for node in one.graph:
        one.resolve(one.comment(node, "Really?", author="Ada"))
    assert check(one, "1.7").sentence == "All comments are by one of you."


@pytest.mark.parametrize(
    ("number", "answer", "said"),
    [
        ("2.3", None, "No answer is given yet."),
        ("2.3", "Qualification", "It is not Qualification: 9"),
        ("2.3", "Propsal", "did you mean 'Proposal'"),
        ("2.3", 7, "There is no node 7"),
        ("2.3", "Won", "It is not Won."),
        ("2.4", "proposal", "It is not Proposal: 15.6"),
        ("2.5", None, "Nothing is tried yet."),
        ("2.5", "more", "Nothing is tried yet."),
        ("2.5", {"prospecting": {"inflow": 900}}, "More leads would bring more of the same."),
        ("2.5", {"demo": {"duration_days": 5}}, "It brings no won case more; 10\u202f% are asked for."),
        (
            "2.5",
            {("qualification", "disqualified"): {"probability": 0.07}},
            "more won cases a month; 10\u202f% are asked for.",
        ),
        ("2.5", {("proposal", "proposal_declined"): {"probability": 0.1}}, "moves by more than ten points"),
        ("2.5", {"demo": {"delay_days": 5, "capacity": 9}}, "2 numbers are changed"),
        ("2.5", {"dem": {"delay_days": 5}}, "did you mean 'demo'"),
        ("2.5", {"demo": 5}, ""),
        ("2.5", {"demo": {"delay_days": "five"}}, ""),
        ("2.5", {("demo",): {"probability": 0.1}}, ""),
        ("2.5", {7: {"probability": 0.1}}, ""),
    ],
)
def test_a_wrong_answer_is_a_sentence_and_no_error(number: str, answer: Any, said: str) -> None:
    found = check(leak(), number, answer=answer)
    assert not found and said in found.sentence and found.sentence


def test_the_leak_and_the_bottleneck_are_those_that_the_sample_was_made_with() -> None:
    truths = crm.samples.crm(2000, seed=7).truths
    m = leak()
    assert check(m, "2.3", answer=truths["drop_off"]["stage"])
    assert check(m, "2.4", answer=truths["slow_flow"]["source"])


def test_the_leak_is_the_one_of_the_map_as_it_is_now() -> None:
    m = leak()
    m.update("proposal_declined", outcome="won")  # on this map nobody is lost there any more
    found = check(m, "2.3", answer="Proposal")
    assert not found and check(m, "2.3", answer="Negotiation")


def test_the_sliders_of_a_painted_what_if_are_an_answer() -> None:
    m = leak()
    crm.what_if(m, ANSWERS["2.5"]).show()
    assert check(m, "2.5").sentence == check(m, "2.5", answer=ANSWERS["2.5"]).sentence
    crm.what_if(m, {"demo": {"duration_days": 5}}).show()
    assert "no won case more" in check(m, "2.5").sentence


def test_looking_again_sees_the_map_as_it_is_then() -> None:
    m = lifecycle()
    found = check(m, "1.3")
    m.graph.nodes["grow"]["owner"] = ""
    assert found.is_passed and not found.again()
    m.undo()
    assert found.again().again()


def test_a_check_marks_its_nodes_on_the_map_and_takes_the_marks_off() -> None:
    m = lifecycle()
    m.update("grow", owner=None)
    found = check(m, "1.3").show()
    painted = m.overlays["workshop"]
    assert set(painted.nodes) == {"grow"} and painted.findings[0].nodes == ["grow"]
    assert "look here" in m.to_svg()
    found.hide()
    assert not m.overlays


def test_a_check_shows_itself_as_text_and_escaped_in_the_notebook() -> None:
    m = lifecycle()
    m.update("grow", label="<b>Grow</b>", owner=None)
    found = check(m, "1.3")
    assert repr(found).startswith("Not yet: 1.3 An owner each. 1 of 6 stages has no owner: <b>Grow</b>.\n  Hint: ")
    html = found._repr_html_()
    assert "&lt;b&gt;Grow" in html and "<b>" not in html and "Not yet" in html


def test_progress_lists_every_exercise_of_a_workshop_with_the_answers() -> None:
    found = progress(leak(), "2", answers=ANSWERS)
    assert found.table["is_passed"].all() and found.note == "7 of 7 are passed."
    assert found.table["number"].tolist() == exercises("2").table["number"].tolist()
    assert progress(leak(), "2").table.loc[2, "sentence"] == "No answer is given yet."
    assert "<table" in found._repr_html_()


def test_one_s_own_exercise_is_listed_checked_and_replaced() -> None:
    m = crm.CrmMap("Sales")
    for sentence in ("Fine.", "Better."):

        @crm.workshop.exercise("7.1", title="Own", task="Do it.")
        def own(m: crm.CrmMap, answer: Any, sentence: str = sentence) -> crm.workshop.Verdict:
            return passed(sentence)

        assert check(m, "7.1").sentence == sentence
    assert exercises("7").table["title"].tolist() == ["Own"]


def test_exercises_are_in_the_order_of_their_numbers() -> None:
    for number in ("1.10", "1.11"):
        crm.workshop.exercise(number, title="Own", task="Do it.")(lambda m, answer: passed("Fine."))
    assert exercises("1").table["number"].tolist()[-3:] == ["1.9", "1.10", "1.11"]


def test_an_exercise_that_gives_something_else_is_named() -> None:
    crm.workshop.exercise("7.1", title="Own", task="Do it.")(lambda m, answer: True)  # type: ignore[arg-type,return-value]
    with pytest.raises(AnalysisError, match=r"exercise 7\.1 must return .* it returned bool"):
        check(crm.CrmMap("Sales"), "7.1")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda m: check(m, "1.99"), r"There is no exercise '1\.99'; did you mean '1\.9'"),
        (lambda m: check(m, 1.2), r"There is no exercise 1\.2; did you mean '1\.2'"),
        (lambda m: check("sales", "1.2"), r"checked on a map: crm\.workshop\.check\(m, '1\.2'\); given 'sales'"),
        (lambda m: exercises("one"), r"There is no workshop 'one'; allowed workshops: '1', '2'"),
        (lambda m: progress(m, "1", answers={"3.9": 1}), r"There is no exercise '3\.9'"),
        (lambda m: crm.workshop.exercise("x", title="a", task="b"), "number is workshop and place"),
        (lambda m: crm.workshop.exercise("7.1", title="", task="b"), r"exercise 7\.1 needs a title"),
    ],
)
def test_an_error_says_what_was_given_and_the_nearest(wrong: Any, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        wrong(crm.CrmMap("Sales"))


def test_numbers_of_few_are_not_told() -> None:
    few = pd.DataFrame(
        {
            "case": [f"c{i}" for i in range(9) for _ in range(2)],
            "stage": [stage for i in range(9) for stage in ("Lead", "Lost" if i < 2 else "Won")],
            "at": pd.date_range("2026-01-01", periods=18, freq="h"),
        }
    )
    m = crm.from_text("Lead")
    for label in ("Won", "Lost"):
        m.add_flow("lead", m.add("end", label, outcome=label.lower()))
    m.attach(crm.EventLog(few, case="case", activity="stage", timestamp="at"))
    assert "22" not in check(m, "2.3", answer="Lead").sentence
