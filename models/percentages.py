"""Percentages: a setting that gives a number to each of some words."""


def percentages(table: str) -> dict[str, int]:
    """A setting like `prospect=0,customer=100`. Raises `ValueError`."""
    told = dict(pair.strip().partition("=")[::2] for pair in table.split(","))
    if not all(number.strip().isdecimal() and int(number) <= 100 for number in told.values()):
        message = "CRM_CONVERSION must be like prospect=0,customer=100, in percent"
        raise ValueError(message)
    return {status.strip(): int(number) for status, number in told.items()}
