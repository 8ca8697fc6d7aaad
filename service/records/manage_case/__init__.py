"""An enquiry as a manager's pages show it: one read model a page, each read from one snapshot."""

from service.records.manage_case.page import CasePage, Part, case_page
from service.records.manage_case.sheet import MoveSheet, Option, move_sheet, quotable_option, target, targets
from service.records.manage_case.story import KINDS, askers, story

__all__ = [
    "KINDS",
    "CasePage",
    "MoveSheet",
    "Option",
    "Part",
    "askers",
    "case_page",
    "move_sheet",
    "quotable_option",
    "story",
    "target",
    "targets",
]
