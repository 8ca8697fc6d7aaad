"""Settings: environment variables, read and checked once at boot. Each room receives its own section."""

import re
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NOTIFY = re.compile(rf"notify:\s*(?:[^\n]*-)?{_ID}-{_ID}\s*", re.IGNORECASE)


class SettingsProblem(Exception):
    """The environment cannot be served from; the message says which variable and what would do."""


class Settings(BaseSettings):
    """Everything the environment decides. Build it with `load()`, which turns mistakes into sentences."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    environment: Literal["development", "production"] = "development"
    database_url: str = "sqlite:///var/service.db"
    port: int = 8000
    base_url: str = ""
    database_tls: Literal["", "required"] = ""
    secret_key: str = ""
    secret_key_before: str = ""
    mail: str = "file:var/mail"
    notify_template_id: str = ""
    notify_reply_to_id: str = ""
    notify_url: str = "https://api.notifications.service.gov.uk"
    mail_tls: Literal["", "required", "offered"] = ""
    mail_from: str = "enquiries@service.example"
    staff_emails: Annotated[tuple[str, ...], NoDecode] = ()
    lead_emails: Annotated[tuple[str, ...], NoDecode] = ()
    staff_sign_in: Literal["link", "oidc", "both"] = "both"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = "your work account"
    oidc_email_claim: str = "email"
    oidc_verified_claim: str = "email_verified"
    oidc_acr: Annotated[tuple[str, ...], NoDecode] = ()
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
    log_format: Literal["", "json", "text"] = ""
    drain_seconds: float = 0
    stop_seconds: int = 10
    clock: str = "system"
    body_limit_bytes: int = 1_000_000
    import_limit_bytes: int = 20_000_000
    attachment_limit_bytes: int = 10_000_000
    body_seconds: float = 30
    key_calls_a_minute: int = 6000
    matching_model: str = "package"
    matching_model_sha256: str = ""
    trusted_proxies: str = "127.0.0.1"
    retain_spam_days: int = 30
    retain_people_unfunded_years: int = 2
    retain_project_records_years: int = 6
    retain_letters_days: int = 28

    @field_validator("staff_emails", "lead_emails", "webhook_allow_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.replace(";", ",").split(",") if part.strip())
        return value

    @field_validator("oidc_acr", mode="before")
    @classmethod
    def _apart(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("mail")
    @classmethod
    def _known_mail(cls, value: str) -> str:
        if value.startswith(("file:", "smtp://", "smtps://")) or _NOTIFY.fullmatch(value):
            return value
        if value.startswith("notify:"):
            raise ValueError("MAIL is notify: and the whole API key as Notify showed it: it ends with two ids")
        raise ValueError("MAIL is file:FOLDER, smtp://host:port, smtps://user:password@host:port or notify:KEY")

    @field_validator("clock")
    @classmethod
    def _known_clock(cls, value: str) -> str:
        if value == "system" or (value.startswith("file:") and len(value) > len("file:")):
            return value
        raise ValueError("CLOCK is either system or file:PATH")

    @field_validator("notify_template_id", "notify_reply_to_id")
    @classmethod
    def _an_id(cls, value: str, info: ValidationInfo) -> str:
        if value and not re.fullmatch(_ID, value.strip(), re.IGNORECASE):
            raise ValueError(f"{str(info.field_name).upper()} is an id of 36 characters, as Notify shows it")
        return value.strip()

    @field_validator("notify_url")
    @classmethod
    def _notify_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
            raise ValueError("NOTIFY_URL is a web address, such as https://api.notifications.service.gov.uk")
        return value.rstrip("/")

    @field_validator("orcid_url", "openalex_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment):
            raise ValueError("ORCID_URL and OPENALEX_URL are web addresses, such as https://pub.orcid.org, or empty")
        return value.rstrip("/")

    @field_validator(
        "retain_spam_days", "retain_people_unfunded_years", "retain_project_records_years", "retain_letters_days"
    )
    @classmethod
    def _a_period(cls, value: int, info: ValidationInfo) -> int:
        name = str(info.field_name).upper()
        most = 3650 if name.endswith("DAYS") else 100
        if not 1 <= value <= most:
            raise ValueError(f"{name} is a whole number from 1 to {most}")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment):
            raise ValueError("OIDC_ISSUER is the provider's web address exactly as it writes it, or empty")
        return value

    @field_validator("tick_seconds", "sources_seconds", "body_seconds")
    @classmethod
    def _positive(cls, value: float, info: ValidationInfo) -> float:
        if value <= 0:
            raise ValueError(f"{str(info.field_name).upper()} must be more than 0")
        return value

    @field_validator("drain_seconds", "stop_seconds", "key_calls_a_minute")
    @classmethod
    def _not_negative(cls, value: float, info: ValidationInfo) -> float:
        if value < 0:
            raise ValueError(f"{str(info.field_name).upper()} must not be less than 0")
        return value

    @model_validator(mode="after")
    def _whole_notify(self) -> Self:
        if self.mail.startswith("notify:") and not self.notify_template_id:
            raise ValueError(
                "NOTIFY_TEMPLATE_ID is required with MAIL=notify: the template with the subject ((subject)) and the body ((body))"
            )
        return self

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

    @model_validator(mode="after")
    def _encrypted_database(self) -> Self:
        address = urlsplit(self.database_url)
        if self.database_tls == "required" and address.scheme.startswith("postgresql"):
            asked = parse_qs(address.query)
            is_here = not address.hostname and all(host.startswith("/") for host in asked.get("host", ["/"]))
            if not is_here and asked.get("sslmode", [""])[-1] not in {"require", "verify-ca", "verify-full"}:
                raise ValueError(
                    "DATABASE_TLS is required, so DATABASE_URL has to end with ?sslmode=verify-full (or verify-ca, or require)"
                )
        return self

    @model_validator(mode="after")
    def _whole_provider(self) -> Self:
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("OIDC_CLIENT_ID is required with OIDC_ISSUER: the name this service has at the provider")
        if self.staff_sign_in == "oidc" and not self.oidc_issuer:
            raise ValueError("STAFF_SIGN_IN is oidc, which needs OIDC_ISSUER and OIDC_CLIENT_ID")
        if self.environment == "production" and self.oidc_issuer.startswith("http://"):
            raise ValueError("OIDC_ISSUER must begin with https:// in production")
        return self

    @property
    def mail_needs_tls(self) -> bool:
        """Tell whether a mail server that offers no encryption gets no mail: in production, unless MAIL_TLS says otherwise."""
        return self.mail_tls == "required" or (self.environment == "production" and not self.mail_tls)

    @property
    def has_provider(self) -> bool:
        """Tell whether the team may sign in with an account at a provider."""
        return bool(self.oidc_issuer) and self.staff_sign_in != "link"

    @cached_property
    def public_url(self) -> str:
        """Return the address people see, without a trailing slash."""
        return (self.base_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def logs_json(self) -> bool:
        """Whether logs are read by machines."""
        return self.log_format == "json" or (not self.log_format and self.environment == "production")

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
