"""Every event of the machines as a form: its fields, how they are read, and the mails it would send."""
