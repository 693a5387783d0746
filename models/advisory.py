"""Advisory locks: what happens one at a time in a database, whoever asks for it.

They stand together so that no number means two things. Those of names are hashes (`operations/locks.py`).
"""

# Two releases never migrate at once.
MIGRATION = 0x1EAD_0001
# Nicknames and external ids share one space of names over two columns, which no index can hold unique.
NAMES = 0x1EAD_0002
# One relay rings; the others stand by.
ACTIVE_RELAY = 0x1EAD_0003
# One import at a time looks which ids are free.
IMPORT = 0x1EAD_0004
