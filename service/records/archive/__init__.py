"""A backup as one file that either engine writes and either engine reads (docs/decisions/0050)."""
