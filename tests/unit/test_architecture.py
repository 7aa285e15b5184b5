"""The pictures of docs/architecture.md are those of the code."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_pictures_show_the_rooms_and_tables_as_they_are():
    done = subprocess.run([sys.executable, ROOT / "docs" / "draw.py", "--check"], check=False)
    assert done.returncode == 0, "run: python3 docs/draw.py"
