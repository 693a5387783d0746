"""One person in one business: everything that is kept of them, told or erased."""
