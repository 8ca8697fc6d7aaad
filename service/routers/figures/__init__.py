"""Figures for everybody: the public page, its files and the yearly report, all from the answers of the API."""
