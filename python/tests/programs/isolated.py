"""Python processes that the recorder cannot be in."""

import subprocess
import sys

DRAW = "import random; random.random()"
subprocess.run([sys.executable, "-I", "-c", DRAW], check=True)
subprocess.run([sys.executable, "-S", "-c", DRAW], check=True)
subprocess.run(["true"], check=True)
subprocess.run([sys.executable, "-c", DRAW], env={}, check=True)
