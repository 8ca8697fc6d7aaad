"""Who takes part in the invented year: real organisations, invented people at example domains."""

from dataclasses import dataclass

NORTH_EAST_COUNCILS = (
    "Durham County Council",
    "Northumberland County Council",
    "Newcastle City Council",
    "Gateshead Council",
    "North Tyneside Council",
    "South Tyneside Council",
    "Sunderland City Council",
    "Hartlepool Borough Council",
    "Stockton-on-Tees Borough Council",
    "Middlesbrough Council",
    "Redcar and Cleveland Borough Council",
    "Darlington Borough Council",
)


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation with its kind, sector and region."""

    name: str
    kind: str
    sector: str
    area: str = "north_east"


OTHER_BODIES = (
    Body("Leeds City Council", "council", "council_public_health", "yorkshire_and_the_humber"),
    Body("Cumberland Council", "council", "council_public_health", "north_west"),
    Body("Lancashire County Council", "council", "council_public_health", "north_west"),
    Body("Glasgow City Council", "council", "council_public_health", "scotland"),
    Body("North East Combined Authority", "other", "combined_authority"),
    Body("North East and North Cumbria Integrated Care Board", "nhs", "integrated_care_board"),
    Body("Invented Hospitals Trust", "nhs", "nhs"),
    Body("Invented Community Health Trust", "nhs", "nhs"),
    Body("Riverside Advice (invented)", "third_sector", "third_sector"),
    Body("Northern Families (invented)", "third_sector", "third_sector"),
    Body("Warm Homes Together (invented)", "third_sector", "third_sector"),
    Body("Active Coast (invented)", "third_sector", "third_sector"),
    Body("Invented Police Service", "other", "police_fire"),
    Body("Invented Fire and Rescue Service", "other", "police_fire"),
    Body("Invented Further Education College", "other", "academic"),
    Body("Invented School of Health", "other", "academic"),
    Body("Invented Research Institute", "other", "academic"),
    Body("Invented Employability Company", "other", "business"),
)

UNIVERSITIES = (
    "Durham University",
    "Newcastle University",
    "Northumbria University",
    "University of Sunderland",
    "Teesside University",
    "University of Cumbria",
)

MANAGERS = (
    ("Robin Ashworth", "robin.ashworth@service.example", "service_lead"),
    ("Sam Okafor", "sam.okafor@service.example", "manager"),
)

ENQUIRERS = (
    "Aisha Rahman", "Ben Carlisle", "Carys Hughes", "Daniel Foster", "Eilidh Grant", "Farah Siddiqui", "George Tait",
    "Hannah Peel", "Imran Malik", "Jess Robson", "Kofi Mensah", "Laura Hindmarsh", "Marek Nowak", "Niamh Doyle",
    "Oliver Stokoe", "Priya Nair", "Rachel Dunn", "Samuel Bright", "Tara Whitfield", "Umar Sheikh", "Vicky Lowther",
    "Will Charlton", "Yasmin Aziz", "Zoe Armstrong",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """An invented researcher of one of the universities (by place in `UNIVERSITIES`)."""

    name: str
    university: int
    statement: str
    keywords: tuple[str, ...]
    methods: tuple[str, ...]
    topics: tuple[str, ...]
    capacity_days: int
    career_stage: str
    publications: tuple[tuple[str, int], ...]


RESEARCHERS = (
    Profile("Dr Alice Merrow", 0, "I evaluate early years services with the families who use them.",
            ("school readiness", "early years", "families"), ("mixed_methods", "process_evaluation"),
            ("best_start", "schools"), 40, "mid",
            (("Getting ready for school: what families say about early years support", 2024),
             ("Process evaluation of a home visiting programme for children under three", 2022))),
    Profile("Professor Tom Ridley", 1, "Food environments, advertising and weight.",
            ("food environment", "advertising", "obesity"), ("realist", "quantitative"), ("food", "regulation"), 25,
            "senior",
            (("Restricting outdoor advertising of unhealthy food: a realist review", 2023),
             ("Takeaway density and weight in North East neighbourhoods", 2021))),
    Profile("Dr Nadia Bell", 1, "Economic evaluation of housing and health programmes.",
            ("housing", "cold homes", "cost effectiveness"), ("economic", "quantitative", "outcome_evaluation"),
            ("homes", "poverty"), 30, "mid",
            (("Warmer homes and emergency attendances: an economic evaluation of retrofit", 2024),
             ("Fuel poverty, respiratory admissions and insulation", 2020))),
    Profile("Dr Joe Lister", 2, "Social prescribing and long-term conditions.",
            ("social prescribing", "long-term conditions", "link workers"), ("qualitative", "realist"),
            ("communities", "mental_health"), 35, "early",
            (("What link workers do: social prescribing for people with long-term conditions", 2025),)),
    Profile("Professor Grace Ogden", 2, "Physical activity and young people.",
            ("sport", "physical activity", "adolescents"), ("mixed_methods", "outcome_evaluation"),
            ("active_travel", "green_space"), 20, "senior",
            (("Sport as a route into activity for young people who dislike sport", 2023),
             ("Active travel to school after street closures", 2022))),
    Profile("Dr Hugh Trevelyan", 3, "Work, benefits and health.",
            ("Universal Credit", "employment", "mental health"), ("qualitative", "participatory"),
            ("jobs", "poverty", "mental_health"), 30, "mid",
            (("Universal Credit and the health of claimants and staff", 2022),
             ("Employability services for people with health conditions: what works for whom", 2024))),
    Profile("Dr Sade Coker", 3, "Licensing and public protection.",
            ("tattooing", "piercing", "infection"), ("systematic_review", "qualitative"),
            ("regulation", "community_safety"), 20, "early",
            (("Infection risks of tattooing and piercing: a rapid review", 2023),)),
    Profile("Dr Ellen Fairbairn", 4, "Alcohol and drug treatment systems.",
            ("alcohol", "drug deaths", "treatment"), ("data_analysis", "qualitative"),
            ("tobacco_alcohol_drugs",), 25, "mid",
            (("Alcohol care teams and readmission: linked data from six hospitals", 2024),
             ("Preventing drug related deaths in small towns", 2021))),
    Profile("Professor Idris Vaughan", 4, "Ageing, falls and social care redesign.",
            ("ageing", "falls", "integrated care"), ("systematic_review", "economic"), ("ageing", "social_care"), 15,
            "senior",
            (("Models of integrated health and social care for older people: a systematic review", 2020),
             ("Strength and balance classes: reach and cost", 2023))),
    Profile("Dr Mina Castell", 0, "School food and child poverty.",
            ("breakfast clubs", "free school meals"), ("outcome_evaluation", "mixed_methods"),
            ("schools", "food", "poverty"), 30, "early",
            (("Universal breakfast provision and attendance: a natural experiment", 2025),)),
    Profile("Dr Peter Sandham", 5, "Rural health and access.",
            ("rural", "transport", "loneliness"), ("participatory", "qualitative"), ("ageing", "communities"), 25,
            "mid",
            (("Loneliness and transport in rural Cumbria", 2022),)),
    Profile("Dr Lucy Arden", 5, "Nature and mental health.",
            ("green prescribing", "nature"), ("mixed_methods",), ("green_space", "mental_health", "climate"), 30,
            "early",
            (("Green prescribing in practice: who comes, who stays", 2024),)),
    Profile("Dr Rafael Soto", 1, "Modelling of air quality and transport policy.",
            ("air quality", "clean air zone"), ("modelling", "data_analysis"), ("climate", "active_travel"), 20, "mid",
            (("Clean air zones and asthma admissions: a modelling study", 2023),)),
    Profile("Dr Bethan Price", 2, "Domestic abuse and community safety.",
            ("domestic abuse", "police", "trauma"), ("qualitative", "process_evaluation"),
            ("community_safety", "mental_health"), 25, "mid",
            (("Perpetrator programmes: process and outcome", 2022),)),
)  # fmt: skip
