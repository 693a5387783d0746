"""Passwords: kept as argon2 hashes, and compared in the same time whether there is a user or not."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import Invalid

SHORTEST, LONGEST = 8, 1024


@lru_cache(maxsize=1)
def hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def nobodys() -> str:
    """A hash to compare with where there is none, so that the time of a refusal tells nothing."""
    return hasher().hash("nobody's")


def hashed(password: str) -> str:
    """The text to keep: parameters, salt and digest. Raises `Invalid`."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"the password must have {SHORTEST} to {LONGEST} characters", "password")
    return hasher().hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Whether a password is the one of a hash; of an empty hash, none is. Takes some 50 ms of a core."""
    try:
        hasher().verify(password_hash or nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)
