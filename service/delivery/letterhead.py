"""Who every letter is from."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from service.settings import Settings
from service.tokens import Tokens


@dataclass(frozen=True)
class Letterhead:
    """The sender's section of the settings, and the tokens that links in letters carry."""

    service_name: str
    service_phone: str
    base_url: str
    """Without a trailing slash."""
    mail_from: str
    """The service's own mailbox."""
    tokens: Tokens
    attaches: bool = True
    """Whether a letter can carry a file."""

    @classmethod
    def of(cls, settings: Settings) -> "Letterhead":
        """Take from the settings what letters need."""
        return cls(
            service_name=settings.service_name,
            service_phone=settings.service_phone,
            base_url=settings.public_url,
            mail_from=settings.mail_from,
            tokens=Tokens(settings.secret_key, settings.secret_key_before),
            attaches=not settings.mail.startswith("notify:"),
        )

    @cached_property
    def host(self) -> str:
        """The host that people see, for Message-IDs and for greeting mail servers."""
        return urlsplit(self.base_url).hostname or "localhost"

    def page(self, path: str) -> str:
        """Return the address of one of our pages."""
        return f"{self.base_url}/{path.lstrip('/')}"
