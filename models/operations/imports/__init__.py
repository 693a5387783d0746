"""Records of another system, taken over with their ids, their dates and their history."""
