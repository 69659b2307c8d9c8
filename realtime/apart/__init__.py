"""Work in a process of its own, with lines of JSON between it and whoever started it.

A process, and not a thread: so it does not share Python's lock, its memory goes back when it ends, and a crash in a
library ends that one piece of work. Not of :mod:`multiprocessing`, which would send pickles and load the main module
again, but a program that ends by itself when whoever started it is gone.
"""

from realtime.apart.child import Child
from realtime.apart.owner import Owner

__all__ = ["Child", "Owner"]
