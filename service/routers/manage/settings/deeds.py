"""The audit trail in words: what was done, to what, and where that is found today."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service import vocabulary
from service.delivery import wordings
from service.records.audit import AuditRow
from service.records.audited import Named
from service.routers.manage import telling
from service.working_time import local_date
from service.working_time.wording import short_date

ACTORS: Mapping[str, str] = {
    "enquirer": "An enquirer",
    "manager": "A research manager",
    "service_lead": "A service lead",
    "university": "A university",
    "lead_researcher": "A lead researcher",
    "funder": "A funder",
    "operator": "Whoever runs the service",
    "system": "The service itself",
}
KINDS: Mapping[str, str] = {
    "organisation": "organisation",
    "person": "person",
    "researcher": "researcher",
    "calendar_day": "day off",
    "product": "product",
    "answer": "published answer",
    "enquiry": "enquiry",
    "glossary_term": "word of the glossary",
    "synonym_group": "words of the same meaning",
    "api_key": "key",
    "reminder_rule": "reminder rule",
    "outbox": "letter",
    "webhook": "webhook",
    "case_log": "log of every case",
    "history": "history of an earlier service",
    "follow_up": "date or reminder",
}
_DEEDS: Mapping[str, str] = {
    "create": "Added",
    "change": "Changed",
    "remove": "Left out",
    "grant": "Let in",
    "rotate": "Replaced",
    "revoke": "Revoked",
    "remember_account": "Let in, by their work account,",
    "forget_account": "Let another work account stand for",
    "replay": "Sent again",
    "cancel": "Cancelled",
    "switch_off": "Switched off",
    "finish": "Marked as done",
    "sign_out": "Signed out everywhere",
    "merge": "Merged",
    "unmerge": "Undid the merge of",
    "tell_apart": "Told apart from another",
    "shortlist": "Shortlisted",
    "pass_over": "Passed over",
    "hold": "Put a legal hold on",
    "release": "Ended the legal hold of",
    "forget": "Destroyed what had its time of",
    "erase": "Erased personal data of",
    "import": "Brought in",
    "export": "Exported",
    "disclose": "Searched for disclosure",
    "take_back": "Took back what was decided of",
}
_OF_KIND: Mapping[str, Mapping[str, str]] = {
    "calendar_day": {"remove": "Made a working day again"},
    "webhook": {"rotate": "Replaced the secret of", "replay": "Sent again what was told to"},
}
_FIELDS: Mapping[str, str] = {
    "organisation_id": "organisation",
    "succeeded_by_id": "successor",
    "name_key": "",
    "reminders_stopped_at": "whether they get reminders",
    "staff_role": "role in the team",
    "is_contact": "whether calls come to them",
    "partner": "whether it is a partner university",
    "agenda_clear_days": "days before an agenda",
    "clearance_working_days": "days for clearance",
    "orcid": "ORCID",
    "capacity_days": "days they can give",
    "external_id": "the university's own number",
    "hidden": "whether they are listed",
    "hidden_by_self": "whether they hid themselves",
    "expires_at": "when it ends",
    "typical": "usual days",
    "long": "longest days",
    "retired_at": "whether it is offered",
    "url": "address",
    "enabled": "whether it is poked",
}
_GONE: Mapping[str, str] = {"gone": "Its system answered that it is gone"}
_ROLES: Mapping[str, str] = {"manager": "research manager", "service_lead": "service lead"}
_AT: Mapping[str, str] = {
    "organisation": "/manage/directory/organisations/{}",
    "person": "/manage/directory/people/{}",
    "researcher": "/manage/directory/researchers/{}",
    "product": "/manage/settings/products/{}",
    "reminder_rule": "/manage/settings/reminders/{}",
    "synonym_group": "/manage/settings/synonyms?code={}",
    "outbox": "/manage/settings/letters/{}",
    "enquiry": "/manage/enquiries/{}?stay=yes",
    "glossary_term": "/manage/settings/glossary",
    "calendar_day": "/manage/settings/calendar",
    "api_key": "/manage/settings/keys",
    "webhook": "/manage/settings/webhooks",
}


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of who changed what."""

    at: datetime
    who: str
    did: str
    kind: str
    """What kind of thing it was done to."""
    name: str
    """What that is called; empty where it is gone."""
    path: str | None
    """Where it is found; None where it is gone or has no page."""
    more: str


