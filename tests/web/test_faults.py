"""A fault of ours is answered, owned up to, logged, and sent with the same careful headers as everything else."""

import logging

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.main import build
from service.settings import Settings


@pytest.fixture
def app(sqlite_url: str) -> FastAPI:
    app = build(Settings(database_url=sqlite_url, secret_key="a-secret-for-tests-a-secret-for-tests-a-secret"))

    @app.get("/api/v1/fault")
    @app.get("/fault")
    def fail() -> None:
        raise ZeroDivisionError("secret detail")

    return app


@pytest.mark.parametrize(
    ("path", "media_type"), [("/api/v1/fault", "application/problem+json"), ("/fault", "text/html")]
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
