"""Invented questions on real, published topics (DOMAIN.md section 7)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, with how a manager would class it. `{place}` is where they ask it."""

    text: str
    purpose: str
    topics: tuple[str, ...]
    enquiry_type: str
    methods: tuple[str, ...] = ()
    population: tuple[str, ...] = ("whole_population",)


QUESTIONS = (
    Question("How could we evaluate our Healthy New Town programme in {place}, and what would be realistic to measure?",
             "Decide whether to extend the programme to a second site.", ("planning", "communities"),
             "rapid_evaluation", ("mixed_methods",)),
    Question("What works to get children aged 0 to 3 ready for school, and which of it could we start next year?",
             "Write the early years strategy.", ("best_start", "schools"), "evidence_review", ("systematic_review",),
             ("early_years",)),
    Question("Is our Live Well service making a difference, and could a researcher be embedded with the team?",
             "Recommission the service.", ("mental_health", "communities"), "rapid_evaluation", ("process_evaluation",)),
    Question("Does energy retrofit of social housing cut GP and A&E visits in {place}?",
             "Bid for a second phase of retrofit.", ("homes", "poverty"), "rapid_evaluation",
             ("economic", "outcome_evaluation")),
    Question("Does social prescribing help people with long-term conditions, and who drops out?",
             "Decide the contract for link workers.", ("communities", "mental_health"), "evidence_review",
             ("realist", "qualitative"), ("working_age", "older_people")),
    Question("Can you help with something on sport for young people?",
             "Not sure yet.", ("active_travel",), "not_sure", (), ("young_people",)),
    Question("What are the health effects of Universal Credit on our residents? We began by asking about childhood "
             "obesity.", "Brief the cabinet member.", ("poverty", "jobs"), "research_support", ("qualitative",),
             ("working_age",)),
    Question("Does our new employability service work for people who are off sick?",
             "Decide whether to continue funding.", ("jobs",), "rapid_evaluation", ("outcome_evaluation",),
             ("working_age",)),
    Question("What were the health effects of the pandemic changes to our streets and squares?",
             "Decide which changes to keep.", ("green_space", "active_travel"), "evidence_review",
             ("data_analysis", "qualitative")),
    Question("Do universal breakfasts and school meals improve attendance and learning?",
             "Prepare the budget round.", ("schools", "food"), "evidence_review", ("outcome_evaluation",), ("children",)),
    Question("Would restricting outdoor advertising of unhealthy food change what people buy in {place}?",
             "Draft an advertising policy.", ("food", "regulation"), "evidence_review", ("realist",)),
    Question("What are the health risks of tattooing and piercing? Licensing starts in the spring.",
             "Write licence conditions before the scheme starts.", ("regulation",), "evidence_review",
             ("systematic_review",)),
    Question("What are successful models of health and social care redesign?",
             "Inform a transformation programme.", ("social_care",), "evidence_review", ("systematic_review",),
             ("older_people",)),
    Question("Which messages help people stop vaping without going back to smoking?",
             "Redesign stop smoking support.", ("tobacco_alcohol_drugs",), "evidence_review", (), ("young_people",)),
    Question("How many people in {place} are at risk of loneliness, and where do they live?",
             "Target a small grants scheme.", ("communities", "ageing"), "data_and_measurement", ("data_analysis",),
             ("older_people",)),
    Question("What should we measure to know whether our falls classes work?",
             "Specify the new contract.", ("ageing",), "evaluation_advice", (), ("older_people",)),
    Question("Is there evidence that 20 mph limits reduce injuries in small towns?",
             "Answer a scrutiny committee.", ("active_travel", "community_safety"), "evidence_review",
             ("systematic_review",)),
    Question("Could a university partner join our bid for a drug and alcohol innovation grant?",
             "Submit the bid.", ("tobacco_alcohol_drugs",), "bid_support", ("mixed_methods",), ("working_age",)),
    Question("How do we evaluate a trauma-informed approach across a police force?",
             "Report to the partnership board.", ("community_safety",), "rapid_evaluation", ("process_evaluation",)),
    Question("Do warm spaces reach the people who need them most?",
             "Decide on funding for next winter.", ("poverty", "homes"), "rapid_evaluation", ("qualitative",),
             ("older_people",)),
    Question("What do we know about damp, mould and children's asthma in private rented homes?",
             "Prepare selective licensing.", ("homes", "regulation"), "evidence_review", ("systematic_review",),
             ("children",)),
    Question("Is green prescribing worth commissioning for mild depression?",
             "Decide whether to commission.", ("green_space", "mental_health"), "evidence_review", ("economic",),
             ("working_age",)),
    Question("What are the inequalities in access to our NHS health checks?",
             "Change how invitations are sent.", ("inequality",), "data_and_measurement", ("data_analysis",),
             ("working_age",)),
    Question("Could you run a session on writing theories of change for our team?",
             "Improve our own evaluations.", ("other",), "knowledge_exchange_event"),
    Question("Who is doing research on school streets that we could join?",
             "Find a partner.", ("active_travel", "schools"), "find_collaborator", (), ("children",)),
    Question("Does mentoring for care leavers improve their health and housing?",
             "Recommission the service.", ("social_care", "homes"), "rapid_evaluation", ("outcome_evaluation",),
             ("young_people",)),
    Question("What is the effect of takeaway planning limits near schools?",
             "Defend a local plan policy.", ("planning", "food"), "evidence_review", ("quantitative",), ("children",)),
    Question("How good is the evidence for whole-school approaches to mental health?",
             "Advise head teachers.", ("schools", "mental_health"), "evidence_review", ("systematic_review",),
             ("children", "young_people")),
    Question("Can peer support reduce drug related deaths after release from prison?",
             "Plan a pilot.", ("tobacco_alcohol_drugs", "community_safety"), "research_support", ("qualitative",)),
    Question("How should we evaluate our food partnership, and over how long?",
             "Report to funders.", ("food", "poverty"), "evaluation_advice", ("participatory",)),
    Question("What helps people with severe mental illness to be physically active?",
             "Commission a new offer.", ("mental_health", "active_travel"), "evidence_review", ("realist",)),
    Question("Does our clean air zone change asthma admissions?",
             "Review the zone after two years.", ("climate",), "rapid_evaluation", ("modelling",)),
    Question("How do other areas involve residents in setting public health budgets?",
             "Design a participatory budget.", ("communities",), "evidence_review", ("participatory",)),
    Question("What do we know about gambling harm among young men in {place}?",
             "Prepare a needs assessment.", ("regulation", "mental_health"), "data_and_measurement", (),
             ("young_people", "working_age")),
    Question("Is the baby box scheme worth repeating?",
             "Decide on a second year.", ("best_start",), "rapid_evaluation", ("economic",), ("early_years",)),
    Question("Could somebody check our survey on cycling before it goes out?",
             "Improve a survey.", ("active_travel",), "evaluation_advice"),
    Question("What does the evidence say about co-locating welfare advice in GP practices?",
             "Write a business case.", ("poverty", "mental_health"), "evidence_review", ("economic",)),
    Question("How can we reach farmers about mental health?",
             "Plan a campaign.", ("mental_health", "communities"), "research_support", ("participatory",)),
    Question("What works to increase breastfeeding in areas where few start?",
             "Renew the infant feeding plan.", ("best_start", "inequality"), "evidence_review", ("systematic_review",),
             ("early_years",)),
    Question("Would a minimum distance between betting shops improve health?",
             "Respond to a consultation.", ("regulation", "planning"), "evidence_review"),
)  # fmt: skip

ANSWERS = (
    (
        "Two recent systematic reviews already answer most of this. In short: the effect is real but small, it is larger "
        "where people helped to design the service, and it fades within two years without follow-up. The attached notes "
        "list five things to copy and two to avoid."
    ),
    (
        "National guidance covers this and was updated this year. The three recommendations that apply to you are set out "
        "below with their strength, and a colleague in another council is happy to talk about how they put them in place."
    ),
    (
        "The question has a good local answer: the data are already published each quarter. Here is where to find them, how "
        "to read the intervals, and why your area's last figure should not be compared with the one before."
    ),
)
