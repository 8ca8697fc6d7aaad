"""What wordings are told in tests, and the letterhead they are written on."""

from service.delivery.letterhead import Letterhead
from service.delivery.samples import COMMON, QUEUED_AT, SAMPLES
from service.delivery.samples import sample as message
from service.tokens import Tokens

__all__ = ["COMMON", "LETTERHEAD", "QUEUED_AT", "SAMPLES", "message"]

LETTERHEAD = Letterhead(
    service_name="Evidence Enquiry Service",
    service_phone="01632 960 123",
    base_url="https://ask.example.org",
    mail_from="enquiries@service.example",
    tokens=Tokens("a secret for tests only, long enough to sign with"),
)
