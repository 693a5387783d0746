"""What a member of staff does with the leads that are theirs, as owner or as assignee."""
