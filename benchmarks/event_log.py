"""Claim: graph, median, p95 and variants of an event log cost at most 1/8 of pm4py's CPU, in at most 1.3 GB.

Sizes are 1 M and 3 M events (`--quick`: 1 M), or those of `CRMWIDGET_BENCH_EVENTS`, such as `1000000,10000000`; of 12
activities, and at the smallest size of 100 and 1 000 too; text ids, unsorted. pm4py is measured without its formatting,
where it is installed (`pip install --group oracle`), or by the interpreter that `CRMWIDGET_PM4PY_PYTHON` names, as it
is nothing that has to be installed beside the package. Each runs in a process of its own, so that neither pays for the
other's memory.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measuring import Measure, Table, figure, table

SIZES = (1_000_000, 3_000_000)
ACTIVITY_COUNTS = (100, 1_000)
CASE_EVENTS = 9.4  # events a case, on average
MOST_RATIO = 1 / 8
MOST_MB = 1_300.0
REPEATED_S = 0.3
ACTIVITIES = (
    "Lead in",
    "Qualify",
    "Contact",
    "Demo",
    "Needs analysis",
    "Proposal",
    "Negotiation",
    "Legal review",
    "Contract sent",
    "Won",
    "Lost",
    "Onboarding",
)
# from each activity to which, how often
NEXT: dict[int, dict[int, float]] = {
    0: {1: 0.75, 2: 0.2, 10: 0.05},
    1: {2: 0.7, 1: 0.12, 10: 0.18},
    2: {3: 0.55, 2: 0.25, 4: 0.1, 10: 0.1},
    3: {4: 0.7, 3: 0.12, 2: 0.08, 10: 0.1},
    4: {5: 0.7, 3: 0.15, 4: 0.1, 10: 0.05},
    5: {6: 0.6, 5: 0.15, 4: 0.13, 10: 0.12},
    6: {7: 0.5, 5: 0.2, 6: 0.1, 8: 0.12, 10: 0.08},
    7: {8: 0.7, 6: 0.25, 10: 0.05},
    8: {9: 0.7, 7: 0.15, 10: 0.15},
    9: {11: 0.8, 12: 0.2},
    10: {12: 0.9, 1: 0.1},
    11: {12: 0.9, 4: 0.1},
}


def events(n: int, *, n_activities: int = 12, seed: int = 7) -> pd.DataFrame:
    """About `n` events in no order: each case walks from activity to activity until it ends.

    More than twelve activities are those twelve as different teams do them, each case with one of the teams.
    """
    random = np.random.default_rng(seed)
    n_cases = round(n / CASE_EVENTS)
    chances = np.zeros((12, 13))
    for source, targets in NEXT.items():
        for target, chance in targets.items():
            chances[source, target] = chance
    bounds = chances.cumsum(axis=1)
    bounds[:, -1] = 1.0
    alive, here = np.arange(n_cases), np.where(random.random(n_cases) < 0.92, 0, 1)
    at = 1_704_067_200_000_000 + (random.random(n_cases) * 540 * 86_400e6).astype("int64")
    parts = []
    while len(alive):
        parts.append((alive, here, at))
        following = (random.random(len(alive))[:, None] > bounds[here]).sum(axis=1)
        wait = np.maximum(1, random.lognormal(0, 1, len(alive)) * 86_400e6 * (1 + here)).astype("int64")
        stays = following < 12
        alive, here, at = alive[stays], following[stays], (at + wait)[stays]
    case, activity, at = (np.concatenate([part[i] for part in parts]) for i in range(3))
    order = random.permutation(len(case))
    names = np.array([f"LEAD-{i:08d}" for i in range(n_cases)], dtype=object)
    activity = (activity + 12 * (case % -(-n_activities // 12))) % n_activities
    labels = [f"{ACTIVITIES[i % 12]} {i // 12}" if i >= 12 else ACTIVITIES[i] for i in range(n_activities)]
    return pd.DataFrame(
        {
            "case_id": pd.array(names[case[order]], dtype="str"),
            "activity": pd.array(np.array(labels, dtype=object)[activity[order]], dtype="str"),
            "ts": at[order].astype("datetime64[us]"),
            "channel": pd.array(np.array(["web", "mail", "event"], dtype=object)[case[order] % 3], dtype="str"),
        }
    )


# ---- what runs in a process of its own -------------------------------------------------------------------


def ours(source: str, path: str) -> dict[str, float]:
    """Encode, count flows with median and p95, count variants; then ask again, whole and filtered."""
    from crmwidget.analysis.flow_counts import flow_counts
    from crmwidget.analysis.variants import variant_table
    from crmwidget.data.event_log import EventLog

    attributes = ["channel"] if source == "filtered" else []
    data: Any = _frame(path) if source == "pandas" else path
    start = time.process_time()
    log = EventLog(data, case="case_id", activity="activity", timestamp="ts", attributes=attributes)
    encoded = time.process_time() - start
    flow_counts(log, with_cases=False)
    variant_table(log, ())
    told = {"cpu": time.process_time() - start, "encoding": encoded, **_memory()}
    part = log.where(channel="web") if attributes else log
    for name, asked in (
        ("flows_s", lambda: flow_counts(part, with_cases=False)),
        ("variants_s", lambda: variant_table(part, ())),
    ):
        told[name] = _cpu_seconds(asked)
    return told


def pm4py(source: str, path: str) -> dict[str, float]:
    """The same by pm4py's public functions: flows, their median and p95, variants; its formatting is not counted.

    It has no p95 of its own, but gives the durations themselves.
    """
    import pm4py as peer

    frame = peer.format_dataframe(_frame(path), case_id="case_id", activity_key="activity", timestamp_key="ts")
    start = time.process_time()
    peer.discover_dfg(frame)
    durations, _, _ = peer.discover_performance_dfg(frame, perf_aggregation_key="raw_values")
    for of_flow in durations.values():
        np.quantile(of_flow, (0.5, 0.95))
    peer.get_variants(frame)
    return {"cpu": time.process_time() - start, **_memory()}


def _frame(path: str) -> pd.DataFrame:
    frame = pd.read_parquet(path, columns=["case_id", "activity", "ts"])
    try:
        import pyarrow as pa

        pa.default_memory_pool().release_unused()  # what reading the file left is not the frame's
    except ImportError:
        pass
    return frame


def _cpu_seconds(work: Callable[[], object]) -> float:
    """The median of five; of the processor, so that a busy machine does not count."""
    times = []
    for _ in range(5):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return sorted(times)[2]


def _memory() -> dict[str, float]:
    """The most memory the process ever had, with the interpreter, its packages and the frame; MB.

    From the kernel's own table where there is one: `getrusage` also counts what the parent had when it forked.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (peak,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return {"mb": int(peak.split()[1]) / 1024}
    import resource

    return {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def apart(who: str, source: str, path: Path, python: str = sys.executable) -> dict[str, float]:
    """Run one of the functions above in a fresh interpreter."""
    code = f"import json, benchmarks.event_log as b; print(json.dumps(b.{who}({source!r}, {str(path)!r})))"
    ran = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(ran.stdout.strip().splitlines()[-1])
    return told


# ---- the claim -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Grown:
    """What one log cost, and pm4py where it is there."""

    n: int
    n_activities: int
    ours: dict[str, float]
    peer: dict[str, float] | None


_GROWN: list[_Grown] = []


def run(*, quick: bool) -> Iterator[Measure]:
    asked = os.environ.get("CRMWIDGET_BENCH_EVENTS")
    sizes = tuple(map(int, asked.split(","))) if asked else SIZES[:1] if quick else SIZES
    python = peer_python()
    _GROWN.clear()
    with tempfile.TemporaryDirectory(prefix="crmwidget-bench-") as folder:
        path = Path(folder, "events.parquet")
        for n in sizes:
            events(n).to_parquet(path)
            yield from _measured(n, path, python)
        for n_activities in () if quick else ACTIVITY_COUNTS:
            events(sizes[0], n_activities=n_activities).to_parquet(path)
            yield from _of_activities(sizes[0], n_activities, path, python)


def peer_python() -> str | None:
    """The interpreter that has pm4py; None where there is none."""
    named = os.environ.get("CRMWIDGET_PM4PY_PYTHON")
    if named:
        return named
    return sys.executable if importlib.util.find_spec("pm4py") is not None else None


def _measured(n: int, path: Path, python: str | None) -> list[Measure]:
    size = f"{n / 1e6:g} M events"
    is_largest = n == 10_000_000
    peer = _peer(path, python)
    measures = []
    for source in ("pandas", "parquet"):
        told = apart("ours", source, path)
        name = f"graph + variants, {size}, from {source}"
        measures.append(_against(f"{name}: CPU", told, peer, MOST_RATIO if is_largest else None))
        measures.append(Measure("… of it reading and encoding", (told["encoding"],), "s"))
        measures.append(Measure(f"{name}: peak memory", (told["mb"],), "MB", MOST_MB))
        if peer is not None:
            measures.append(Measure("… pm4py's", (peer["mb"],), "MB"))
    _GROWN.append(_Grown(n, len(ACTIVITIES), told, peer))
    for source, name in (("parquet", "asked again"), ("filtered", "filtered to a third")):
        told = apart("ours", source, path)
        limit = REPEATED_S if n == 1_000_000 else None
        measures.append(Measure(f"flows with median and p95, {size}, {name}: CPU", (told["flows_s"],), "s", limit))
        measures.append(Measure(f"variants, {size}, {name}: CPU", (told["variants_s"],), "s", limit))
    return measures


def _of_activities(n: int, n_activities: int, path: Path, python: str | None) -> list[Measure]:
    told, peer = apart("ours", "parquet", path), _peer(path, python)
    _GROWN.append(_Grown(n, n_activities, told, peer))
    return [_against(f"graph + variants, {n / 1e6:g} M events of {n_activities} activities: CPU", told, peer, None)]


def _peer(path: Path, python: str | None) -> dict[str, float] | None:
    return None if python is None else apart("pm4py", "pandas", path, python)


def _against(name: str, told: dict[str, float], peer: dict[str, float] | None, allowed: float | None) -> Measure:
    if peer is None:
        return Measure(name, (told["cpu"],), "s")
    return Measure(name, (told["cpu"],), "s", peer["cpu"], "pm4py", allowed)


def tables(measures: list[Measure]) -> list[Table]:
    """All figures, and how the cost grows."""
    head = ["events", "activities", "CPU", "encoding", "asked again", "memory", "pm4py CPU", "its memory", "ratio"]
    rows = []
    for one in _GROWN:
        again = one.ours["flows_s"] + one.ours["variants_s"]
        row = [f"{one.n:,}", f"{one.n_activities:,}"]
        row += [figure(seconds, "s") for seconds in (one.ours["cpu"], one.ours["encoding"], again)]
        row.append(figure(one.ours["mb"], "MB"))
        if one.peer is not None:
            row += [figure(one.peer["cpu"], "s"), figure(one.peer["mb"], "MB")]
            row.append(f"{one.ours['cpu'] / one.peer['cpu']:.3f}")
        rows.append(row + ["–"] * (len(head) - len(row)))
    return [table(measures), Table("How the cost grows: from Parquet, seconds of the processor", head, rows, left=())]
