"""A program that fails on its own."""

import random
import sys

random.random()
sys.exit(3)
