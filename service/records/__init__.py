"""Everything SQL: the tables, the questions asked of them, and `transact()`, the only commit."""
