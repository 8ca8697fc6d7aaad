"""The straight way: in each state the next step towards a finished project, with everything it asks for recorded."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from service.states import BriefState, EnquiryState, ProjectState
from service.workflows import commands as c
from service.workflows.machines import ENQUIRY
from tests.support.histories import UNIVERSITIES, History

_ALL_WAIVED = tuple(
    c.Waiver(guard=guard.code, reason="They know each other.")
    for guard in ENQUIRY.transitions["offer"].guards
    if guard.waivable
)


def _submit(enquiry: History) -> c.Command:
    enquiry.question, enquiry.phone = "Does it work?", "0191 498 0000"
    return c.Submit()


def _send_for_agreement(enquiry: History) -> c.Command:
    enquiry.save_brief("Which, for whom?")
    enquiry.organisation_shown = "named"
    return c.SendForAgreement()


def _agree_and_publish(enquiry: History) -> c.Command:
    assert enquiry.brief
    if enquiry.brief.state == BriefState.SENT:
        return c.Agree(version=enquiry.brief.number, hash=f"#{enquiry.brief.text}")
    return c.Publish(recipients=UNIVERSITIES)


def _choose(enquiry: History) -> c.Command:
    if enquiry.open_offer:
        return c.AcceptOffer(offer=enquiry.open_offer.id)
    enquiry.receive_interest(UNIVERSITIES[0], conflicts=None, shown=True)
    return c.MakeOffer(interest=enquiry.interests[-1].id, waivers=_ALL_WAIVED)


def _cost(enquiry: History) -> c.Command:
    project = enquiry.project
    assert project
    if project.costs_version and project.costs_submitted_version == project.costs_version:
        return c.AgreeCosts(version=project.costs_version)
    enquiry.change_costs(Decimal(12_000))
    return c.SubmitCosting()


def _fund(enquiry: History) -> c.Command:
    enquiry.change_project(own_funds_confirmed_by=())
    return c.ConfirmFunding(route="in_kind")


def _commission(enquiry: History) -> c.Command:
    enquiry.change_project(ethics_route="Committee", data_protection_route="None", deliverables=1)
    return c.Commission(start_at_risk=c.StartAtRisk(borne_by="The university", reason="Term starts."))


STRAIGHT_ON: Mapping[EnquiryState, Callable[[History], c.Command]] = {
    EnquiryState.DRAFT: _submit,
    EnquiryState.TRIAGE: lambda _: c.Accept(),
    EnquiryState.SCOPING: lambda _: c.BeginBrief(),
    EnquiryState.DRAFTING: _send_for_agreement,
    EnquiryState.SIGN_OFF: _agree_and_publish,
    EnquiryState.OPEN_CALL: lambda _: c.CloseCall(),
    EnquiryState.SELECTING: _choose,
    EnquiryState.COSTING: _cost,
    EnquiryState.FUNDING: _fund,
    EnquiryState.CONTRACTING: _commission,
    EnquiryState.COMMISSIONED: lambda _: c.Complete(plain_summary="-", output="-", publication="-"),
}

STRAIGHT_FOR_PROJECTS: Mapping[ProjectState, c.Command] = {
    ProjectState.ACTIVE: c.Deliver(),
    ProjectState.PAUSED: c.ResumeProject(),
    ProjectState.DELIVERED: c.AcceptDelivery(),
}
