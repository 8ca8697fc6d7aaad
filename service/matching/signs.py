"""Signs: phrases by which a text shows a method, a population or setting, a topic, or work done together.

Codes are the service's vocabularies (DOMAIN.md section 6); `SETTING` adds the places research is done in. The tables are
plain language on purpose: a manager can read why a paper counts as "economic".
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from service.matching.text import plain_words
from service.vocabulary import METHODS, POPULATIONS, TOPICS


class Kind(StrEnum):
    """What a sign is a sign of."""

    METHOD = "method"
    POPULATION = "population"
    TOPIC = "topic"
    TOGETHER = "together"


LABELS: Mapping[Kind, Mapping[str, str]] = {Kind.METHOD: METHODS, Kind.POPULATION: POPULATIONS, Kind.TOPIC: TOPICS}


class Sign(NamedTuple):
    """One recognised thing, for example (METHOD, "economic")."""

    kind: Kind
    code: str

    @property
    def label(self) -> str:
        """The vocabulary's label, or the code in words, as it stands within a sentence."""
        label = LABELS.get(self.kind, {}).get(self.code, self.code.replace("_", " "))
        return label[:1].lower() + label[1:]


PHRASES: Mapping[Kind, Mapping[str, Sequence[str]]] = {
    Kind.METHOD: {
        "systematic_review": (
            "systematic review", "meta-analysis", "scoping review", "umbrella review", "rapid review",
            "evidence synthesis", "evidence map", "literature review", "systematic search",
        ),
        "qualitative": (
            "qualitative", "interviews", "focus group", "thematic analysis", "framework analysis", "ethnography",
            "ethnographic", "lived experience", "grounded theory", "narrative analysis",
        ),
        "quantitative": (
            "quantitative", "regression", "cohort", "cross-sectional", "survey", "randomised", "longitudinal",
            "time series", "case-control",
        ),
        "mixed_methods": ("mixed methods", "mixed-method", "multi-method"),
        "realist": ("realist", "context mechanism outcome", "programme theory"),
        "economic": (
            "economic evaluation", "cost-effectiveness", "cost effective", "cost-benefit", "cost utility", "health economics",
            "health economic", "health economist", "return on investment", "social return", "economic modelling", "QALY",
            "quality-adjusted life", "cost-consequence", "economic analysis", "economic appraisal", "economist",
        ),
        "participatory": (
            "participatory", "co-production", "coproduction", "co-produced", "co-produce", "co-design", "codesign", "co-designed", "peer research", "photovoice",
            "citizen science", "community-based participatory",
        ),
        "process_evaluation": ("process evaluation", "implementation evaluation", "fidelity", "normalisation process"),
        "outcome_evaluation": (
            "outcome evaluation", "impact evaluation", "randomised controlled", "controlled trial", "natural experiment",
            "quasi-experimental", "difference-in-differences", "difference in difference", "interrupted time series",
            "stepped wedge", "synthetic control", "regression discontinuity", "before and after study",
        ),
        "data_analysis": (
            "data analysis", "data linkage", "linked data", "routine data", "administrative data", "electronic health records",
            "secondary analysis", "data science", "spatial analysis", "geographical information",
        ),
        "modelling": (
            "modelling", "simulation", "microsimulation", "system dynamics", "agent-based", "machine learning", "forecasting",
            "mathematical model", "decision model",
        ),
    },
    Kind.POPULATION: {
        "early_years": (
            "early years", "infants", "toddlers", "preschool", "pre-school", "babies", "nursery", "under fives",
            "early childhood", "school readiness", "perinatal", "antenatal", "maternity", "breastfeeding",
        ),
        "children": ("children", "childhood", "pupils", "primary school", "paediatric"),
        "young_people": ("young people", "adolescents", "adolescence", "teenagers", "youth", "young adults", "secondary school"),
        "working_age": ("working age", "working-age", "employees", "workforce", "workplace", "employment"),
        "older_people": (
            "older people", "older adults", "later life", "ageing", "elderly", "dementia", "frailty", "care homes",
            "over 65", "pensioners",
        ),
        "care_homes": ("care homes", "residential care", "nursing homes"),
        "schools": ("schools", "classroom", "school-based"),
        "primary_care": ("primary care", "general practice", "GP practices"),
        "hospital": ("hospitals", "emergency department", "A&E", "inpatient", "acute care"),
        "community_settings": ("community-based", "community centres", "voluntary sector", "third sector"),
        "prison": ("prisons", "prisoners", "criminal justice", "probation"),
        "rural": ("rural", "coastal", "remote communities"),
        "urban": ("urban", "inner city", "cities"),
        "homelessness": ("homeless", "homelessness", "rough sleeping", "rough sleepers"),
        "ethnic_minorities": ("ethnic minority", "minority ethnic", "ethnic minorities", "BAME", "racism", "Gypsy Roma Traveller"),
        "disability": ("disabled people", "disability", "learning disability", "learning disabilities", "autism", "SEND"),
        "carers": ("carers", "unpaid care", "caregivers"),
        "migrants": ("migrants", "refugees", "asylum seekers"),
        "women": ("women", "maternal", "pregnancy", "pregnant"),
        "lgbt": ("LGBT", "LGBTQ", "transgender", "sexual minority"),
    },
    Kind.TOPIC: {
        "best_start": ("early years", "school readiness", "breastfeeding", "perinatal", "infants", "early childhood", "family hubs", "health visiting"),
        "schools": ("schools", "pupils", "school attendance", "educational attainment"),
        "jobs": ("employment", "unemployment", "employability", "job quality", "workplace", "labour market", "workforce"),
        "active_travel": ("active travel", "cycling", "walking", "physical activity", "commuting", "low traffic"),
        "homes": ("housing", "cold homes", "warm homes", "fuel poverty", "retrofit", "energy efficiency", "damp", "homelessness", "tenants"),
        "green_space": ("green space", "greenspace", "parks", "public space", "natural environment", "nature-based", "blue space"),
        "communities": ("community development", "community assets", "social isolation", "loneliness", "volunteering", "social capital", "social prescribing"),
        "regulation": ("licensing", "regulatory services", "trading standards", "environmental health", "advertising restrictions", "food hygiene"),
        "planning": ("spatial planning", "urban planning", "healthy new town", "built environment", "neighbourhood", "town planning", "local plan"),
        "food": ("food", "diet", "obesity", "nutrition", "healthy weight", "school meals", "takeaway", "food insecurity"),
        "tobacco_alcohol_drugs": ("tobacco", "smoking", "smokers", "vaping", "alcohol", "drinkers", "drug use", "drug misuse", "illicit drugs", "substance use", "substance misuse", "opioids"),
        "mental_health": ("mental health", "wellbeing", "well-being", "depression", "anxiety", "suicide", "self-harm", "psychological distress"),
        "ageing": ("ageing", "older people", "older adults", "dementia", "frailty", "falls prevention", "later life"),
        "inequality": ("inequality", "inequalities", "inequity", "health equity", "deprivation", "social determinants", "disparities"),
        "poverty": ("poverty", "Universal Credit", "welfare reform", "low income", "debt", "cost of living", "social security", "food banks"),
        "social_care": ("social care", "social work", "care homes", "safeguarding", "looked-after children", "unpaid carers"),
        "community_safety": ("violence", "domestic abuse", "crime", "policing", "antisocial behaviour", "road safety", "offending"),
        "climate": ("climate", "air pollution", "air quality", "net zero", "carbon emissions", "flooding", "heatwave"),
    },
    Kind.TOGETHER: {
        "co_production": (
            "co-production", "coproduction", "co-produced", "co-design", "codesign", "co-designed", "co-created", "co-creation", "embedded researcher",
            "researcher in residence", "public involvement", "patient and public involvement", "participatory action",
            "community-based participatory", "knowledge exchange", "with local authorities", "local authority partners",
        ),
    },
}  # fmt: skip


