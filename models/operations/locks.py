"""Advisory locks on names: whoever reads, decides and then writes about one name takes turns with others."""

import hashlib
from collections.abc import Iterable
from typing import Any

LOCK = "SELECT count(pg_advisory_xact_lock(k)) FROM unnest(%s::bigint[]) AS k"


def array(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL writes an array."""
    return f"{{{','.join(map(str, numbers))}}}"


def locks(names: Iterable[tuple[Any, ...]]) -> list[int]:
    """The advisory locks of identities and keys: 64 bits of a hash each, sorted so that nobody deadlocks."""
    digests = {hashlib.blake2b(repr(name).encode(), digest_size=8).digest() for name in names}
    return sorted(int.from_bytes(digest, "big", signed=True) for digest in digests)
