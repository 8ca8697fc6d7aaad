"""A project at the desk: its costs, money, terms, deliverables, reports, and what its findings changed."""
