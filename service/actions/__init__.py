"""The verbs: everything that changes a record, each in its caller's transaction, none of them committing."""
