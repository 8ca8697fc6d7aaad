# The same steps as `make setup`, and an image that holds only their results. `make rehearse` takes them without Docker.
FROM python:3.13-slim AS build
WORKDIR /app
RUN python -m venv .venv
COPY requirements.txt ./
RUN .venv/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY requirements-assets.txt ./
COPY frontend frontend
RUN python -m venv /node \
    && /node/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements-assets.txt \
    && /node/bin/python frontend/build.py

FROM python:3.13-slim
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --home-dir /app service && mkdir var && chown 10001 var
COPY --from=build /app/.venv .venv
COPY pyproject.toml LICENSE ./
COPY alembic alembic
COPY service service
COPY --from=build /app/service/static service/static
RUN .venv/bin/python -m pip uninstall --yes --quiet pip
USER 10001
VOLUME /app/var
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\", \"8000\")}/healthz', timeout=4)"]
CMD ["sh", "-c", "python -m service migrate && exec python -m service serve --host 0.0.0.0"]
