"""What the workers and the relay count. With PROMETHEUS_MULTIPROC_DIR set, the web tells it on /metrics."""

from prometheus_client import Counter, Histogram

SENT = Counter("leads_messages_sent_total", "Messages that a provider took", ["channel", "template"])
NOT_SENT = Counter(
    "leads_messages_not_sent_total",
    "Tries that did not end in sent, by state: deferred, failed, suppressed, unknown",
    ["channel", "template", "state"],
)
FIRST_NOTICE = Histogram(
    "leads_first_notice_seconds",
    "Time from a lead's arrival to the provider's yes",
    ["template"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600),
)
EVENTS = Counter(
    "leads_events_total",
    "Tries to tell a subscriber, by type and outcome: taken, not_taken",
    ["type", "outcome"],
)
RUNG = Counter("leads_jobs_rung_total", "Jobs whose doorbell was sent", ["queue"])
DOORBELLS = Counter("leads_doorbells_total", "Doorbells sent", ["queue"])
PUBLISH_ERRORS = Counter("leads_publish_errors_total", "Times that the broker took no doorbell")
HOOKS = Counter(
    "leads_hooks_total", "Verdicts on what partners' webhooks sent, by preset", ["preset", "verdict"]
)
