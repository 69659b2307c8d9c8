"""Figures as they are written down."""

import math


def rounded(value: float | None) -> float | None:
    """Three decimals; None, as JSON has no nan, for what was not measured."""
    return None if value is None or math.isnan(value) else round(float(value), 3)
