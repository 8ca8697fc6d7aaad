"""What an enquirer's page shows."""

from service.records.enquirer_page.brief import brief_version
from service.records.enquirer_page.page import enquirer_page
from service.records.enquirer_page.shapes import EnquirerPage
from service.records.enquirer_page.talk import said_just_now

__all__ = ["EnquirerPage", "brief_version", "enquirer_page", "said_just_now"]
