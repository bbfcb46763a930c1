"""The console script `seedbench`, and `python -m seedbench`."""

import os
import shutil
import sys
from pathlib import Path

from seedbench import _native


def _image() -> Path | None:
    """The script that starts this command line again: it forks the workers of `seedbench run`."""
    started = Path(sys.argv[0]).absolute()
    if started.name != "__main__.py" and os.access(started, os.X_OK):
        return started
    beside = shutil.which("seedbench", path=str(Path(sys.executable).parent))
    return Path(beside) if beside else None


def main() -> int:
    """Run the command line and return its exit code."""
    recorder = Path(__file__).absolute().parent / "_watch"
    return _native.main(["seedbench", *sys.argv[1:]], _image(), recorder)


if __name__ == "__main__":
    sys.exit(main())
