"""Where a sign-in leads on to: a path of this service, whatever was asked for and however it is spelt."""

import pytest

from service.routers.enquire.onward import safe_path


@pytest.mark.parametrize(
    "wanted",
    [
        "", "/", "/manage", "/enquiries/4J7KQ2-M?tab=1#talk", "/partner/briefs/x", "/%2F/evil.example", "/https://evil.example",
    ],
)  # fmt: skip
def test_a_path_stays_as_it_is(wanted: str) -> None:
    assert safe_path(wanted) == (wanted or "/enquiries")


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example",
        "/\r\n/evil.example", "\t//evil.example", " //evil.example", "https://evil.example", "https:evil.example", "HTTPS:/evil.example",
        "javascript:alert(1)", "data:text/html,x", "evil.example", "%2F%2Fevil.example", "/\u2028/evil.example", "/\x00/evil.example",
        "//evil.example@ask.example", "//[::1", "/x\r\nSet-Cookie: a=b", "?next=//evil.example", "/" + "x" * 600,
    ],
)  # fmt: skip
def test_anything_else_leads_home(wanted: str) -> None:
    assert safe_path(wanted) == "/enquiries"
