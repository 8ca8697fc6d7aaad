"""A fault of ours is answered, owned up to, logged, and sent with the same careful headers as everything else."""

import logging

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.main import build
from service.routers.downloads import download
from service.settings import Settings
from tests.support.doors import house


@pytest.fixture
def app(sqlite_url: str) -> FastAPI:
    app = build(Settings(database_url=sqlite_url, secret_key="a-secret-for-tests-a-secret-for-tests-a-secret"))

    @app.get("/api/v1/fault")
    @app.get("/fault/{token}")
    def fail() -> None:
        raise ZeroDivisionError("secret detail")

    return app


@pytest.mark.parametrize(
    ("path", "media_type"), [("/api/v1/fault", "application/problem+json"), ("/fault/a-secret-token", "text/html")]
)
def test_a_fault_is_owned_up_to_with_careful_headers(
    app: FastAPI, caplog: pytest.LogCaptureFixture, path: str, media_type: str
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = TestClient(app, raise_server_exceptions=False).get(path)
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith(media_type)
    assert "our fault" in answer.text
    assert "secret detail" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "ZeroDivisionError" in caplog.text
    assert "/fault" in caplog.text
    assert "a-secret-token" not in caplog.text


def test_every_kind_of_answer_carries_the_same_care(sqlite_url: str) -> None:
    with house(sqlite_url, base_url="https://ask.example.org") as opened:
        visitor = opened.visitor()
        answers = {
            path: visitor.request(method, path)
            for method, path in [
                ("GET", "/"),
                ("GET", "/nowhere"),
                ("GET", "/enquiries"),
                ("GET", "/sign-out"),
                ("GET", "/api/v1/enquiries"),
                ("GET", "/openapi.json"),
                ("TRACE", "/ask"),
                ("GET", "/static/favicon.svg"),
                ("GET", "/static/"),
            ]
        }
        assert [answer.status_code for answer in answers.values()] == [200, 404, 401, 303, 401, 200, 405, 200, 404]
        for path, answer in answers.items():
            sent = answer.headers
            assert sent["strict-transport-security"] == "max-age=31536000; includeSubDomains", path
            assert sent["x-content-type-options"] == "nosniff", path
            assert sent["referrer-policy"] == "no-referrer", path
            assert sent["cross-origin-resource-policy"] == "same-origin", path
            policy = {part.split()[0]: part.split()[1:] for part in sent["content-security-policy"].split(";")}
            for nothing in ("default-src", "object-src", "base-uri", "frame-ancestors"):
                assert policy[nothing] == ["'none'"], path
            assert "access-control-allow-origin" not in sent, path
            assert "server" not in sent, path
            assert (sent.get("cache-control") == "no-store") is (path != "/static/favicon.svg"), path


@pytest.mark.parametrize(
    ("written_in", "told"), [("utf-8-sig", "utf-8"), ("cp1252", "windows-1252"), ("utf-16", "utf-16")]
)
def test_a_text_is_handed_out_as_it_was_written(written_in: str, told: str) -> None:
    answer = download('a"b\r\nX: y.txt', "text/plain", "Käse".encode(written_in))
    assert answer.headers["content-type"] == f"text/plain; charset={told}"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''a%22b%0D%0AX%3A%20y.txt"
