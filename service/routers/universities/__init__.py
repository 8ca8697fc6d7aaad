"""The universities' JSON doors (API.md section 3)."""
