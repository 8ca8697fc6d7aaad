"""Cutting a text that is longer than its place."""

_LEAST_KEPT = 2 / 3


def cut_short(line: str, longest: int) -> str:
    """Return the line as it is, or its beginning with an ellipsis, of at most `longest` characters together.

    The cut falls between words where that loses less than a third of the place. What stands before the ellipsis is how
    the line begins: redacting what was cut relies on it.
    """
    if len(line) <= longest:
        return line
    beginning = line[: longest - 1]
    if not line[longest - 1].isspace():
        whole_words = beginning.rpartition(" ")[0]
        beginning = whole_words if len(whole_words) >= longest * _LEAST_KEPT else beginning
    return beginning.rstrip() + "…"
