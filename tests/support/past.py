"""A small earlier service's log, for figures that have months, groups and every kind of end in them."""

from datetime import date, timedelta

_SECTORS = ("council_public_health", "council_public_health", "council_other", "nhs", "third_sector", "business")
_AREAS = ("north_east", "north_west", "north_east", "wales")
_TOPICS = ("homes", "food", "homes;mental_health", "schools")
_ENDS = ("answered", "signposted", "no_capacity", "lapsed", "withdrawn", "no_funding")
_STATES = (
    "scoping",
    "drafting",
    "sign_off",
    "open_call",
    "selecting",
    "costing",
    "funding",
    "contracting",
    "commissioned",
)


def log_of(cases: int = 60, first: date = date(2024, 11, 4), days: int = 7) -> str:
    """Return a log as `import history` reads it: a case every few days, of which each sixth is commissioned and each
    seventh stays open; the same each time."""
    rows = ["reference,state,entered_at,outcome,sector,area,topic"]
    for number in range(cases):
        asked = first + timedelta(days=days * number)
        about = f"{_SECTORS[number % 6]},{_AREAS[number % 4]},{_TOPICS[number % 4]}"
        rows.append(f"{number},triage,{asked},,{about}")
        rows.append(f"{number},first_response,{asked + timedelta(days=1 + number % 3)},,{about}")
        if number % 6 == 0:
            rows += [
                f"{number},{state},{asked + timedelta(days=9 * step)},,{about}" for step, state in enumerate(_STATES, 1)
            ]
        elif number % 7:
            rows.append(f"{number},closed,{asked + timedelta(days=10 + number % 9)},{_ENDS[number % 6]},{about}")
    return "\n".join(rows) + "\n"
