"""Imported last by the process that others are forked from: what each of them would otherwise work out first."""

from sqlalchemy.orm import configure_mappers

configure_mappers()
