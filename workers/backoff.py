"""How long a job waits before its next try."""

import random

# Multiples of the first wait; with a minute that is 1 m, 5 m, 15 m, 1 h, 3 h, 6 h, 12 h, then a day each:
# about four days for eleven tries, as RFC 5321 section 4.5.4.1 advises.
STEPS = (1, 5, 15, 60, 180, 360, 720, 1440)
JITTER = 0.2
# What Standard Webhooks advise for an event: ten tries in 75 hours. The waits, in seconds.
EVENT_WAITS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)


def wait(attempt: int, first: float, asked: float | None = None) -> float:
    """Seconds to wait after the given attempt (from 1); never less than the provider asked for.

    The jitter keeps a backlog from coming back as one herd.
    """
    steady = first * STEPS[min(attempt, len(STEPS)) - 1]
    return max(steady * random.uniform(1 - JITTER, 1 + JITTER), asked or 0.0)


def event_wait(attempt: int, asked: float | None = None) -> float | None:
    """Seconds to wait after the given try of an event (from 1), or None where it was the last."""
    if attempt > len(EVENT_WAITS):
        return None
    return max(EVENT_WAITS[attempt - 1] * random.uniform(1, 1 + JITTER), asked or 0.0)
