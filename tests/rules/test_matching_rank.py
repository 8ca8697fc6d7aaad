"""The ranking's promises: scores that come apart, an order that depends on nothing else, sense from nonsense."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.matching import BriefProfile, Commitment, Item, Publication, Ranking, ResearcherProfile, build_index, rank
from service.matching.reading import read
from service.matching.signals import SIGNALS, weights
from tests.support.directory import (
    ADVERTS,
    COLD_HOMES,
    DIRECTORY,
    RETROFIT,
    TODAY,
    VIOLENCE,
    WARM_COSTS,
    paper,
    researcher,
)

HOUSING = BriefProfile(
    sections={
        "questions": "Does energy retrofit of social housing cut emergency admissions?",
        "purpose": "To decide on insulation grants for damp homes.",
        "methods": "An economic evaluation, with interviews.",
        "population_setting_place": "Older people who rent",
    },
    topics=("homes",),
    needed_by=date(2027, 6, 1),
    commissioner=("Gateshead Council",),
)

WORDS = """housing damp heating insulation tenants asthma admissions school breakfast pupils obesity walking cycling loneliness
befriending dementia carers alcohol licensing tobacco vaping suicide violence probation allotments parks poverty debt benefits
retrofit grants midwives breastfeeding sleep playgrounds libraries transport buses flooding heatwaves""".split()

phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=25).map(" ".join)
codes = st.sets(st.sampled_from(["economic", "qualitative", "realist", "modelling"]), max_size=3).map(
    lambda found: tuple(sorted(found))
)
topics = st.sets(st.sampled_from(["homes", "food", "schools", "mental_health"]), max_size=3).map(
    lambda found: tuple(sorted(found))
)
dates = st.none() | st.dates(date(2026, 6, 1), date(2027, 12, 31))
commissioners = st.sampled_from(["Gateshead Council", "Durham County Council"])


@st.composite
def people(draw: st.DrawFn) -> list[ResearcherProfile]:
    found: list[ResearcherProfile] = []
    for number in range(draw(st.integers(1, 7))):
        papers = [
            Publication(f"{number}-{place}", title, abstract, year)
            for place, (title, abstract, year) in enumerate(
                draw(st.lists(st.tuples(phrases, phrases, st.none() | st.integers(1990, 2028)), max_size=4))
            )
        ]
        found.append(
            ResearcherProfile(
                id=f"r{number}",
                name=draw(st.sampled_from(["Ada", "Ben", "Cat"])),
                university_id=draw(st.sampled_from(["tyne", "wear"])),
                university="A university",
                statement=draw(st.just("") | phrases),
                keywords=tuple(draw(st.lists(st.sampled_from(WORDS), max_size=3))),
                methods=draw(codes),
                topics=draw(topics),
                publications=tuple(papers),
                capacity_days=draw(st.integers(0, 20)),
                committed_days=draw(st.integers(0, 25)),
                available_from=draw(dates),
                declared_conflicts=tuple(draw(st.lists(commissioners, max_size=1))),
                hidden=draw(st.booleans()),
                past_projects=tuple(draw(st.lists(phrases, max_size=2))),
            )
        )
    return found


briefs = st.builds(
    BriefProfile,
    sections=st.fixed_dictionaries(
        {"questions": phrases}, optional={"purpose": phrases, "scope": phrases, "methods": phrases}
    ),
    topics=topics,
    methods=codes,
    populations=st.just(()) | st.just(("older_people",)),
    needed_by=dates,
    commissioner=commissioners.map(lambda name: (name,)),
)


def names(ranking: Ranking) -> list[str]:
    return [item.researcher.id for item in ranking.items]


def reason(item: Item, signal: str) -> tuple[float, str]:
    found = next(reason for reason in item.reasons if reason.signal == signal)
    return found.contribution, found.text


def places(ranking: Ranking) -> list[tuple[str, tuple[str, ...], str | None]]:
    return [
        (member.researcher.id, member.covers, member.alternate.id if member.alternate else None)
        for member in (ranking.team.members if ranking.team else ())
    ]


# ------------------------------------------------------------------------------------------------------- by example


def test_the_person_who_did_it_comes_first_and_the_reason_is_readable() -> None:
    ranking = rank(HOUSING, DIRECTORY, today=TODAY)
    first, second = ranking.items[:2]
    assert (first.researcher.id, second.researcher.id) == ("ada", "ben")
    assert first.reasons[0].signal == "publications"
    assert first.reasons[0].evidence == (RETROFIT.title, WARM_COSTS.title)
    assert first.reasons[0].text == (
        "1 of 2 publications fit; nearest is “Energy retrofit of social housing and emergency admissions” (2024), "
        "on admissions, emergency, energy, retrofit and social."
    )
    assert (
        reason(first, "methods")[1]
        == "Of the methods wanted: says they cover economic evaluation; nothing listed shows qualitative research."
    )
    assert (
        reason(second, "methods")[1]
        == "Of the methods wanted: says they cover qualitative research; nothing listed shows economic evaluation."
    )
    assert reason(second, "population")[1] == "Of the people and settings asked about: publications show older people."
    assert reason(first, "availability")[1] == "Could start now, before 1 June 2027; 10 of 10 days free."
    assert (first.university, second.university) == ("Tyne", "Wear")
    assert "eve" not in names(ranking)  # another subject


def test_what_is_not_wanted_does_not_attract() -> None:
    wanted = BriefProfile(
        sections={"questions": "Do school meals help pupils?", "scope": "Not wanted: serious violence, policing"}
    )
    assert names(rank(wanted, DIRECTORY, today=TODAY)) == ["cat"]


def test_a_statement_counts_for_those_without_publications() -> None:
    newcomer = researcher("new", statement="Damp housing, retrofit and emergency admissions.", career_stage="early")
    ranking = rank(HOUSING, (*DIRECTORY, newcomer), today=TODAY)
    assert "new" in names(ranking)
    assert ranking.newcomers >= 1
    assert reason(ranking.items[names(ranking).index("new")], "publications") == (
        0.0,
        "No publication listed shares the subject.",
    )


def test_one_good_paper_beats_many_that_mention_it() -> None:
    brief = BriefProfile(sections={"questions": "retrofit of damp social housing"})
    mentions = [
        paper(f"Survey of towns {number}", "Shops, buses, parks, damp and libraries in towns " * 3)
        for number in range(30)
    ]
    both = (researcher("one", RETROFIT), researcher("many", *mentions))
    assert names(rank(brief, both, today=TODAY))[0] == "one"


def test_recent_work_counts_more_and_undated_work_not_at_all_for_recency() -> None:
    def aged(key: str, year: int | None) -> ResearcherProfile:
        return researcher(key, replace(RETROFIT, year=year))

    ranking = rank(HOUSING, [aged("old", 1996), aged("new", 2026), aged("undated", None)], today=TODAY)
    assert names(ranking) == ["new", "old", "undated"]
    assert reason(ranking.items[2], "recency")[0] == 0


def test_working_together_counts() -> None:
    plain = researcher("plain", RETROFIT)
    together = researcher("together", RETROFIT, past_projects=("Warm homes with a council",))
    shown = researcher("shown", RETROFIT, paper("Co-produced housing standards"))
    ranking = rank(HOUSING, [plain, together, shown], today=TODAY)
    found = {item.researcher.id: reason(item, "co_production") for item in ranking.items}
    assert found["plain"][0] < found["shown"][0] < found["together"][0]
    assert found["together"][1] == "Has worked together with those who use research: 1 project with councils."


def test_ties_go_by_name_and_then_by_id() -> None:
    twins = [
        researcher(key, replace(RETROFIT, id=key), name=name)
        for key, name in (("z", "Ann"), ("y", "Bob"), ("x", "Bob"))
    ]
    assert names(rank(HOUSING, twins, today=TODAY)) == ["z", "x", "y"]


def test_at_most_as_many_as_asked_for() -> None:
    ranking = rank(HOUSING, DIRECTORY, today=TODAY, limit=1)
    assert (len(ranking.items), ranking.suitable) == (1, 2)


def test_how_often_a_thing_is_cited_is_never_read() -> None:
    assert not any(
        "citation" in name for profile in (Publication, ResearcherProfile) for name in profile.__dataclass_fields__
    )


def test_the_same_brief_scores_alike_as_a_question_and_in_full() -> None:
    question = BriefProfile(sections={"questions": "Does energy retrofit of social housing cut emergency admissions?"})
    padded = replace(question, sections={**question.sections, "purpose": " ".join(WORDS * 20)})
    short, long = (rank(brief, DIRECTORY, today=TODAY).items[0] for brief in (question, padded))
    assert short.researcher.id == long.researcher.id == "ada"
    assert long.score > short.score / 2


# ------------------------------------------------------------------------------------------------------ sense


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "?",
        "the",
        "1234567890",
        "xyzzy",
        "ما هو تأثير السكن",
        "住宅の断熱",
        "<script>alert(1)</script>",
        "'; DROP TABLE researcher; --",
        "\x00\ufeff\u202e",
        "🏠🏠",
    ],
    ids=range(12),
)
def test_nothing_to_go_on_is_said_so(text: str) -> None:
    ranking = rank(BriefProfile(sections={"questions": text}), DIRECTORY, today=TODAY)
    assert (ranking.items, ranking.team) == ((), None)
    assert [unmet.requirement for unmet in ranking.unmet] == ["not_enough_to_go_on"]
    assert "not enough to go on" in ranking.unmet[0].text


def test_one_word_is_enough_when_somebody_uses_it() -> None:
    assert names(rank(BriefProfile(sections={"questions": "Retrofit?"}), DIRECTORY, today=TODAY)) == ["ada"]


def test_a_topic_alone_is_enough() -> None:
    assert set(names(rank(BriefProfile(topics=("food",)), DIRECTORY, today=TODAY))) == {"cat", "dan"}


def test_another_language_with_a_chance_word_finds_nobody() -> None:
    french = (
        "Quels sont les effets de la rénovation énergétique des logements sur la santé respiratoire; asthme, insulation"
    )
    ranking = rank(BriefProfile(sections={"questions": french}), DIRECTORY, today=TODAY)
    assert ranking.items == ()
    assert [(unmet.requirement, unmet.would_return) for unmet in ranking.unmet] == [("subject", 5)]


def test_a_huge_brief_is_read_by_its_most_telling_words() -> None:
    huge = " ".join(Random(1).choices(WORDS, k=50_000)) + " retrofit social housing emergency admissions" * 2_000  # noqa: S311  (no secret)
    ranking = rank(BriefProfile(sections={"questions": huge}), DIRECTORY, today=TODAY)
    assert ranking.items[0].researcher.id == "ada"


def test_an_empty_directory_says_so() -> None:
    for brief in (HOUSING, BriefProfile()):
        assert [unmet.requirement for unmet in rank(brief, (), today=TODAY).unmet] == ["directory"]


def test_people_without_a_word_to_their_name_do_no_harm() -> None:
    silent = researcher("silent", paper("", ""))
    assert rank(replace(HOUSING, topics=()), [silent], today=TODAY).unmet[0].requirement == "not_enough_to_go_on"
    assert names(rank(HOUSING, [*DIRECTORY, silent], today=TODAY)) == names(rank(HOUSING, DIRECTORY, today=TODAY))


def test_co_authors_share_one_text() -> None:
    index = build_index(
        [researcher("one", RETROFIT), researcher("two", replace(RETROFIT, id="their copy"), COLD_HOMES)]
    )
    assert index.texts.postings.count == 2
    assert index.texts.rarity("retrofit") == index.texts.rarity(
        "poverti"
    )  # in one of two texts each, however many list it
    assert index.texts.rarity("nobody-says-this") > index.texts.rarity("retrofit")


# ------------------------------------------------------------------------------------------------- by property


@settings(deadline=None)  # a busy machine is not a slow rule
@given(briefs, people())
def test_contributions_add_up_to_the_score(brief: BriefProfile, directory: list[ResearcherProfile]) -> None:
    for item in rank(brief, directory, today=TODAY).items:
        assert 0 <= item.score <= 1
        assert round(sum(reason.contribution for reason in item.reasons), 4) == item.score
        assert round(sum(reason.weight for reason in item.reasons), 4) == 1
        assert all(0 <= reason.contribution <= reason.weight and reason.text.endswith(".") for reason in item.reasons)


@settings(deadline=None)  # a busy machine is not a slow rule
@given(briefs, people(), st.randoms(use_true_random=False))
def test_the_order_people_come_in_changes_nothing(
    brief: BriefProfile, directory: list[ResearcherProfile], random: Random
) -> None:
    shuffled = [
        replace(person, publications=tuple(random.sample(person.publications, len(person.publications))))
        for person in directory
    ]
    random.shuffle(shuffled)
    one, other = rank(brief, directory, today=TODAY), rank(brief, shuffled, today=TODAY)
    assert [(item.researcher.id, item.score, item.reasons) for item in one.items] == [
        (item.researcher.id, item.score, item.reasons) for item in other.items
    ]
    assert one.unmet == other.unmet
    assert places(one) == places(other)


@settings(deadline=None)  # a busy machine is not a slow rule
@given(briefs, people())
def test_an_index_kept_gives_what_a_fresh_one_gives(brief: BriefProfile, directory: list[ResearcherProfile]) -> None:
    """However people came, changed and went before."""
    index = build_index(
        [*DIRECTORY, *(replace(person, publications=DIRECTORY[0].publications) for person in directory)]
    )
    for person in directory:
        index.put(person)
    for person in DIRECTORY:
        index.drop(person.id)
    assert rank(brief, index, today=TODAY) == rank(brief, directory, today=TODAY)


@settings(deadline=None)  # a busy machine is not a slow rule
@given(briefs, people())
def test_excluded_people_are_shown_after_everyone_and_never_proposed(
    brief: BriefProfile, directory: list[ResearcherProfile]
) -> None:
    ranking = rank(brief, directory, today=TODAY, limit=50)
    flags = [item.excluded for item in ranking.items]
    assert flags == sorted(flags)
    expected = {
        person.id for person in directory if person.hidden or set(person.declared_conflicts) & set(brief.commissioner)
    }
    shown = {item.researcher.id for item in ranking.items if item.excluded}
    assert shown == expected & set(names(ranking))
    team = ranking.team.members if ranking.team else ()
    proposed = [one for member in team for one in (member.researcher, member.alternate) if one is not None]
    assert not {person.id for person in proposed} & expected
    assert len({person.id for person in proposed}) == len(proposed)
    assert (ranking.team is None) == (not any(item.available and not item.excluded for item in ranking.items))
    for kind in (False, True):
        scores = [item.score for item in ranking.items if item.excluded is kind]
        assert scores == sorted(scores, reverse=True)


@settings(deadline=None)  # a busy machine is not a slow rule
@given(briefs, people())
def test_removing_the_cited_paper_lowers_the_score(brief: BriefProfile, directory: list[ResearcherProfile]) -> None:
    """Against a directory with enough other texts that one paper does not make or break what is rare in it."""
    random = Random(7)  # noqa: S311  (no secret)
    background = [
        researcher(
            f"z{number}", *(paper(f"{number} {place}", " ".join(random.choices(WORDS, k=20))) for place in range(3))
        )
        for number in range(30)
    ]
    before = rank(brief, directory + background, today=TODAY, limit=100)
    for item in before.items:
        cited = next((reason for reason in item.reasons if reason.signal == "publications"), None)
        if cited is None or not cited.evidence or item.researcher.id.startswith("z"):
            continue
        kept = tuple(paper for paper in item.researcher.publications if paper.title != cited.evidence[0])
        poorer = [
            replace(person, publications=kept) if person.id == item.researcher.id else person for person in directory
        ]
        after = {
            again.researcher.id: again.score for again in rank(brief, poorer + background, today=TODAY, limit=100).items
        }
        smallest_step = 0.0001
        assert after.get(item.researcher.id, 0.0) < item.score or cited.contribution <= smallest_step


@settings(deadline=None)  # a busy machine is not a slow rule
@given(briefs)
def test_weights_keep_their_proportions_and_sum_to_one(brief: BriefProfile) -> None:
    shares = weights(read(brief, build_index(DIRECTORY), TODAY))
    assert sum(shares.values()) == 10_000
    base = {signal.code: signal.weight for signal in SIGNALS}
    assert all(shares[code] / shares["load"] == pytest.approx(base[code] / base["load"], rel=0.01) for code in shares)


def test_the_weights_in_their_one_place_sum_to_one() -> None:
    assert sum(signal.weight for signal in SIGNALS) == pytest.approx(1)
    assert len({signal.code for signal in SIGNALS}) == len(SIGNALS)


# ------------------------------------------------------------------------------------------------------- index


def test_an_index_follows_those_who_come_change_and_go() -> None:
    """Whatever happened before, it answers as one built from those present."""
    index = build_index([researcher("gone", RETROFIT, WARM_COSTS, ADVERTS), *reversed(DIRECTORY)])
    index.put(researcher("ada", VIOLENCE, statement="Damp housing"))
    index.put(DIRECTORY[0])
    index.drop("gone")
    fresh = build_index(DIRECTORY)
    assert rank(HOUSING, index, today=TODAY) == rank(HOUSING, fresh, today=TODAY)
    index.commit({"ada": Commitment(10, ("Warm homes",))})
    busy = [replace(person, committed_days=10, past_projects=("Warm homes",)) for person in DIRECTORY[:1]]
    assert rank(HOUSING, index, today=TODAY) == rank(HOUSING, [*busy, *DIRECTORY[1:]], today=TODAY)
    index.commit({})
    assert rank(HOUSING, index, today=TODAY) == rank(HOUSING, fresh, today=TODAY)
    with pytest.raises(KeyError):
        index.drop("gone")