def deed(row: AuditRow, names: Named) -> Deed:
    """Return an entry in words, by the names of what it is about."""
    entry, actor = row
    kind, _, code = entry.subject.partition(":")
    detail = entry.detail
    name = _name(entry.subject, detail, names)
    by_code = kind in {"product", "reminder_rule", "synonym_group"}
    path = (
        _AT[kind].format(name if kind == "enquiry" else code)
        if kind in _AT and (by_code or entry.subject in names)
        else None
    )
    did = _OF_KIND.get(kind, {}).get(entry.action) or _DEEDS.get(entry.action, _words(entry.action).capitalize())
    who = actor or ACTORS.get(entry.actor_role, _words(entry.actor_role).capitalize())
    more = [said for key, value in detail.items() if (said := _said(key, value))]
    return Deed(entry.recorded_at, who, did, KINDS.get(kind, _words(kind)), name, path, "; ".join(more))


def _name(subject: str, detail: Mapping[str, object], names: Named) -> str:
    kind, _, code = subject.partition(":")
    found = names.get(subject)
    if isinstance(found, date):
        return short_date(found)
    if kind == "outbox":
        return _words(wordings.title(str(found or detail.get("kind", ""))))
    if kind in {"reminder_rule", "follow_up"}:
        rule = code if kind == "reminder_rule" else str(found or detail.get("rule", ""))
        return telling.RULES.get(rule, _words(rule))
    if kind == "product":
        return str(detail.get("label") or _words(code).capitalize())
    if kind == "synonym_group":
        return _listed(detail.get("wordings"))
    return str(found or detail.get("name") or detail.get("word") or "")


def _said(key: str, value: object) -> str:
    """Return one member of what an entry keeps beside, in words; empty where the thing's name says it, or nothing does."""
    said = _SAID.get(key)
    if said is not None:
        return said(value)
    return "" if value in (None, "", [], False) else f"{_words(key)}: {_listed(value)}"


_SAID: Mapping[str, Callable[[object], str]] = {
    "changed": lambda value: _listed([_FIELDS.get(str(each), _words(str(each))) for each in _many(value)]),
    "staff_role": lambda value: f"as {_ROLES.get(str(value), _words(str(value)))}" if value else "",
    "is_contact": lambda value: "calls to their university come to them" if value else "",
    "kind": lambda value: vocabulary.ORGANISATION_KINDS.get(str(value), ""),
    "nation": lambda value: vocabulary.NATIONS.get(str(value), str(value)),
    "role": lambda value: (
        f"for {ACTORS.get(str(value), _words(str(value)))[0].lower()}{ACTORS.get(str(value), _words(str(value)))[1:]}"
    ),
    "effective_from": lambda value: f"from {short_date(local_date(datetime.fromisoformat(str(value))))}",
    "stopped": lambda value: "stopped" if value else "",
    "due_on": lambda value: f"due on {short_date(date.fromisoformat(str(value)))}",
    "overlap_hours": lambda value: f"the old one holds for {value} more hours",
    "enquiry": lambda value: f"for {value}",
    "why": lambda value: _inside({**vocabulary.PASSING_REASONS, **_GONE}.get(str(value), "")),
    "decision": lambda value: _inside(vocabulary.SHORTLIST_DECISIONS.get(str(value), str(value))),
    **dict.fromkeys(("name", "label", "word", "day", "wordings", "rule", "to", "delivery"), lambda _: ""),
}


def _many(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _listed(value: object) -> str:
    return ", ".join(str(each) for each in _many(value) if each not in (None, ""))


def _inside(words: str) -> str:
    return words[:1].lower() + words[1:]


def _words(code: str) -> str:
    return code.replace("_", " ")