TOGETHER = Sign(Kind.TOGETHER, "co_production")

BITS: Mapping[Sign, int] = {
    sign: place
    for place, sign in enumerate(sorted(Sign(kind, code) for kind, codes in PHRASES.items() for code in codes))
}
"""The place of each sign that has phrases in a number of 64 bits."""


def bits_of(signs: Iterable[Sign]) -> int:
    """The signs that have phrases, as the bits of one number."""
    return sum(1 << BITS[sign] for sign in set(signs) if sign in BITS)


def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], Sign]]]:
    table: dict[str, list[tuple[tuple[str, ...], Sign]]] = {}
    for kind, codes in PHRASES.items():
        for code, phrases in codes.items():
            for phrase in phrases:
                sequence = tuple(plain_words(phrase))
                table.setdefault(sequence[0], []).append((sequence, Sign(kind, code)))
    return table


BY_FIRST_WORD = _by_first_word()


def signs_in(text: str) -> frozenset[Sign]:
    """Every sign a text shows."""
    found = plain_words(text)
    return frozenset(
        sign
        for place, word in enumerate(found)
        for sequence, sign in BY_FIRST_WORD.get(word, ())
        if tuple(found[place : place + len(sequence)]) == sequence
    )


def sign_named(kind: Kind, name: str) -> Sign:
    """The sign a code or a free wording stands for: a known code as it is, a wording by its phrases, else itself."""
    code = "_".join(name.casefold().replace("-", " ").replace("_", " ").split())
    if code in PHRASES[kind]:
        return Sign(kind, code)
    shown = sorted(sign for sign in signs_in(name) if sign.kind is kind)
    return shown[0] if shown else Sign(kind, code)
