"""What can be wrong with the embedded engines, said so that an operator can act on it."""


class EngineTrouble(Exception):  # noqa: N818 - facts carry no Error suffix here
    """The common kind: its text is one sentence for a person, without personal data."""


class NotRunning(EngineTrouble):
    """No embedded engine answers under the data folder."""


class DataInUse(EngineTrouble):
    """Another process holds the data folder."""


class EngineFailed(EngineTrouble):
    """An engine could not be set up or did not become ready."""
