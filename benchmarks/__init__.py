"""Measurements of what the package promises, one file a claim: `python -m benchmarks` runs them all."""
