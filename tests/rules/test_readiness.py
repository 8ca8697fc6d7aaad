"""Readiness points at what is missing, weak, misread or out of reach, and is silent about a brief that is ready."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.vocabulary import BRIEF_SECTIONS, BUDGET_BANDS, ENQUIRY_TYPES, METHODS
from service.workflows.jargon import COUNCILS, RESEARCHERS, TERMS, find_jargon
from service.workflows.products import BANDS, LADDER, PRODUCTS, wanted_product, within
from service.workflows.readiness import Advice, Circumstances, advise

KNOWN = Circumstances(organisation_shown="named")
READY = {
    "purpose": "Cabinet decides in March whether to extend the warm homes scheme to two more wards.",
    "questions": (
        "Do tenants of homes with new insulation visit their GP less often than before?\n"
        "What did the work cost for each household?"
    ),
    "population_setting_place": "Tenants of council homes in Gateshead, most of them over 65.",
    "scope": "Council homes only. Not private landlords, and no new survey.",
    "known": "Two national reports on damp and breathing, from 2019 and 2022.",
    "methods": "Comparing homes before and after; the choice is left to the researchers.",
    "outputs_audiences": "A two-page summary for cabinet and a talk for housing officers.",
    "timescale": "Something usable by 12 February, because papers close on the 14th.",
    "budget_procurement": "Up to £15,000, below the threshold for a tender.",
    "data_access_time": "Repairs records, from the housing team; four days of an analyst's time.",
    "users": "The head of housing, with help from the director of public health.",
}


def on(section: str | None, found: tuple[Advice, ...]) -> list[Advice]:
    return [advice for advice in found if advice.section == section]


def about(section: str, text: str, known: Circumstances = KNOWN) -> list[str]:
    return [advice.message for advice in on(section, advise({**READY, section: text}, known))]


def test_a_brief_that_is_ready_needs_no_advice() -> None:
    assert advise(READY, KNOWN) == ()


def test_an_empty_brief_is_told_about_every_section_in_order() -> None:
    found = advise({}, KNOWN)

    assert [advice.section for advice in found] == list(BRIEF_SECTIONS)
    assert [advice.section for advice in found if advice.level == "needed"] == ["purpose", "questions"]
    assert all(advice.message.endswith("is empty.") and advice.suggestion for advice in found)


@pytest.mark.parametrize("section", BRIEF_SECTIONS)
@pytest.mark.parametrize(
    "text", ["TBC", "tbc.", "n/a", "N/A", "To be confirmed", "To follow.", "Don't know yet", "??", "-"]
)
def test_a_placeholder_is_not_an_answer(section: str, text: str) -> None:
    assert about(section, text)[0] == f"“{BRIEF_SECTIONS[section]}” is still open."


@pytest.mark.parametrize(
    ("section", "text", "message"),
    [
        ("purpose", "To learn more.", "“Purpose and decision” is only a few words."),
        (
            "purpose",
            "We would like to understand loneliness among older people better.",
            "It does not say what will be decided with the answer.",
        ),
        ("scope", "Everything about homes now in the north of the borough.", "It does not say what is not wanted."),
        ("timescale", "As soon as possible, please.", "It names no date, and does not say that there is none."),
        ("budget_procurement", "Some funds may be found.", "It names no sum, and does not say that there is none."),
        ("users", "Officers", "“Who will use it and who could help them” is only a few words."),
    ],
)
def test_a_weak_section_is_told_what_it_lacks(section: str, text: str, message: str) -> None:
    assert message in about(section, text)


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("scope", "Council homes only."),
        ("scope", "We don't need a survey of landlords."),
        ("timescale", "No fixed date."),
        ("timescale", "Before Easter if possible."),
        ("budget_procurement", "No money at all."),
        ("budget_procurement", "£15,000 at most"),
        ("budget_procurement", "A student's time, in kind."),
    ],
)
def test_a_plain_answer_is_enough(section: str, text: str) -> None:
    assert about(section, text) == []


NOBODY = "The question does not say whom it is about."
NOTHING = "The question does not say what should come of it."


@pytest.mark.parametrize(
    ("question", "lacks"),
    [
        ("Does energy retrofit of housing cut GP and A&E visits?", [NOBODY]),
        ("Which schemes for care leavers exist elsewhere?", [NOTHING]),
        ("What are the health risks of tattooing before licensing starts?", [NOBODY]),
        ("Universal breakfast and school meals", [NOBODY, NOTHING]),
        ("Do free breakfasts improve attendance among primary pupils?", []),
        ("What are the effects of Universal Credit on residents?", []),
    ],
)
def test_a_question_says_whom_it_is_about_and_what_should_come_of_it(question: str, lacks: list[str]) -> None:
    sections = {**READY, "questions": question, "population_setting_place": "Places across the whole borough."}

    assert [advice.message for advice in on("questions", advise(sections, KNOWN))] == lacks


def test_people_named_elsewhere_count_for_every_question() -> None:
    vague = {
        **READY,
        "questions": "Does the scheme work here, and why?",
        "population_setting_place": "Places across the borough.",
    }

    assert NOBODY in [a.message for a in advise(vague, KNOWN)]
    assert advise(vague, replace(KNOWN, population=("older_people",))) == ()
    assert advise({**vague, "population_setting_place": "Pupils in the borough's schools."}, KNOWN) == ()


def test_each_of_several_questions_is_looked_at() -> None:
    found = about("questions", "Do pupils attend more often?\nWhich schools are there?")

    assert found == ["Question 2 does not say what should come of it."]


def test_contact_details_are_pointed_at_because_they_stop_the_sending() -> None:
    found = on("users", advise({**READY, "users": "Ask Sam in housing, 0191 498 0000."}, KNOWN))

    assert [(advice.level, advice.message) for advice in found] == [
        ("needed", "“Who will use it and who could help them” holds contact details: 0191 498 0000.")
    ]


def test_what_universities_may_be_told_has_to_be_known() -> None:
    found = advise(READY, replace(KNOWN, organisation_shown=None))

    assert [(advice.section, advice.level) for advice in found] == [(None, "needed")]


# ---------------------------------------------------------------------------------------------------------------- jargon
def test_both_sides_have_their_jargon_and_each_word_a_plain_one() -> None:
    words = [term.word for term in TERMS]

    assert len(words) == len(set(words)) >= 25
    for side in (COUNCILS, RESEARCHERS):
        assert sum(term.misread_by == side for term in TERMS) >= 10
    assert all(term.plain and not term.plain.endswith(".") for term in TERMS)
    assert {"intervention", "RCT", "PICO", "JSNA", "co-production", "section 106"} <= set(words)


@pytest.mark.parametrize("word", [term.word for term in TERMS])
def test_every_term_is_found_inside_a_sentence(word: str) -> None:
    assert word in [term.word for term in find_jargon(f"We need a {word}, soon.")]


def test_jargon_is_pointed_at_once_with_a_plain_word() -> None:
    sections = {
        **READY,
        "known": "An RCT of the intervention, in the JSNA.",
        "methods": "Another RCT of an intervention.",
    }

    found = [advice for advice in advise(sections, KNOWN) if advice.level == "wording"]

    assert [(advice.section, advice.message) for advice in found] == [
        ("known", "“intervention” may be read otherwise, or not at all, by people in councils."),
        ("known", "“RCT” may be read otherwise, or not at all, by people in councils."),
        ("known", "“JSNA” may be read otherwise, or not at all, by researchers."),
    ]
    assert found[0].suggestion == "Say it plainly: the programme, service or change being looked at."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Interventions and RCTs", ["intervention", "RCT"]),
        ("coproduction, co production and Co-Production", ["co-production"]),
        ("a Section  106 agreement", ["section 106"]),
        ("please send it to me", []),
        ("a realistic plan", []),
        ("the index of multiple deprivation (IMD), and the IMD again", []),
        ("interventional", []),
    ],
)
def test_a_word_is_taken_whole(text: str, found: list[str]) -> None:
    assert [term.word for term in find_jargon(text)] == found


# ------------------------------------------------------------------------------------------------------ dates and budgets
def test_a_date_that_is_too_near_for_the_product_is_told_with_what_fits() -> None:
    found = advise(READY, replace(KNOWN, product="rapid_review", working_days_left=35))

    assert [(advice.section, advice.level) for advice in found] == [("timescale", "advised")]
    assert found[0].message == "The date leaves 35 working days, and a rapid review takes 60 to 90 working days."
    assert found[0].suggestion == "What fits is an evidence map (30 to 60 working days). Or agree a later date."


@pytest.mark.parametrize(("left", "when"), [(1, "leaves 1 working day,"), (0, "has come,"), (-3, "has come,")])
def test_when_nothing_is_quick_enough_only_a_later_date_helps(left: int, when: str) -> None:
    found = advise(READY, replace(KNOWN, product="advice_call", working_days_left=left))

    assert found[0].message.startswith(f"The date {when}")
    assert found[0].suggestion == "Nothing is as quick as that: agree a later date."


def test_a_budget_that_is_too_small_for_the_product_is_told_with_what_fits() -> None:
    found = advise(READY, replace(KNOWN, product="outcome_evaluation", budget_band="under_5k"))

    assert [(advice.section, advice.level) for advice in found] == [("budget_procurement", "advised")]
    assert found[0].message == (
        "The budget is “Under £5,000”, and an outcome or economic evaluation usually needs “£50,000 to £250,000” or more."
    )
    assert found[0].suggestion == (
        "What fits is the scoping of an evaluation (20 to 60 working days). Or look for more money first."
    )


@pytest.mark.parametrize(
    "known",
    [
        Circumstances(
            organisation_shown="named", product="rapid_review", working_days_left=60, budget_band="5k_to_20k"
        ),
        Circumstances(organisation_shown="named", product="rapid_review", budget_band="not_known"),
        Circumstances(organisation_shown="named", working_days_left=1, budget_band="none"),
        Circumstances(organisation_shown="named", enquiry_type="other", working_days_left=1, budget_band="none"),
    ],
)
def test_what_fits_or_is_not_known_needs_no_advice(known: Circumstances) -> None:
    assert advise(READY, known) == ()


# The ladder of DOMAIN.md section 4, in working days.
SPANS = {
    "advice_call": (5, 10), "existing_evidence": (5, 10), "rapid_summary": (10, 30), "evidence_map": (30, 60),
    "rapid_review": (60, 90), "evaluability_assessment": (20, 40), "evaluation_scoping": (20, 60),
    "process_evaluation": (90, 180), "outcome_evaluation": (180, 400), "systematic_review": (120, 360),
    "placement": (250, None),
}  # fmt: skip


def test_the_ladder_is_the_specifications() -> None:
    assert {product.code: (product.typical, product.long) for product in LADDER} == SPANS
    assert [product.typical for product in LADDER] == sorted(product.typical for product in LADDER)
    assert set(BANDS) == set(BUDGET_BANDS) - {"not_known"}
    assert PRODUCTS["placement"].duration == "250 or more working days"


@pytest.mark.parametrize(
    ("product", "methods", "enquiry_type", "wanted"),
    [
        ("evidence_map", ["systematic_review"], "evidence_review", "evidence_map"),
        (None, ["qualitative", "systematic_review"], "evidence_review", "systematic_review"),
        (None, ["economic"], None, "outcome_evaluation"),
        (None, ["qualitative"], "evidence_review", "rapid_review"),
        (None, [], "rapid_evaluation", "process_evaluation"),
        (None, [], "find_collaborator", None),
        (None, [], None, None),
        ("something of their own", [], "evidence_review", None),
    ],
)
def test_the_wanted_product_is_the_one_named_or_meant(
    product: str | None, methods: list[str], enquiry_type: str | None, wanted: str | None
) -> None:
    found = wanted_product(product, methods, enquiry_type)

    assert (found.code if found else None) == wanted


def test_what_is_within_reach_grows_with_days_and_money() -> None:
    assert within(None, None) == LADDER
    assert [product.code for product in within(10, "none")] == ["advice_call", "existing_evidence", "rapid_summary"]
    assert within(4, None) == ()
    for few, many in ((5, 20), (20, 60), (60, 400)):
        assert set(within(few, None)) <= set(within(many, None))
    for less, more in pairwise(BANDS):
        assert set(within(None, less)) <= set(within(None, more))


@given(
    st.dictionaries(st.sampled_from(sorted(BRIEF_SECTIONS)), st.text(max_size=200)),
    st.builds(
        Circumstances,
        working_days_left=st.none() | st.integers(-500, 500),
        budget_band=st.none() | st.sampled_from(sorted(BUDGET_BANDS)),
        product=st.none() | st.sampled_from(sorted(PRODUCTS)),
        methods=st.lists(st.sampled_from(sorted(METHODS)), max_size=3),
        enquiry_type=st.none() | st.sampled_from(sorted(ENQUIRY_TYPES)),
        organisation_shown=st.none() | st.just("named"),
    ),
)
def test_whatever_is_written_the_advice_is_in_sentences_and_in_order(
    sections: dict[str, str], known: Circumstances
) -> None:
    found = advise(sections, known)

    order = [*BRIEF_SECTIONS, None]
    assert [order.index(advice.section) for advice in found] == sorted(order.index(advice.section) for advice in found)
    for advice in found:
        assert advice.message.endswith(".")
        assert advice.suggestion.endswith(".")
        assert advice.message[0].isupper() or advice.message[0] == "“"
        assert advice.suggestion[0].isupper()


@pytest.mark.parametrize("text", ["Ask Gateshead Council.", "gateshead\n council", "(GATESHEAD COUNCIL)"])
def test_a_name_kept_back_is_pointed_at_where_it_stands(text: str) -> None:
    known = Circumstances(organisation_shown="described", kept_back=("Gateshead Council", "gateshead council", "Ed"))
    found = [each for each in advise({**READY, "scope": f"Not {text} or Ed"}, known) if "stands here" in each.message]
    assert [(each.section, each.level) for each in found] == [("scope", "advised")]


@pytest.mark.parametrize("text", ["Gateshead", "the council of Gateshead", "Gateshead Councillors only, not others"])
def test_a_part_of_a_name_kept_back_is_none(text: str) -> None:
    known = Circumstances(organisation_shown="described", kept_back=("Gateshead Council",))
    assert not [each for each in advise({**READY, "scope": text}, known) if "stands here" in each.message]
