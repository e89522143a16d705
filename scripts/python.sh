#!/bin/sh
# Print the Python to work with: $PYTHON, else the first of the usual names that is new enough; `python.sh 12` wants 3.12.
set -eu
minor="${1:-11}"

# Run it instead of trusting its name: a version manager's shim may be there for a Python that is not.
is_new_enough() {
    "$1" -c "import sys; sys.exit(sys.version_info < (3, $minor))" >/dev/null 2>&1
}

if [ -n "${PYTHON:-}" ]; then
    is_new_enough "$PYTHON" && { command -v "$PYTHON"; exit 0; }
    echo "PYTHON=$PYTHON is not a Python 3.$minor or newer." >&2
    exit 1
fi
for candidate in python3 python3.14 python3.13 python3.12 python3.11 \
    "$HOME"/.pyenv/versions/3.1[1-9]*/bin/python /opt/homebrew/bin/python3; do
    is_new_enough "$candidate" && { command -v "$candidate"; exit 0; }
done
echo "crmwidget needs Python 3.$minor or newer, and none of python3, python3.14 … python3.11 is one:" \
    "install it, or name yours with PYTHON=/path/to/python." >&2
exit 1
