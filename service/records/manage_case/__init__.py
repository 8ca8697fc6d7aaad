"""An enquiry as a manager's pages show it: one read model a page, each read from one snapshot."""

from service.records.manage_case.page import CasePage, Part, case_page
from service.records.manage_case.sheet import MoveSheet, Option, move_sheet, targets
from service.records.manage_case.story import KINDS, story

__all__ = ["KINDS", "CasePage", "MoveSheet", "Option", "Part", "case_page", "move_sheet", "story", "targets"]
