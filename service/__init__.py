"""The Evidence Enquiry Service: from a council's question to what its evidence changed."""

__version__ = "0.1.0"
