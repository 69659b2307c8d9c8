"""The tests, and what is set before any of them loads NumPy or torch."""

import os

# The nets here are tiny and the cores may be busy: threads that wait for each other take far longer than one alone.
# The same number in all processes also gives them the same sums, to the last bit.
os.environ.setdefault("OMP_NUM_THREADS", "1")
