"""Many sources at once: finds them, knows what was read before, reads the rest, and says at the end how it went.

Nothing is kept of this but the results themselves: a summary says of what content and by which settings it was made.
"""
