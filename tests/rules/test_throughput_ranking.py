"""The report on the ranking: counts always, shares only of enough, and a spread that means what it says."""

from hypothesis import given
from hypothesis import strategies as st

from service.throughput.ranking import BANDS, TOO_FEW, Chosen, Decided, Looked, Person, ranking_report

REASONS = ("too_busy", "other")
people = st.builds(Person, st.sampled_from(["Tyne", "Wear", "Tees"]), st.none() | st.booleans())
offers = st.builds(
    Chosen,
    st.sampled_from(["left_out", "off_subject", "unlisted", "unknown"]),
    st.none() | st.integers(1, 40),
    people,
    st.sampled_from(["accepted", "declined", "unanswered"]),
)


def ranked(*ranks: int, answer: str = "accepted") -> list[Chosen]:
    return [Chosen("ranked", rank, Person("Tyne", is_newcomer=False), answer) for rank in ranks]


def test_the_chosen_stand_where_they_stood() -> None:
    unlisted = Chosen("unlisted", None, Person("Wear", None), "declined")
    unknown = Chosen("unknown", None, Person("Wear", None), "unanswered")
    found = ranking_report([], [], [*ranked(1, 4, 8, 15, 33), unlisted, unknown], REASONS).ranks
    assert (found.chosen, found.known, found.ranked, found.median) == (7, 6, 5, 8.0)
    assert {top: (share.count, share.of) for top, share in found.top.items()} == {5: (2, 6), 10: (3, 6), 20: (4, 6)}
    assert (found.unlisted.count, found.unlisted.value) == (1, 0.167)


def test_acceptance_is_of_those_answered_in_each_band() -> None:
    offers = [*ranked(1, 2, 3, 5), *ranked(2, 4, answer="declined"), *ranked(3, answer="unanswered"), *ranked(6)]
    bands = {band.band: band for band in ranking_report([], [], offers, REASONS).bands}
    assert tuple(bands) == BANDS
    first, second = bands["1_to_5"], bands["6_to_10"]
    assert (first.offers, first.accepted, first.declined, first.unanswered) == (7, 4, 2, 1)
    assert (first.acceptance.count, first.acceptance.of, first.acceptance.value) == (4, 6, 0.667)
    assert (second.acceptance.count, second.acceptance.value, second.acceptance.too_few) == (1, None, True)


def test_what_was_taken_back_or_replaced_is_counted_apart() -> None:
    ada = Person("Tyne", is_newcomer=True)
    decisions = [
        Decided(is_shortlisted=True, reason="", person=ada, ended=""),
        Decided(is_shortlisted=True, reason="", person=ada, ended="taken_back"),
        Decided(is_shortlisted=False, reason="too_busy", person=ada, ended=""),
        Decided(is_shortlisted=False, reason="other", person=ada, ended="replaced"),
    ]
    found = ranking_report([], decisions, [], REASONS)
    assert (found.shortlisted, found.passed_over, found.taken_back, found.replaced) == (1, 1, 1, 1)
    assert found.reasons == {"too_busy": 1, "other": 0}


def test_the_effective_number_of_universities_is_theirs_where_shares_are_equal_and_less_where_one_has_most() -> None:
    even = [Person(name, is_newcomer=False) for name in ("Tyne", "Wear", "Tees") for _ in range(4)]
    uneven = [*even[:4], *[Person("Tyne", is_newcomer=True)] * 4, even[4], even[8]]
    looked = [Looked("a", even), Looked("b", uneven)]
    report = ranking_report(looked[:1], [], [], REASONS)
    assert (report.briefs, report.spread["shown"].universities, report.spread["shown"].effective) == (1, 3, 3.0)
    lopsided = ranking_report(looked[1:], [], [], REASONS).spread["shown"]
    assert (lopsided.top.count, lopsided.top.value, lopsided.effective) == (8, 0.8, 1.52)


@given(
    st.lists(st.builds(Looked, st.sampled_from("ab"), st.lists(people, max_size=8)), max_size=3),
    st.lists(st.builds(Decided, st.booleans(), st.sampled_from(REASONS), people, st.sampled_from(["", "taken_back"]))),
    st.lists(offers, max_size=12),
)
def test_every_offer_has_one_band_and_nothing_is_concluded_of_too_few(
    looked: list[Looked], decided: list[Decided], chosen: list[Chosen]
) -> None:
    report = ranking_report(looked, decided, chosen, REASONS)
    assert sum(band.offers for band in report.bands) == len(chosen)
    assert all(band.accepted + band.declined + band.unanswered == band.offers for band in report.bands)
    shares = [*report.ranks.top.values(), report.ranks.unlisted, *report.newcomers.values()]
    shares += [band.acceptance for band in report.bands] + [each.top for each in report.spread.values()]
    for share in shares:
        assert 0 <= share.count <= share.of
        assert (share.value is None) == (share.of < TOO_FEW)
    for spread in report.spread.values():
        if spread.effective is not None:
            assert 1 <= spread.effective <= spread.universities
    assert (report.ranks.median is None) == (report.ranks.ranked < TOO_FEW)
