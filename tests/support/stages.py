"""One enquiry at each stage of the work, in one installation: the stage for walks through every form of the desks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.support.doors import MANAGER, House
from tests.support.journey import Journey
from tests.support.routes import routes_of
from tests.support.scene import PARTNER, Scene, set_scene, signed_in
from tests.support.visiting import Form, Page

ROOMS = ("/manage", "/partner", "/work", "/profile")
MAIN = "/manage/enquiries/{reference}"
PER_ENQUIRY = ("reference", "brief_id", "interest_id", "project_id")
EXTRA = {"rule": "first_response", "kind": "receipt", "name": "brokerage"}


@dataclass
class Stages:
    """The scene of a commissioned project, and beside it an enquiry at each stage before and after."""

    scene: Scene
    journeys: list[Journey]
    telling: list[Journey]
    """Those at whose stages pages differ most."""
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, path: str) -> Any:
        """Return the browser of whoever a room is for: the team at its desk, the university's contact and lead elsewhere."""
        who = MANAGER if path.startswith("/manage") else PARTNER
        if who not in self.clients:
            self.clients[who] = signed_in(self.scene.opened, who)
        return self.clients[who]

    def routes(self, method: str) -> list[str]:
        """Return the templates of the desks' routes of one method."""
        return [path for found, path in routes_of(self.scene.opened.app) if found == method and path.startswith(ROOMS)]

    def addresses(self, template: str) -> Iterator[str]:
        """Return a route's address in the scene, and at each other stage where it names what hangs on an enquiry."""
        yield self.scene.path(template, **EXTRA)
        for journey in self.journeys:
            found = {name: getattr(journey, name, None) for name in ("brief_id", "interest_id", "project_id")}
            own = {name: str(value) for name, value in found.items() if value is not None}
            named = {name for name in PER_ENQUIRY if f"{{{name}}}" in template}
            if named and named <= own.keys() | {"reference"}:
                is_main = template == MAIN or template.startswith(("/partner", "/work"))
                if is_main or journey in self.telling:
                    yield self.scene.path(template, **{**EXTRA, **own, "reference": journey.reference})

    def pages(self) -> Iterator[tuple[str, Page]]:
        """Return the desks' pages, with their routes' templates: at some stages where they differ, each move at the first
        enquiry whose page leads to it."""
        moves: dict[str, str] = {}
        for template in self.routes("GET"):
            if "{file_id}" in template or "{event}" in template:
                continue
            for address in dict.fromkeys(self.addresses(template)):
                page = self.page(address)
                if page is not None:
                    yield template, page
                    for link in page.links:
                        if "/do/" in link:
                            moves.setdefault(link.partition("?")[0].rpartition("/")[2], link)
        for address in moves.values():
            page = self.page(address)
            if page is not None:
                yield "/manage/enquiries/{reference}/do/{event}", page

    def page(self, path: str) -> Page | None:
        """Return the page at an address, or None where there is none to read."""
        answer = self.client(path).get(path)
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
            return None
        return Page(path, 200, answer.text)

    def forms(self) -> list[tuple[str, Form]]:
        """Return every form of those pages that posts to the desks, once for each route and set of fields and buttons."""
        found: dict[tuple[str, ...], tuple[str, Form]] = {}
        for template, page in self.pages():
            for form in page.forms:
                action = form.action or page.path
                if action.startswith(ROOMS) and any(name == "csrf_token" for name, _ in form.fields):
                    shape = (template, *sorted(form.offered), *(f"{n}={v}" for n, v, _ in form.buttons))
                    found.setdefault(shape, (action, form))
        return list(found.values())


def set_stages(opened: House) -> Stages:
    """Set the scene, and let one more enquiry stop at each stage."""
    scene = set_scene(opened)

    def other() -> Journey:
        return Journey(opened.database, opened.clock)

    journeys = [
        other().agreed(),
        other().submitted(),
        other().briefed(),
        other().interested(lead_email=PARTNER, show_enquirer=True).met(),
    ]
    journeys += [other().sent(), other().interested(lead_email=PARTNER)]
    for step in ("costing", "offered", "costs_submitted", "completed", "funding", "delivered"):
        journeys.append(getattr(other().interested(lead_email=PARTNER), step)())
    for journey in (journeys[0], journeys[3], journeys[4]):
        journey.say("Yes, that is what we want.")
    return Stages(scene, journeys, [journeys[2], *journeys[::3]])
