"""Letters: rendered words become an internet message whose headers nobody's text can break (RFC 5322)."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from email_validator import EmailNotValidError, validate_email

from service.delivery import phrases
from service.delivery.failures import FinalFailure
from service.delivery.letterhead import Letterhead
from service.delivery.render import Rendered
from service.records.tables import OutboxMessage

_SPECIALS = re.compile(r'[()<>\[\]:;@\\,"]')
_LONGEST_NAME = 70


def letter(message: OutboxMessage, rendered: Rendered, letterhead: Letterhead, sent_at: datetime) -> EmailMessage:
    """Return the letter, dated with the business instant `sent_at`.

    Its Message-ID is made of the outbox id alone, so a repeat is recognised. Raises FinalFailure when the address is none.
    """
    composed = EmailMessage(policy=SMTP)
    composed["Message-ID"] = f"<{message.id}@{letterhead.host}>"
    composed["Date"] = format_datetime(sent_at)
    composed["From"] = _mailbox(letterhead.mail_from, letterhead.service_name)
    composed["To"] = _mailbox(message.to_address, message.to_name)
    if message.reply_to:
        composed["Reply-To"] = _mailbox(message.reply_to, "")
    composed["Subject"] = rendered.subject
    if not rendered.is_personal:
        composed["Auto-Submitted"] = "auto-generated"
    composed.set_content(rendered.text, cte="quoted-printable")
    if rendered.calendar is not None:
        # As an alternative mail programs show it as an invitation; those that cannot, offer the attachment.
        words = rendered.calendar.decode("utf-8")
        composed.add_alternative(words, subtype="calendar", params={"method": "REQUEST"}, cte="base64")
        composed.add_attachment(rendered.calendar, maintype="application", subtype="ics", filename="invitation.ics")
    return composed


def bare_address(address: str) -> str:
    """Return an address as mail servers take it, with a plain-letter domain. Raises FinalFailure when it is none."""
    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as problem:
        raise FinalFailure(f"{phrases.one_line(address)!r} is not an address: {problem}") from problem
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"


def _mailbox(address: str, name: str) -> Address:
    # Without the characters that have a meaning of their own in an address list, a name can only ever be a name.
    said = " ".join(_SPECIALS.sub(" ", phrases.one_line(name)).split())
    return Address(display_name=said[:_LONGEST_NAME].rstrip(), addr_spec=bare_address(address))
