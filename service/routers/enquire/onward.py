"""Where a sign-in leads on to: always a path of this service."""

from urllib.parse import urlsplit

HOME = "/enquiries"


def safe_path(wanted: str) -> str:
    """Return a path of this service to go on to: what was wanted, or a person's enquiries where it leads elsewhere."""
    if not wanted.isprintable() or len(wanted) >= 500 or "\\" in wanted or not wanted.startswith("/"):
        return HOME
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return HOME
    return HOME if parts.scheme or parts.netloc or wanted.startswith("//") else wanted
