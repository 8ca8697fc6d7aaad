"""A person at the pages without a browser: reads forms as they are, fills them, presses buttons, follows where it leads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from uuid import UUID

from fastapi.testclient import TestClient
from sqlmodel import select

from service.actions.sign_in import request_link, spend_link
from service.principals import Staff
from service.records.database import Unit
from service.records.tables import OutboxMessage
from tests.support.doors import House
from tests.support.recall import recalled


@dataclass
class Form:
    """One form of a page: where it goes, what stands in it, and its buttons as (name, value, text)."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    offered: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """The values that boxes, circles and lists offer, by field."""


class Page(HTMLParser):
    """What a page says and offers."""

    def __init__(self, path: str, status: int, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path, self.status, self.html = path, status, html
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._words: list[str] = []
        self._silent = 0
        self._button: list[str] | None = None
        self._area: tuple[str, list[str]] | None = None
        self._select: str | None = None
        self.feed(self.html)

    @property
    def text(self) -> str:
        """Everything a reader sees, as one line."""
        return " ".join(" ".join(self._words).split())

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary, in order."""
        listed = re.search(r'govuk-error-summary__list">(.*?)</ul>', self.html, re.DOTALL)
        return (
            [
                unescape(re.sub(r"<[^>]+>", "", item)).strip()
                for item in re.findall(r"<li>(.*?)</li>", listed[1], re.DOTALL)
            ]
            if listed
            else []
        )

    @property
    def fields(self) -> dict[str, str]:
        """What stands in the fields of all forms together."""
        return {name: value for form in self.forms for name, value in form.fields}

    def form_with(self, button: str) -> tuple[Form, tuple[str, str, str]]:
        """Return the form that has a button with this text, and the button."""
        for form in self.forms:
            for each in form.buttons:
                if each[2] == button:
                    return form, each
        raise AssertionError(
            f"no button {button!r} on {self.path}; there are {[b[2] for f in self.forms for b in f.buttons]}"
        )

    @property
    def buttons(self) -> list[str]:
        """The texts of all buttons."""
        return [button[2] for form in self.forms for button in form.buttons]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in {"script", "style"}:
            self._silent += 1
        elif tag == "form":
            self._form = Form(told.get("action", ""))
            self.forms.append(self._form)
        elif tag == "a":
            self.links.append(told.get("href", ""))
        elif tag == "button" and self._form is not None:
            self._button = []
            self._form.buttons.append((told.get("name", ""), told.get("value", ""), ""))
        elif tag == "input" and self._form is not None:
            self._form.offered.add(told.get("name", ""))
            if told.get("type") in {"radio", "checkbox"}:
                self._form.choices.setdefault(told.get("name", ""), []).append(told.get("value", ""))
            if told.get("type") not in {"radio", "checkbox", "file"} or "checked" in told:
                self._form.fields.append((told.get("name", ""), told.get("value", "")))
        elif tag == "textarea":
            self._area = (told.get("name", ""), [])
        elif tag == "select" and self._form is not None:
            self._select = told.get("name", "")
            self._form.offered.add(self._select)
        elif tag == "option" and self._select and self._form is not None:
            self._form.choices.setdefault(self._select, []).append(told.get("value", ""))
            if "selected" in told:
                self._form.fields.append((self._select, told.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._silent -= 1
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "button" and self._form is not None and self._button is not None:
            name, value, _ = self._form.buttons[-1]
            self._form.buttons[-1] = (name, value, " ".join("".join(self._button).split()))
            self._button = None
        elif tag == "textarea" and self._area is not None and self._form is not None:
            text = "".join(self._area[1])
            self._form.offered.add(self._area[0])
            # A browser leaves out the first line break after the tag.
            self._form.fields.append((self._area[0], text.removeprefix("\n")))
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)
        elif self._button is not None:
            self._button.append(data)
        if not self._silent:
            self._words.append(data)


class Visitor:
    """Somebody with a browser window of their own; `page` is what they are looking at."""

    def __init__(self, house: House, client: TestClient | None = None) -> None:
        self.house = house
        self.client = client or house.visitor()
        self.page: Page

    def open(self, path: str, *, status: int = 200) -> Page:
        """Go to a page, following where it leads, and check its status."""
        return self._follow(path, status)

    def press(
        self,
        button: str,
        answers: Mapping[str, str | list[str]] | None = None,
        *,
        status: int = 200,
        file: tuple[str, bytes] | None = None,
    ) -> Page:
        """Fill in the form that has this button, press it, follow where it leads, and check the status there.

        A field that is named stands in for all of its own; one that the form does not have is a mistake of the test.
        """
        form, pressed = self.page.form_with(button)
        given = dict(answers or {})
        unknown = set(given) - form.offered
        assert not unknown, f"the form of {button!r} has no {unknown}"
        sent: dict[str, list[str]] = {}
        for name, value in form.fields:
            if name not in given:
                sent.setdefault(name, []).append(value)
        for name, answer in given.items():
            sent[name] = [answer] if isinstance(answer, str) else answer
        if pressed[0]:
            sent[pressed[0]] = [pressed[1]]
        response = self.client.post(form.action, data=sent, files={"file": file} if file else None)
        if response.is_redirect:
            return self._follow(response.headers["location"], status)
        return self._arrive(form.action, response.status_code, response.text, status)

    def sign_in(self, email: str) -> None:
        """Spend a link mailed to this address, by the actions that its pages call and without the pages."""
        signing = ("signed in", email, repr(self.house.ctx()), self.house.kind)
        self.client.cookies.set("session", recalled(self.house.database, signing, lambda: self._new_session(email)))

    def _new_session(self, email: str) -> str:
        services = self.house.app.state.services
        ctx, secret = self.house.ctx(), services.tokens.new_secret()
        staff = Staff(services.settings.staff_emails, services.settings.lead_emails)
        self.house.database.transact(lambda unit: request_link(unit, ctx, email, "/enquiries", staff))
        link_id, digest = self.newest_link_id(email), services.tokens.digest(secret)
        signed_in = self.house.database.transact(lambda unit: spend_link(unit, ctx, link_id, digest, staff))
        assert signed_in is not None
        return str(secret)

    def sign_in_by_pages(self, email: str) -> Page:
        """Ask for a link, read it from the outbox, press its button, and return the page it leads to."""
        self.open("/sign-in")
        self.press("Email me a link", {"email": email})
        self.open(self.newest_link(email))
        return self.press("Continue")

    def newest_link(self, email: str) -> str:
        """Return the path of the newest sign-in link that waits for an address in the outbox."""
        return f"/sign-in/{self.house.app.state.services.tokens.sign_in_token(self.newest_link_id(email))}"

    def newest_link_id(self, email: str) -> UUID:
        """Return the id of that link."""
        message = next(each for each in reversed(outbox(self.house, email.strip().lower())) if each.kind == "sign_in")
        return UUID(str(message.params["link_id"]))

    def _follow(self, path: str, status: int) -> Page:
        response = self.client.get(path)
        while response.is_redirect:
            path = response.headers["location"]
            response = self.client.get(path)
        return self._arrive(path, response.status_code, response.text, status)

    def _arrive(self, path: str, found: int, html: str, status: int) -> Page:
        self.page = Page(path.partition("?")[0], found, html)
        assert found == status, f"{found} at {path}: {self.page.text[:400]}"
        return self.page


def outbox(house: House, address: str | None = None) -> list[OutboxMessage]:
    """Return the messages in the outbox, to one address where given, oldest first."""

    def found(unit: Unit) -> list[OutboxMessage]:
        query = select(OutboxMessage).order_by(OutboxMessage.queued_at, OutboxMessage.id)  # type: ignore[arg-type]
        return [each for each in unit.exec(query) if address is None or each.to_address == address]

    return house.database.read(found)


def ask(visitor: Visitor, question: str = "Do warm homes mean fewer visits to A&E?") -> Page:
    """Write a question on the first page and go on to the second."""
    visitor.open("/ask")
    return visitor.press("Continue", {"question": question})


def ask_and_send(visitor: Visitor, email: str = "ann@council.example", **answers: str) -> str:
    """Send a question by the shortest way and return its reference."""
    ask(visitor)
    page = visitor.press("Send now and talk", {"name": "Ann Asker", "email": email, **answers})
    found = re.search(r"/enquiries/([0-9A-Z]{6}-[0-9A-Z])", page.html)
    assert found
    return found[1]
