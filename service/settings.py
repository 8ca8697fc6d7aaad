"""Settings: environment variables, read and checked once at boot. Each room receives its own section."""

import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class SettingsProblem(Exception):
    """The environment cannot be served from; the message says which variable and what would do."""


class Settings(BaseSettings):
    """Everything the environment decides. Build it with `load()`, which turns mistakes into sentences."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    environment: Literal["development", "production"] = "development"
    database_url: str = "sqlite:///var/service.db"
    port: int = 8000
    base_url: str = ""
    secret_key: str = ""
    mail: str = "file:var/mail"
    mail_from: str = "enquiries@service.example"
    staff_emails: Annotated[tuple[str, ...], NoDecode] = ()
    lead_emails: Annotated[tuple[str, ...], NoDecode] = ()
    scheduler: Literal["internal", "external", "off"] = "internal"
    tick_seconds: float = 15
    service_name: str = "Evidence Enquiry Service"
    service_nation: Literal["england_and_wales", "scotland", "northern_ireland"] = "england_and_wales"
    service_region: str = "north_east"
    service_phone: str = "01632 960 123"
    service_controller: str = ""
    privacy_contact: str = ""
    lawful_basis: Literal["public_task", "legitimate_interests"] = "public_task"
    suppression_threshold: int = 5
    webhook_allow_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    orcid_url: str = ""
    openalex_url: str = ""
    openalex_api_key: str = ""
    sources_contact: str = ""
    sources_seconds: float = 1
    demo: bool = False
    clock: str = "system"
    body_limit_bytes: int = 1_000_000
    import_limit_bytes: int = 20_000_000
    attachment_limit_bytes: int = 10_000_000
    matching_model: str = "package"
    matching_model_sha256: str = ""
    trusted_proxies: str = "127.0.0.1"

    @field_validator("staff_emails", "lead_emails", "webhook_allow_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.replace(";", ",").split(",") if part.strip())
        return value

    @field_validator("mail")
    @classmethod
    def _known_mail(cls, value: str) -> str:
        if value.startswith(("file:", "smtp://", "smtps://")):
            return value
        raise ValueError("MAIL is file:FOLDER, smtp://host:port or smtps://user:password@host:port")

    @field_validator("clock")
    @classmethod
    def _known_clock(cls, value: str) -> str:
        if value == "system" or (value.startswith("file:") and len(value) > len("file:")):
            return value
        raise ValueError("CLOCK is either system or file:PATH")

    @field_validator("orcid_url", "openalex_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment):
            raise ValueError("ORCID_URL and OPENALEX_URL are web addresses, such as https://pub.orcid.org, or empty")
        return value.rstrip("/")

    @field_validator("tick_seconds", "sources_seconds")
    @classmethod
    def _positive(cls, value: float, info: ValidationInfo) -> float:
        if value <= 0:
            raise ValueError(f"{str(info.field_name).upper()} must be more than 0")
        return value

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if self.environment == "production":
            if self.clock != "system":
                raise ValueError("CLOCK must be system in production: business time may be moved only in a rehearsal")
            if len(self.secret_key) < 32:
                raise ValueError("SECRET_KEY is required in production: at least 32 random characters")
            if not self.base_url:
                raise ValueError(
                    "BASE_URL is required in production: the address people see, such as https://ask.example.org"
                )
            address = urlsplit(self.base_url)
            if address.scheme != "https" and address.hostname not in {"localhost", "127.0.0.1", "::1"}:
                raise ValueError("BASE_URL begins with https:// in production: people sign in there")
        return self

    @cached_property
    def public_url(self) -> str:
        """Return the address people see, without a trailing slash."""
        return (self.base_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


def load(*, env_file: str | None = ".env") -> Settings:
    """Read the environment (and `.env`, outside production). Raises SettingsProblem with one line for each mistake."""
    try:
        # A first look without the file tells whether this is production, where the file is not read.
        settings = Settings()
        if settings.environment == "development" and env_file and Path(env_file).is_file():
            settings = _settings_with(env_file)
    except ValidationError as problem:
        raise SettingsProblem(_sentences(problem)) from problem
    if not settings.secret_key:
        settings = settings.model_copy(update={"secret_key": _kept_secret(Path("var/secret_key"))})
    return settings


def _settings_with(env_file: str) -> Settings:
    class SettingsAndFile(Settings):
        model_config = SettingsConfigDict(env_file=env_file)

    return SettingsAndFile()


def _kept_secret(path: Path) -> str:
    """Return the development secret kept in `path`, made on first use and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()


def _sentences(problem: ValidationError) -> str:
    lines = []
    for error in problem.errors():
        name = ".".join(str(part) for part in error["loc"]).upper()
        message = error["msg"].removeprefix("Value error, ")
        lines.append(f"{name}: {message}" if name and name not in message else message)
    return "\n".join(lines)
