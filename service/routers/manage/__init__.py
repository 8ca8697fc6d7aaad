"""The console: research managers' pages, over the same actions and queries as the admin API."""
