"""Small phrases that several reasons share."""


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 person", "3 people"."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"
