"""Examples of figures for the API's description; a test checks them against it."""

from typing import Any

DEFINITIONS_AT = "/api/v1/metrics/definitions"

_ASKED: dict[str, Any] = {
    "as_of": "2026-10-31",
    "definition": {
        "id": "throughput/1",
        "href": DEFINITIONS_AT,
        "figures": {"submitted": "submitted/1", "conversion": "conversion/1"},
        "suppression_threshold": 5,
        "nation": "england_and_wales",
    },
    "period": {"from": "2025-11-01", "to": "2026-11-01", "months": 12},
    "invented": False,
}
_SPREAD: dict[str, Any] = {"median": 6.5, "p75": 14.0, "p90": 31.25, "not_reached": False}
_TIME_TO: dict[str, Any] = {**_SPREAD, "reached": 61, "still_open": 20, "closed_before": 4}


def _pounds(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "GBP"}


def _group(key: str, submitted: int | None) -> dict[str, Any]:
    return {**dict.fromkeys(_MEMBERS), "submitted": submitted, "suppressed": True, "key": key}


_MEMBERS = (
    "submitted", "originating", "decided", "open", "commissioned", "reopened", "spam", "conversion", "exits", "time_to",
    "time_in_state", "in_time", "use", "money", "enquirers",
)  # fmt: skip
THROUGHPUT: dict[str, Any] = {
    **_ASKED,
    "group_by": "sector",
    "total": {
        "submitted": 85,
        "originating": 84,
        "decided": 65,
        "open": 20,
        "commissioned": 11,
        "reopened": 1,
        "spam": 3,
        "conversion": {"numerator": 11, "denominator": 65, "value": 0.1692},
        "exits": {"completed": 4, "answered": 21, "signposted": 14, "withdrawn": 9, "lapsed": 10},
        "time_to": dict.fromkeys(("first_response", "agreed_brief", "published", "commissioned", "closed"), _TIME_TO),
        "time_in_state": {
            "triage": {
                **_SPREAD,
                "reached": 80,
                "still_open": 5,
                "elapsed": _SPREAD,
                "waiting_on": {"team": {**_SPREAD, "reached": 80, "still_open": 5, "working_days": 131.25}},
                "held": {"stays": 2, "working_days": 9.5},
            }
        },
        "in_time": {"in_time": 24, "late": 5, "nothing_usable": 9, "not_yet": 6, "no_date": 41},
        "use": {"asked": 6, "answered": 4, "planned": 1, "no": 0, "cannot_say": 1, "used": 2},
        "money": {
            "cash": {"service": _pounds("6000.00"), "others": _pounds("84500.00")},
            "in_kind": {"service": _pounds("0.00"), "others": _pounds("12000.00")},
        },
        "enquirers": {"first_time": 31, "returning": 50, "not_known": 4},
        "suppressed": False,
    },
    "groups": [_group("nhs", 25), _group("police_fire", None)],
}
FUNNEL: dict[str, Any] = {
    **_ASKED,
    "total": {
        "submitted": 85,
        "stages": [{"state": "triage", "reached": 85, "closed_before": 0, "still_before": 0}],
        "suppressed": False,
    },
}


def _example(figure: str, total: dict[str, Any], **more: Any) -> dict[str, Any]:
    definition = {**_ASKED["definition"], "id": f"{figure}/1"}
    return {**_ASKED, "definition": definition, **more, "total": {"submitted": 85, **total, "suppressed": False}}


AGEING = _example(
    "ageing",
    {
        "open": 20,
        "states": [
            {
                "state": "triage",
                "open": 5,
                "on_hold": 1,
                "ages": {"up_to_20": 4, "up_to_60": 1, "up_to_120": 0, "over_120": 0},
            }
        ],
    },
)
DEMAND = _example(
    "demand",
    {"unmet": 9, "reasons": {"no_capacity": 3, "no_funding": 4, "missed_window": 2}},
    group_by="topic",
    groups=[
        {"key": "homes", "submitted": 21, "unmet": 6, "suppressed": False},
        {"key": "climate", "submitted": None, "unmet": None, "suppressed": True},
    ],
)
UNIVERSITIES = _example(
    "universities",
    {
        "called": 19,
        "with_interest": 16,
        "without_interest": 3,
        "interests": 34,
        "late_interests": 2,
        "declines": {"no_capacity": 21, "outside_expertise": 17},
        "offers": 14,
        "offers_accepted": 12,
        "offers_declined": 2,
    },
)
TRANSITIONS = _example(
    "transitions",
    {"transitions": [{"event": "accept", "from": "triage", "to": "scoping", "count": 71}]},
)
