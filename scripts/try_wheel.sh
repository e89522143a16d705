#!/bin/sh
# Install a built wheel, and nothing for development, into a new environment away from the checkout, and show a map.
set -eu
cd "$(dirname "$0")/.."
checkout=$PWD
wheel=$(ls "$PWD"/dist/crmwidget-*.whl)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(scripts/python.sh)" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip --disable-pip-version-check install --quiet --constraint constraints.txt "$wheel"
cd "$folder"
"$folder/venv/bin/python" -I "$checkout/scripts/show_map.py"
