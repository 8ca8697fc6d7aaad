"""What comes in from elsewhere, as files or over HTTP, before anybody has looked at what it says."""
