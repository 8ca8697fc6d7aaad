"""The bare framework: what a route costs that does nothing. Run as `python -m bench.support.bare PORT BODY_FILE`."""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response

TAG = '"0123456789abcdef0123456789abcdef"'
app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
body = b""


@app.get("/unchanged")
def unchanged() -> Response:
    """Say that nothing is new."""
    return Response(status_code=304, headers={"ETag": TAG})


@app.get("/page")
def page() -> Response:
    """Send the body."""
    return Response(body, headers={"ETag": TAG}, media_type="application/json")


if __name__ == "__main__":
    body = Path(sys.argv[2]).read_bytes()
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, server_header=False, log_level="warning")
