"""The words people choose from: stable codes with the plain labels shown for them (DOMAIN.md section 6).

A code never changes once published; a label may. Adding an entry is one line here.
"""

from typing import Final

Vocabulary = dict[str, str]

SECTORS: Final[Vocabulary] = {
    "council_public_health": "Council public health",
    "council_other": "Another part of a council",
    "nhs": "NHS",
    "integrated_care_board": "Integrated care board",
    "third_sector": "Voluntary or community organisation",
    "academic": "University or college",
    "police_fire": "Police or fire service",
    "combined_authority": "Combined authority",
    "national_body": "National body",
    "business": "Business",
    "other": "Other",
    "clinical_commissioning_group": "Clinical commissioning group (older figures)",
}

ENQUIRY_TYPES: Final[Vocabulary] = {
    "rapid_evaluation": "Rapid evaluation",
    "evaluation_advice": "Advice on evaluating something",
    "evidence_review": "Evidence review",
    "data_and_measurement": "Data and measurement",
    "research_support": "Support for research",
    "find_collaborator": "Find someone to work with",
    "bid_support": "Support for a bid",
    "knowledge_exchange_event": "Knowledge exchange event",
    "other": "Something else",
    "not_sure": "Not sure",
}

DECISION_WINDOWS: Final[Vocabulary] = {
    "key_decision": "A key decision by cabinet or committee",
    "officer_decision": "An officer's decision",
    "budget_round": "The yearly budget",
    "recommissioning": "Commissioning a service again",
    "needs_assessment": "A needs assessment",
    "statutory_deadline": "A deadline in law",
    "grant_deadline": "A grant or bid deadline",
    "none": "No fixed date",
    "not_known": "I don't know yet",
}

DECISION_STEPS: Final[Vocabulary] = {
    "problem": "Understanding the problem",
    "options": "Comparing options",
    "implementation": "Putting something into practice",
    "monitoring": "Checking how it is going",
}

TOPICS: Final[Vocabulary] = {
    "best_start": "Best start in life",
    "schools": "Schools and learning",
    "jobs": "Jobs and work",
    "active_travel": "Active travel",
    "homes": "Warm and safe homes",
    "green_space": "Green and public space",
    "communities": "Strong communities",
    "regulation": "Regulation and licensing",
    "planning": "Planning and places",
    "food": "Food and weight",
    "tobacco_alcohol_drugs": "Tobacco, alcohol and drugs",
    "mental_health": "Mental health and wellbeing",
    "ageing": "Ageing well",
    "inequality": "Health inequality",
    "poverty": "Poverty and income",
    "social_care": "Social care",
    "community_safety": "Community safety",
    "climate": "Climate and air",
    "other": "Other",
}

EVIDENCE_WANTED: Final[Vocabulary] = {
    "published_research": "Published research",
    "guidance": "Guidance",
    "local_data": "Local data",
    "lived_experience": "Lived experience",
    "practitioner_knowledge": "What practitioners know",
}

METHODS: Final[Vocabulary] = {
    "systematic_review": "Systematic review",
    "qualitative": "Qualitative research",
    "quantitative": "Quantitative research",
    "mixed_methods": "Mixed methods",
    "realist": "Realist review or evaluation",
    "economic": "Economic evaluation",
    "participatory": "Participatory research",
    "process_evaluation": "Process evaluation",
    "outcome_evaluation": "Outcome evaluation",
    "data_analysis": "Data analysis",
    "modelling": "Modelling",
}

POPULATIONS: Final[Vocabulary] = {
    "early_years": "Early years",
    "children": "Children",
    "young_people": "Young people",
    "working_age": "Working-age adults",
    "older_people": "Older people",
    "whole_population": "Everyone",
}

BUDGET_BANDS: Final[Vocabulary] = {
    "none": "No money",
    "under_5k": "Under £5,000",
    "5k_to_20k": "£5,000 to £20,000",
    "20k_to_50k": "£20,000 to £50,000",
    "50k_to_250k": "£50,000 to £250,000",
    "over_250k": "Over £250,000",
    "not_known": "Not known yet",
}

PROCUREMENT_ROUTES: Final[Vocabulary] = {
    "exempt_research": "Exempt as research and development",
    "below_threshold": "Below the procurement threshold",
    "quotes": "Quotes",
    "grant": "Grant",
    "none": "None needed",
    "not_known": "Not known yet",
}

ORGANISATION_SHOWN: Final[Vocabulary] = {
    "named": "Universities see who is asking",
    "described": "Universities see a description only",
    "after_offer": "Universities see nothing until an offer",
}

DECLINE_REASONS: Final[Vocabulary] = {
    "no_capacity": "No capacity",
    "outside_expertise": "Outside our expertise",
    "too_short": "Too little time",
    "too_small": "Too small",
    "conflict": "Conflict of interest",
    "other": "Other",
}

REGIONS: Final[Vocabulary] = {
    "north_east": "North East",
    "north_west": "North West",
    "yorkshire_and_the_humber": "Yorkshire and The Humber",
    "east_midlands": "East Midlands",
    "west_midlands": "West Midlands",
    "east_of_england": "East of England",
    "london": "London",
    "south_east": "South East",
    "south_west": "South West",
    "scotland": "Scotland",
    "wales": "Wales",
    "northern_ireland": "Northern Ireland",
    "elsewhere": "Elsewhere",
}

