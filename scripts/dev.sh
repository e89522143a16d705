#!/bin/sh
# JupyterLab with a canvas that follows its sources: the bundle is rebuilt at each save and reloaded in open notebooks.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
"$python" hatch_build.py npm run dev &
watcher=$!
trap 'kill "$watcher" 2>/dev/null || true' EXIT INT TERM
root_flag=
[ "$(id -u)" != 0 ] || root_flag=--allow-root
ANYWIDGET_HMR=1 "$python" -m jupyter lab $root_flag example_notebooks
