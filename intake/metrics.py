"""What the web counts. With PROMETHEUS_MULTIPROC_DIR set, all processes of a machine are told as one."""

from prometheus_client import Counter, Histogram

ACCEPTED = Counter(
    "leads_accepted_total", "Requests that were taken in, by door and verdict", ["door", "verdict"]
)
REFUSED = Counter("leads_refused_total", "Requests that were refused, by door and reason", ["door", "reason"])
UNAVAILABLE = Counter(
    "leads_unavailable_total", "Requests that the database did not take in time, by door", ["door"]
)
PROMISED = Counter("leads_messages_promised_total", "Messages promised with the leads that asked for them")
BATCH = Histogram(
    "leads_capture_batch_size",
    "Leads that shared one transaction of the capture lane",
    buckets=(1, 2, 5, 10, 20, 50, 100),
)


def kind_of(door: str) -> str:
    """A door's label. Each form has a door of its own, and metrics must not grow with forms."""
    return door.partition(":")[0]
