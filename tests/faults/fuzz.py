"""``./sandbox fuzz``: feed the imports, dates and amounts with bad inputs."""

import os

from sandbox_lib.places import Places
from sandbox_lib.testing import run_tests


def run_fuzz(places: Places, cases: int, seed: int | None) -> int:
    """Feed them with so many bad inputs; return the worst exit code."""
    os.environ["FUZZ_CASES"] = str(cases)
    if seed is not None:
        os.environ["FUZZ_SEED"] = str(seed)
    tests = places.root / "tests"
    files = [tests / "unit" / "test_fuzz.py", *sorted((tests / "orm").rglob("test_bad_input*.py"))]
    return run_tests(places, [*map(str, files), "-q"])
