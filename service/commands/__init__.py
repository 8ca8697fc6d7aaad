"""The commands, one a file: each is `run(settings, arguments)` and returns the exit status.

`service/__main__.py` imports only the one that was asked for.
"""


class Refused(Exception):
    """A command cannot be carried out; the message says what would do."""
