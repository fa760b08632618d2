"""Routes of the application: login, gateway, commands, users and direct messages."""

from typing import Any

from . import payloads
from .errors import Refusal, invalid_form, unknown
from .routing import Call, route

COMMANDS = "/applications/{application_id}/commands"
GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"


@route("GET", "/users/@me")
def me(call: Call) -> Any:
    return payloads.user(call.world.bot) | {"email": None, "verified": True, "mfa_enabled": False, "locale": "en-US"}


@route("GET", "/users/{user_id}")
def user(call: Call) -> Any:
    if call["user_id"] not in call.world.users:
        raise unknown("user")
    return payloads.user(call.world.users[call["user_id"]])


@route("GET", "/oauth2/applications/@me")
def application(call: Call) -> Any:
    app = call.world.application
    return {
        "id": str(app.id),
        "name": app.bot.name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "00" * 32,
        "flags": app.flags,
        "hook": True,
        "rpc_origins": [],
        "team": None,
        "owner": payloads.user(app.owner),
        "approximate_guild_count": len(call.world.guilds),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
    }


@route("GET", "/applications/@me")
def application_too(call: Call) -> Any:
    return application(call)


@route("GET", "/gateway/bot")
def gateway(call: Call) -> Any:
    app = call.world.application
    limit = {"total": 1000, "remaining": max(0, app.identifies_left), "reset_after": 86_400_000}
    limit["max_concurrency"] = app.max_concurrency
    return {"url": call.discord.gateway.url, "shards": app.shards, "session_start_limit": limit}


@route("POST", "/users/@me/channels")
def open_dm(call: Call) -> Any:
    someone = call.world.users.get(int(call.body["recipient_id"]))
    if someone is None:
        raise unknown("user")
    if someone.bot:
        raise Refusal(403, 50007, "Cannot send messages to this user")
    return payloads.channel(call.world.dm(someone))


# commands


@route("GET", COMMANDS)
def commands(call: Call) -> Any:
    return call.world.commands.setdefault(_scope(call), [])


@route("GET", GUILD_COMMANDS)
def guild_commands(call: Call) -> Any:
    return commands(call)


@route("PUT", COMMANDS)
def overwrite(call: Call) -> Any:
    known = {(c["type"], c["name"]): c for c in commands(call)}
    made = [_command(call, body, known.get((body.get("type", 1), body["name"]))) for body in call.body]
    _check(made)
    call.world.commands[_scope(call)] = made
    return made


@route("PUT", GUILD_COMMANDS)
def overwrite_guild(call: Call) -> Any:
    return overwrite(call)


@route("POST", COMMANDS)
def create(call: Call) -> Any:
    known = commands(call)
    made = _command(call, call.body, None)
    known[:] = [c for c in known if (c["type"], c["name"]) != (made["type"], made["name"])] + [made]
    _check(known)
    return made


@route("POST", GUILD_COMMANDS)
def create_guild(call: Call) -> Any:
    return create(call)


@route("DELETE", COMMANDS + "/{command_id}")
def delete(call: Call) -> Any:
    known = commands(call)
    if not any(c["id"] == str(call["command_id"]) for c in known):
        raise unknown("command")
    known[:] = [c for c in known if c["id"] != str(call["command_id"])]


@route("DELETE", GUILD_COMMANDS + "/{command_id}")
def delete_guild(call: Call) -> Any:
    delete(call)


def _scope(call: Call) -> int | None:
    guild_id = call.args.get("guild_id")
    if guild_id is not None and guild_id not in call.world.guilds:
        raise Refusal(403, 50001, "Missing Access")
    return guild_id


def _command(call: Call, body: dict[str, Any], old: dict[str, Any] | None) -> dict[str, Any]:
    defaults = {
        "type": 1,
        "description": "",
        "options": [],
        "name_localizations": None,
        "description_localizations": None,
        "default_member_permissions": None,
        "nsfw": False,
        "contexts": None,
        "integration_types": [0],
    }
    scope = call.args.get("guild_id")
    placed = {"guild_id": str(scope)} if scope else {}
    return {
        **defaults,
        **body,
        **placed,
        "id": old["id"] if old else str(call.world.ids.make()),
        "application_id": str(call.world.application.id),
        "version": str(call.world.ids.make()),
    }


def _check(made: list[dict[str, Any]]) -> None:
    """Names unique per type, at most 100 chat commands, a command's whole text at most 8,000 characters."""
    names = [(c["type"], c["name"]) for c in made]
    if len(names) != len(set(names)):
        raise Refusal(
            400, 50035, "Invalid Form Body", errors={"_errors": [{"code": "APPLICATION_COMMANDS_DUPLICATE_NAME"}]}
        )
    if sum(c["type"] == 1 for c in made) > 100:
        raise Refusal(400, 30032, "Maximum number of application commands reached (100)")
    for number, command in enumerate(made):
        if _text(command) > 8000:
            raise invalid_form(str(number), "Command exceeds maximum size (8000)", "APPLICATION_COMMAND_TOO_LARGE")


def _text(node: dict[str, Any]) -> int:
    """Characters that count: for each text the longest of its localisations."""
    total = 0
    for key in ("name", "description"):
        texts = [node.get(key) or "", *(node.get(f"{key}_localizations") or {}).values()]
        total += max(map(len, texts))
    total += sum(len(c["name"]) + len(str(c["value"])) for c in node.get("choices") or ())
    return total + sum(_text(option) for option in node.get("options") or ())
