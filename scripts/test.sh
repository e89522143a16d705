#!/bin/sh
# Run every test: the JS units, then pytest (suite, docstrings, notebooks, browser). Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python

"$python" hatch_build.py
# Without a browser the tests that need one are reported as skipped; in CI that is a failure.
if CRMWIDGET_CHROMIUM=$("$python" scripts/browser.py); then
    export CRMWIDGET_CHROMIUM
elif [ "${CI:-}" = true ]; then
    exit 1
else
    unset CRMWIDGET_CHROMIUM
fi

status=0
"$python" hatch_build.py npm test || status=$?
[ "$status" = 0 ] || echo "The JS tests failed; pytest's part follows." >&2
"$python" -m pytest "$@" || status=$?
[ "$status" = 0 ] || echo "make test: there are failures above." >&2
exit "$status"
