"""The choice: which team is offered the work, and its answer."""

from service.principals import Principal
from service.workflows import commands as c
from service.workflows.facts import Around, EnquiryFacts
from service.workflows.verdicts import Guard


def _interest_stands(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if not facts.interests:
        return "No university has offered a team yet."
    if not isinstance(command, c.MakeOffer):
        return None
    named = {interest.id for interest in facts.interests}
    if command.interest not in named or set(command.alternates) - named:
        return "Choose from the interests in this enquiry."
    if command.interest in command.alternates:
        return "The team that gets the offer cannot also be its own alternate."
    chosen = {command.interest, *command.alternates}
    if any(interest.id in chosen and interest.declined_offer for interest in facts.interests):
        return "A team chosen has already declined or withdrawn. Choose another, or ask them to send a new interest."
    return None


def _no_offer_open(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if facts.offer is None:
        return None
    return "An offer is already open. Wait for its answer, or record that it was declined."


def _conflicts_cleared(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if not isinstance(command, c.MakeOffer):
        return None
    for interest in facts.interests:
        if interest.id == command.interest and interest.conflicts and not interest.conflicts_cleared:
            return f"The team declared a conflict: {interest.conflicts}. Clear it with them, and say how."
    return None


def _preference_recorded(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    shown = [interest for interest in facts.interests if interest.show_enquirer]
    if not shown or facts.preference_recorded:
        return None
    seen = "the team" if len(shown) == 1 else f"the {len(shown)} teams"
    return f"The enquirer has not said what they think of {seen} shown to them. Ask them, or say why you go ahead."


def _choice_explained(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if not isinstance(command, c.MakeOffer) or command.explanation is not None:
        return None
    gone = {interest.id for interest in facts.interests if interest.declined_offer}
    wanted = next((interest for interest in facts.preferred if interest not in gone), None)
    if wanted is None or wanted == command.interest:
        return None
    return "The enquirer would rather have another team. Say why this one (explanation): they are told."


def _respond_by_ahead(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if isinstance(command, c.MakeOffer) and command.respond_by is not None and command.respond_by <= around.today:
        return "Give a date after today to answer the offer by (respond_by)."
    return None


def _joint_meeting_logged(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    if facts.joint_meeting_logged:
        return None
    return (
        "No meeting of the enquirer with researchers has been logged since the call opened. Log one, or say why you go "
        "ahead without."
    )


def _offer_is_the_open_one(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    if facts.offer is None:
        return "No offer is open."
    if isinstance(command, c.AcceptOffer | c.DeclineOffer) and command.offer != facts.offer.id:
        return "That offer is no longer open."
    return None


INTEREST_STANDS = Guard("interest_stands", _interest_stands)
NO_OFFER_OPEN = Guard("no_offer_open", _no_offer_open)
CONFLICTS_CLEARED = Guard("conflicts_cleared", _conflicts_cleared, waivable=True)
PREFERENCE_RECORDED = Guard("preference_recorded", _preference_recorded, waivable=True)
CHOICE_EXPLAINED = Guard("choice_explained", _choice_explained, waivable=True)
RESPOND_BY_AHEAD = Guard("respond_by_ahead", _respond_by_ahead)
JOINT_MEETING_LOGGED = Guard("joint_meeting_logged", _joint_meeting_logged, waivable=True)
OFFER_IS_THE_OPEN_ONE = Guard("offer_is_the_open_one", _offer_is_the_open_one)
