"""A small invented researcher directory and a way to make more of it: what the matching tests search."""

from datetime import date
from typing import Any

from service.matching import Publication, ResearcherProfile

TODAY = date(2026, 11, 22)


def paper(title: str, abstract: str = "", year: int | None = 2024, key: str = "") -> Publication:
    """A publication known by its title unless a key is given."""
    return Publication(id=key or title, title=title, abstract=abstract, year=year)


def researcher(key: str, *publications: Publication, **facts: Any) -> ResearcherProfile:
    """Somebody with ten free days, at a university (Tyne unless told), with these publications; any other fact by name."""
    university = facts.pop("university", "Tyne")
    known = {"name": key.title(), "university_id": university.lower(), "capacity_days": 10} | facts
    return ResearcherProfile(id=key, university=university, publications=publications, **known)


RETROFIT = paper(
    "Energy retrofit of social housing and emergency admissions",
    "A natural experiment of home insulation, damp and respiratory admissions among tenants, with routine data.",
)
COLD_HOMES = paper(
    "Living with fuel poverty", "Interviews with older people in cold homes about heating, damp and debt.", 2021
)
WARM_COSTS = paper(
    "Cost-effectiveness of warm homes schemes", "An economic evaluation of insulation and heating grants.", 2025
)
SCHOOL_FOOD = paper(
    "Universal breakfast in primary schools", "A process evaluation of school meals with pupils and parents.", 2023
)
ADVERTS = paper(
    "Restricting outdoor advertising of unhealthy food", "A realist review of advertising restrictions.", 2022
)
VIOLENCE = paper("Serious violence and policing", "A time series of knife crime in towns.", 2020)

DIRECTORY = (
    researcher(
        "ada", RETROFIT, WARM_COSTS, methods=("economic",), topics=("homes",), keywords=("housing", "fuel poverty")
    ),
    researcher(
        "ben",
        COLD_HOMES,
        university="Wear",
        statement="I study damp homes and health with tenants.",
        methods=("qualitative",),
    ),
    researcher(
        "cat", SCHOOL_FOOD, university="Tees", statement="School food and child health.", topics=("food", "schools")
    ),
    researcher("dan", ADVERTS, university="Tees", methods=("realist", "systematic_review"), topics=("food",)),
    researcher("eve", VIOLENCE, university="Wear", topics=("community_safety",)),
)
