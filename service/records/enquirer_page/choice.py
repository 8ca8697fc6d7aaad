"""The teams that agreed to be shown, and what was said about them."""

from uuid import UUID

from service.records import calls
from service.records.database import Unit
from service.records.enquirer_page.shapes import Choice, Team
from service.records.tables import Enquiry, Organisation
from service.states import EnquiryState


def choice_of(unit: Unit, enquiry: Enquiry) -> Choice | None:
    """Return the teams to consider while researchers are being chosen, or None when none is shown."""
    live = calls.live_interests(unit, enquiry.id)
    shown = [interest for interest in live if interest.show_enquirer]
    if not shown or enquiry.state not in {EnquiryState.OPEN_CALL, EnquiryState.SELECTING}:
        return None
    preference = calls.newest_preference(unit, enquiry.id)
    universities = {
        organisation_id: unit.get(Organisation, organisation_id)
        for organisation_id in {i.organisation_id for i in shown}
    }
    teams = []
    for interest in shown:
        university = universities[interest.organisation_id]
        teams.append(
            Team(
                id=interest.id,
                university=university.name if university else "",
                lead=interest.lead_name,
                team=interest.team,
                with_universities=interest.with_universities,
                statement=interest.statement,
                capacity_days=interest.capacity_days,
                earliest_start=interest.earliest_start,
                cost_band=interest.cost_band,
            )
        )
    return Choice(
        teams=teams,
        not_shown=len(live) - len(shown),
        ranked=[UUID(each) for each in preference.ranked] if preference else [],
        comment=preference.comment if preference else None,
        recorded_at=preference.recorded_at if preference else None,
        written_down=preference is not None and preference.entry_id is not None,
        is_open=calls.open_offer(unit, enquiry.id) is None,
    )
