"""Process configuration, read once by the command line and passed down explicitly."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import StartupError
from bot.i18n.marks import N_

PrivilegedIntent = Literal["members", "message_content"]


class Settings(BaseSettings):
    """What the operator decides. Everything about a community lives in the database instead."""

    model_config = SettingsConfigDict(
        env_file=".env", env_prefix="PARVIS_", extra="ignore", hide_input_in_errors=True, populate_by_name=True
    )

    token: SecretStr | None = Field(None, validation_alias=AliasChoices("DISCORD_TOKEN", "token"))
    """The bot's token from Discord's developer portal."""
    database_url: str = Field(
        "sqlite+aiosqlite:///data/parvis.db",
        validation_alias=AliasChoices("DATABASE_URL", "database_url"),
        repr=False,  # it may carry a password
    )
    """SQLAlchemy address: ``sqlite+aiosqlite:///path`` or ``postgresql+asyncpg://user:password@host/name``."""
    features: Annotated[tuple[str, ...], NoDecode] = ("administration", "membership", "conduct", "onboarding")
    """Packages below ``cogs`` to load, separated by commas."""
    default_language: Literal["en", "fr"] = "en"
    """Spoken in servers that did not choose yet."""
    without_intents: Annotated[frozenset[PrivilegedIntent], NoDecode] = frozenset()
    """Privileged intents to do without, separated by commas; what needs them is off."""
    health_port: int | None = Field(8081, ge=0, le=65535)
    """Port of /livez, /readyz and /metrics on loopback; 0 takes a free one; empty turns them off."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["auto", "console", "json"] = "auto"
    """``auto``: readable lines on a terminal, JSON otherwise."""
    backup_dir: Path = Path("data/backups")
    """Where the verified backup before a migration goes (SQLite)."""
    cluster: str = Field("0/1", pattern=r"^\d+/[1-9]\d*$")
    """This process among several, counted from 0: ``0/2`` is the first of two."""
    startup_backoff: bool = True
    """Wait before connecting when the program was restarted five times within ten minutes."""
    discord_url: str | None = None
    """A loopback imitation of Discord, for tests and benchmarks; any other address is refused."""

    @field_validator("features", "without_intents", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("health_port", "discord_url", "token", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment and ``.env``; raises StartupError naming each bad variable, never its value."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        names = ", ".join(sorted({_variable(str(problem["loc"][0])) for problem in error.errors()}))
        raise StartupError(
            N_("These settings have a value that cannot be used: {names}. See .env.example for what they take."),
            names=names,
        ) from None


def _variable(field: str) -> str:
    return field if field.isupper() else f"PARVIS_{field.upper()}"
