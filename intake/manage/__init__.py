"""Our own API to manage a business: JSON in, JSON out, errors as problem details (RFC 9457)."""
