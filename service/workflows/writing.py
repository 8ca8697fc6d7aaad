"""Writing the brief: where it may be written, and what belongs into each of its sections."""

from dataclasses import dataclass

from service.states import EnquiryState

_WRITABLE = frozenset({EnquiryState.SCOPING, EnquiryState.DRAFTING, EnquiryState.OPEN_CALL})
"""Where a save is taken. While the call is open it starts a new version."""


@dataclass(frozen=True, slots=True)
class Guidance:
    """What to write into one section, and an example in plain words. The examples belong to one invented brief."""

    write: str
    example: str


def why_not_writable(state: EnquiryState) -> str | None:
    """Return the sentence that refuses a save in this state, or None where the brief may be written."""
    if state in _WRITABLE:
        return None
    if state == EnquiryState.TRIAGE:
        return "Take the enquiry on first (accept); the brief is begun in scoping."
    if state == EnquiryState.SIGN_OFF:
        return "The brief is with the enquirer. Record the changes they want first (request_changes): that opens a new version."
    if state == EnquiryState.CLOSED:
        return "The enquiry is closed."
    return "The brief has been published and its call has ended. Pull or reopen it to change it."


GUIDANCE = {
    "purpose": Guidance(
        "Say what will be decided with the answer, by whom, and when.",
        "In March cabinet decides whether to go on paying for insulation and new boilers in the council's own homes. The "
        "director of public health writes the paper.",
    ),
    "questions": Guidance(
        "Write one question a line, each ending with a question mark.",
        "Do tenants over 65 go to A&E less often in the winter after their home was made warmer?\n"
        "What does a visit that is avoided save, set against the cost of the work?",
    ),
    "population_setting_place": Guidance(
        "Say who it is about, in what kind of place, and where.",
        "Tenants aged over 65 in the 2,400 council homes improved since 2023, in a town in the North East.",
    ),
    "scope": Guidance(
        "Say what is not wanted as well, so that nobody offers it.",
        "Older tenants and their use of the NHS only. Not private landlords, not carbon savings, and no new survey of "
        "tenants: they were asked twice this year.",
    ),
    "known": Guidance(
        "Name what you have read or tried, or say that nobody has looked yet.",
        "We have read the national evaluation of 2021, which did not look at older people by themselves. Our housing team "
        "has records of every home; nobody has joined them to health records.",
    ),
    "methods": Guidance(
        "Say what would convince those who decide, or that the choice is left to the researchers.",
        "Numbers that compare improved homes with similar ones, and a few conversations with tenants to explain them. How "
        "to do it is for the researchers to propose.",
    ),
    "outputs_audiences": Guidance(
        "Name what you want to hold in your hands, such as a two-page summary, and who reads it.",
        "A two-page summary for councillors, half an hour with the cabinet member, and a full report for the housing team.",
    ),
    "timescale": Guidance(
        "Give the day on which something usable is needed, and what hangs on it.",
        "First findings by 12 February 2027, when the cabinet paper is due. The full report may follow by the end of May.",
    ),
    "budget_procurement": Guidance(
        "Give the most you could pay, or say that there is no money, and how it would be bought.",
        "Up to £18,000 from this year's public health grant, bought as research and development, with three quotes.",
    ),
    "data_access_time": Guidance(
        "Name the data, who can give access, and how many days of the council's time there are.",
        "Records of the works and of tenancies, which the housing team can share once an agreement is signed. One analyst "
        "for about eight days, and an officer for half a day a week.",
    ),
    "users": Guidance(
        "Name the roles that will use the answer, and who could help them.",
        "The head of housing investment and the public health team. The tenants' panel has offered to read a draft.",
    ),
}
"""By section, in the order of `vocabulary.BRIEF_SECTIONS`."""
