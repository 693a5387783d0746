"""vcita's tongue: a website or a partner creates a lead, in its two spellings."""
