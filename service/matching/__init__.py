"""Who could answer a brief, ranked, with reasons (DESIGN.md section 8). Pure: profiles in, a ranking out.

Rank, explain, check, and let people choose. Nothing here reads citation counts, downloads a model or decides.
"""

from service.matching.assignment import Assignment, Proposal, Proposed, assign
from service.matching.candidates import Candidate, Candidates, LeftOut, candidates
from service.matching.explain import Unmet
from service.matching.index import Commitment, Index, build_index
from service.matching.passing import PassedUp
from service.matching.profiles import BriefProfile, Employer, Publication, ResearcherProfile
from service.matching.rank import Item, Ranking, Reason, rank
from service.matching.sharing import OpenBrief, Terms
from service.matching.team import Member, Team

__all__ = [
    "Assignment",
    "BriefProfile",
    "Candidate",
    "Candidates",
    "Commitment",
    "Employer",
    "Index",
    "Item",
    "LeftOut",
    "Member",
    "OpenBrief",
    "PassedUp",
    "Proposal",
    "Proposed",
    "Publication",
    "Ranking",
    "Reason",
    "ResearcherProfile",
    "Team",
    "Terms",
    "Unmet",
    "assign",
    "build_index",
    "candidates",
    "rank",
]
