"""Times as a person reads them."""

import math

_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)


def clock(seconds: float, step: float = 1) -> str:
    """``seconds`` as m:ss, h:mm:ss from an hour on, and with a decimal where ``step`` is below a second."""
    tenths = round(abs(seconds) * 10)
    if step >= 1:
        tenths = 10 * round(abs(seconds))
    minutes, rest = divmod(tenths, 600)
    text = f"{minutes // 60}:{minutes % 60:02d}" if minutes >= 60 else str(minutes)
    text = f"{text}:{rest // 10:02d}" + (f".{rest % 10}" if step < 1 else "")
    return f"\N{MINUS SIGN}{text}" if seconds < 0 and tenths else text


def elapsed(seconds: float, *, hours: bool = False) -> str:
    """The whole seconds that have gone by as m:ss, or h:mm:ss from an hour on, or where ``hours`` are wanted."""
    whole = int(max(0.0, seconds) + 1e-3)  # 9.9999 is a sum that was meant to be 10
    minutes, rest = divmod(whole, 60)
    if hours or minutes >= 60:
        return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
    return f"{minutes}:{rest:02}"


def round_times(low: float, high: float, most: float) -> tuple[float, list[float]]:
    """Round times from ``low`` to ``high`` seconds, about ``most`` of them at most, and the step between them."""
    least = (high - low) / max(most, 1)
    step = next((step for step in _STEPS_S if step >= least), _STEPS_S[-1])
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    return step, [number * step for number in range(first, last + 1)]
