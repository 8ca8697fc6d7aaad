"""The managers' JSON doors (API.md section 2)."""
