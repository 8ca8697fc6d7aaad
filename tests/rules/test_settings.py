"""Settings that do not fit together stop the service at boot, with a sentence that says which and what would do."""

import pytest

from service.settings import SettingsProblem, load

WHOLE = {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "evidence"}
PRODUCTION = {"ENVIRONMENT": "production", "SECRET_KEY": "x" * 40, "BASE_URL": "https://ask.example.org"}


def _set(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in {"SECRET_KEY": "a secret", **values}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"OIDC_ISSUER": "https://id.example"}, "OIDC_CLIENT_ID is required with OIDC_ISSUER"),
        ({"STAFF_SIGN_IN": "oidc"}, "STAFF_SIGN_IN is oidc, which needs OIDC_ISSUER"),
        ({"OIDC_ISSUER": "id.example", "OIDC_CLIENT_ID": "x"}, "OIDC_ISSUER is the provider's web address"),
        ({**WHOLE, "OIDC_ISSUER": "https://id.example/?tenant=1"}, "OIDC_ISSUER is the provider's web address"),
        ({**PRODUCTION, **WHOLE, "OIDC_ISSUER": "http://id.example"}, "OIDC_ISSUER must begin with https://"),
        ({"STAFF_SIGN_IN": "password"}, "STAFF_SIGN_IN"),
        ({"BODY_SECONDS": "0"}, "BODY_SECONDS must be more than 0"),
    ],
)
def test_what_does_not_fit_is_told(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], told: str) -> None:
    _set(monkeypatch, **values)
    with pytest.raises(SettingsProblem) as problem:
        load(env_file=None)
    assert told in str(problem.value)


def test_a_provider_is_used_unless_links_alone_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch)
    assert not load(env_file=None).has_provider
    _set(monkeypatch, **PRODUCTION, **WHOLE)
    assert load(env_file=None).has_provider
    monkeypatch.setenv("STAFF_SIGN_IN", "link")
    assert not load(env_file=None).has_provider


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://service:x@database.example/service",
        "postgresql://service:x@database.example/service?sslmode=prefer",
        "postgresql+psycopg:///service?host=database.example",
    ],
)
def test_an_open_line_to_the_database_is_refused_where_encryption_is_required(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    _set(monkeypatch, DATABASE_URL=url)
    assert load(env_file=None).database_tls == ""
    _set(monkeypatch, DATABASE_TLS="required")
    with pytest.raises(SettingsProblem, match="sslmode=verify-full"):
        load(env_file=None)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://service:x@database.example/service?sslmode=verify-full",
        "postgresql:///service?host=/var/run/postgresql",
        "postgresql:///service",
        "sqlite:///var/service.db",
    ],
)
def test_a_line_that_is_encrypted_or_stays_on_the_machine_will_do(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    _set(monkeypatch, DATABASE_URL=url, DATABASE_TLS="required")
    assert load(env_file=None).database_url == url
