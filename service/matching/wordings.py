"""The words of the same meaning that a new installation starts with: one group a line, by its code.

A search for one wording of a group finds texts that use another. What stands here is what councils write, what papers write
and the acronyms of both; an installation adds, changes and leaves out groups in its settings.
"""

from collections.abc import Mapping

DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "accident_and_emergency": ("A&E", "emergency department", "emergency admissions", "casualty department"),
    "active_travel": ("active travel", "walking and cycling"),
    "adverse_childhood_experiences": ("ACEs", "adverse childhood experiences", "childhood adversity"),
    "air_quality": ("air pollution", "air quality", "particulate matter"),
    "alcohol": ("drinking", "alcohol"),
    "breastfeeding": ("breastfeeding", "infant feeding"),
    "cannabis": ("cannabis", "marijuana"),
    "carers": ("carers", "caregivers"),
    "child_protection": ("child protection", "safeguarding children"),
    "chronic_obstructive_pulmonary_disease": ("COPD", "chronic obstructive pulmonary disease"),
    "climate": ("net zero", "decarbonisation", "carbon emissions"),
    "domestic_abuse": ("domestic abuse", "domestic violence", "intimate partner violence"),
    "drug_misuse": ("drug misuse", "substance misuse", "substance use", "illicit drugs"),
    "falls": ("falls prevention", "slips and trips"),
    "fast_food": ("takeaways", "hot food takeaways", "fast food outlets"),
    "food_poverty": ("food poverty", "food insecurity", "food banks"),
    "fuel_poverty": ("fuel poverty", "cold homes", "warm homes"),
    "general_practice": ("general practice", "primary care", "GP surgeries"),
    "green_space": ("green space", "parks", "greenspace"),
    "gypsy_roma_traveller": ("GRT", "Gypsy, Roma and Traveller"),
    "health_inequalities": ("health inequalities", "health inequities", "health equity", "health disparities"),
    "health_visiting": ("health visiting", "health visitors"),
    "homelessness": ("homelessness", "rough sleeping", "temporary accommodation"),
    "houses_in_multiple_occupation": ("HMOs", "houses in multiple occupation"),
    "housing": ("housing", "homes"),
    "insulation": ("insulation", "retrofit", "energy efficiency"),
    "integrated_care": ("ICB", "integrated care board"),
    "leisure": ("leisure centres", "exercise facilities"),
    "loneliness": ("loneliness", "social isolation"),
    "looked_after_children": ("looked-after children", "children in care", "care-experienced"),
    "low_traffic_neighbourhoods": ("LTNs", "low traffic neighbourhoods", "school streets"),
    "mental_health_services": ("CAMHS", "child and adolescent mental health services"),
    "obesity": ("obesity", "healthy weight", "overweight"),
    "older_people": ("older people", "older adults", "elderly"),
    "personal_social_education": ("PSHE", "personal, social, health and economic education"),
    "physical_activity": ("physical activity", "exercise", "sport"),
    "pupils": ("pupils", "schoolchildren"),
    "randomised_trials": ("RCT", "randomised controlled trial"),
    "school_absence": ("school absence", "school attendance", "truancy"),
    "self_harm": ("self-harm", "self-injury"),
    "sexual_health": ("STIs", "sexually transmitted infections"),
    "smoking": ("smoking", "tobacco", "cigarettes"),
    "social_prescribing": ("social prescribing", "link workers"),
    "special_educational_needs": ("SEND", "SEN", "special educational needs"),
    "teenagers": ("teenagers", "adolescents", "young people"),
    "unemployment": ("unemployment", "worklessness", "joblessness"),
    "universal_credit": ("Universal Credit", "UC", "welfare reform"),
    "vaccination": ("vaccination", "immunisation", "jabs"),
    "vaping": ("vaping", "e-cigarettes", "vapes"),
    "voluntary_sector": ("VCSE", "voluntary sector", "third sector"),
}


def merged(changed: Mapping[str, tuple[str, ...] | None]) -> dict[str, tuple[str, ...]]:
    """The groups as they stand: the defaults with those changed or added in their place, and those left out (None) gone."""
    every = {**DEFAULTS, **changed}
    return {code: every[code] or () for code in sorted(every) if every[code] is not None}
