"""Who could answer a brief, ranked, with reasons (DESIGN.md section 8). Pure: profiles in, a ranking out.

Rank, explain, check, and let people choose. Nothing here reads citation counts, downloads a model or decides.
"""

from service.matching.explain import Unmet
from service.matching.index import Commitment, Index, build_index
from service.matching.profiles import BriefProfile, Employer, Publication, ResearcherProfile
from service.matching.rank import Item, Ranking, Reason, rank
from service.matching.team import Member, Team

__all__ = [
    "BriefProfile",
    "Commitment",
    "Employer",
    "Index",
    "Item",
    "Member",
    "Publication",
    "Ranking",
    "Reason",
    "ResearcherProfile",
    "Team",
    "Unmet",
    "build_index",
    "rank",
]