ORGANISATION_KINDS: Final[Vocabulary] = {
    "council": "Council",
    "university": "University",
    "nhs": "NHS body",
    "third_sector": "Voluntary or community organisation",
    "funder": "Funder",
    "service": "This service",
    "other": "Other",
}

NATIONS: Final[Vocabulary] = {
    "england_and_wales": "England and Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
}

CHANNELS: Final[Vocabulary] = {
    "web": "Web form",
    "phone": "Phone",
    "email": "Email",
    "meeting": "Meeting",
    "event": "Event",
}

ENTRY_KINDS: Final[Vocabulary] = {
    "message": "Message",
    "call": "Call",
    "meeting": "Meeting",
    "post": "Post",
    "note": "Note",
}

VISIBILITIES: Final[Vocabulary] = {
    "back_stage": "Managers only",
    "enquirer": "The enquirer and managers",
    "universities": "Universities, the enquirer and managers",
}

CALL_ROUTES: Final[Vocabulary] = {
    "open": "Open call to partner universities",
    "direct": "Direct approach",
    "continuation": "Continuation of earlier work",
}

FUNDING_ROUTES: Final[Vocabulary] = {
    "funded": "Funded",
    "studentship": "Studentship or placement",
    "in_kind": "In kind",
}

PRODUCT_KINDS: Final[Vocabulary] = {
    "answer": "An answer, without a call",
    "review": "A review of what is known",
    "evaluation": "An evaluation",
    "placement": "A placement or studentship",
}

MONEY_KINDS: Final[Vocabulary] = {"cash": "Cash", "in_kind": "In kind"}

SIGNATURE_PARTIES: Final[Vocabulary] = {
    "commissioner": "Commissioner",
    "university": "University",
    "other": "Another party",
}

USES: Final[Vocabulary] = {
    "yes": "Yes, it was used",
    "planned": "Not yet, but we plan to",
    "no": "No",
    "cannot_say": "I cannot say",
}

USE_KINDS: Final[Vocabulary] = {
    "changed_decision": "It changed a decision",
    "changed_thinking": "It changed how we think",
    "supported_decision": "It supported a decision already made",
}

SATISFACTION: Final[Vocabulary] = {
    "5": "Very good",
    "4": "Good",
    "3": "Neither good nor poor",
    "2": "Poor",
    "1": "Very poor",
}

SHORTLIST_DECISIONS: Final[Vocabulary] = {
    "shortlisted": "Shortlisted",
    "passed_over": "Passed over",
}

PASSING_REASONS: Final[Vocabulary] = {
    "too_busy": "Too busy",
    "wrong_method": "Works by another method",
    "wrong_topic": "Works on another topic",
    "known_conflict": "A conflict we know of",
    "asked_too_often": "Asked too often already",
    "already_answered": "Has answered this already",
    "other": "Another reason",
}
"""Why somebody the ranking proposes is passed over for one brief."""

CAREER_STAGES: Final[Vocabulary] = {
    "student": "Research student",
    "early": "Early career",
    "mid": "Mid career",
    "senior": "Senior",
}

BRIEF_SECTIONS: Final[Vocabulary] = {
    "purpose": "Purpose and decision",
    "questions": "Questions in researchable form",
    "population_setting_place": "Population, setting and place",
    "scope": "Scope, and what is not wanted",
    "known": "What is known already",
    "methods": "Methods or evidence wanted",
    "outputs_audiences": "Outputs and audiences",
    "timescale": "Timescale and window",
    "budget_procurement": "Budget and procurement route",
    "data_access_time": "Data, access and the council's time",
    "users": "Who will use it and who could help them",
}

AGREEMENT_SECTIONS: Final[Vocabulary] = {
    "parties": "Parties",
    "roles": "Roles",
    "time_expected": "Time expected",
    "ground_rules": "Ground rules",
    "decision_rights": "Who decides what",
    "ip_background": "Background intellectual property",
    "ip_foreground": "Rights in what is made",
    "publication_terms": "Publication terms",
    "ethics_route": "Ethics route",
    "data_protection_route": "Data protection route",
}

FLAGS: Final[Vocabulary] = {
    "overdue": "Past its due date",
    "dormant": "Silent after every reminder",
    "unconfirmed": "Address not confirmed",
    "on_hold": "On hold",
    "hold_ended": "The hold has run out",
    "reopen_requested": "The enquirer wants it reopened",
    "question_waiting": "A university's question waits for an answer",
    "reply_by_passed": "Reply-by has passed: close or extend the call",
    "no_interest": "No university has offered a team",
    "late_interest": "Interest came in late",
    "offer_unanswered": "The offer's date has passed",
}
"""What stands out about an enquiry, always derived and never stored."""

NEEDS: Final[Vocabulary] = {
    "replied": "The enquirer answered",
    "to_publish": "Agreed, waiting to be published",
    "due_today": "Due today",
    "due_soon": "Due in the next five working days",
    "staff_date_due": "A date we set has come",
    "at_risk": "Too late for when it is needed",
    "tight": "Little time left before it is needed",
    "mail_failed": "A message could not be delivered",
} | FLAGS
"""What an enquiry may need of the team today: what stands out, and what only the desk looks at."""

REDACTED = "[Redacted]"
"""What stands where a text was destroyed."""
