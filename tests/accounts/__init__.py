"""Who may speak: businesses, users, directories, tokens, and the commands for them."""
