"""Mail that people hand over, as text they copied or as a saved file: read, and believed in nothing."""

from service.sources.mail.files import read_file
from service.sources.mail.pasted import read_pasted
from service.sources.mail.shapes import Attached, Correspondent, ReadMail, Unreadable

__all__ = ["Attached", "Correspondent", "ReadMail", "Unreadable", "read_file", "read_pasted"]
