#!/bin/sh
# Make .venv, with the package in editable form and one dependency group: `setup.sh demo`, `setup.sh dev`.
set -eu
cd "$(dirname "$0")/.."
group="$1"
python=.venv/bin/python

make_venv() {
    base=$(scripts/python.sh)
    echo "Making .venv with $("$base" --version) ($base)"
    if "$base" -c 'import ensurepip' >/dev/null 2>&1; then
        "$base" -m venv --clear .venv
    elif "$base" -m pip --version >/dev/null 2>&1; then # a Debian without python3-venv still has pip
        "$base" -m venv --clear --without-pip .venv
        "$base" -m pip --python .venv/bin/python install --quiet pip
    elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        package="$("$base" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
        echo "This Python cannot make virtual environments: installing $package with apt-get, as root."
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package"
        "$base" -m venv --clear .venv
    else
        echo "$base cannot make virtual environments: install its venv package (Debian, Ubuntu: python3-venv)." >&2
        exit 1
    fi
}

install() {
    "$python" -m pip --disable-pip-version-check install --quiet --constraint constraints.txt "$@"
}

"$python" -c '' 2>/dev/null || make_venv
echo "Installing crmwidget and its \"$group\" packages into .venv (the first time takes minutes)"
# pip first: older ones know no dependency groups. Then what builds the bundle, because the package is built without
# isolation, so that one Node serves both the build and the JS tests.
install pip hatchling
node=$("$python" hatch_build.py --node)
[ -z "$node" ] || install "$node"
install --group "$group" --no-build-isolation --editable '.[lab]'
touch ".venv/.$group"
[ "$group" != dev ] || touch .venv/.demo
