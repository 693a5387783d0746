"""What may be done with appointments, one verb a module."""
