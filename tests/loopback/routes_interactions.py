"""Routes by which the bot answers interactions."""

import time
from typing import Any

from . import messages
from .compose import compose
from .errors import Refusal
from .interactions import CHOICES, DEFER, DEFER_UPDATE, MODAL, MODAL_SUBMIT, REPLY, UPDATE, InteractionRecord
from .models import EPHEMERAL, LOADING, Message
from .routing import Call, route

WEBHOOK = "/webhooks/{application_id}/{token}"


@route("POST", "/interactions/{interaction_id}/{token}/callback", needs_token=False)
def callback(call: Call) -> Any:
    record = call.discord.interactions.open(call["interaction_id"], call["token"])
    kind, data = call.body["type"], call.body.get("data") or {}
    if kind in (DEFER_UPDATE, UPDATE) and record.message is None:
        raise Refusal(400, 50035, "Invalid Form Body", errors={"type": {"_errors": []}})
    if kind == MODAL and record.kind == MODAL_SUBMIT:
        raise Refusal(400, 50035, "Invalid Form Body", errors={"type": {"_errors": []}})
    _first_response(call, record, kind, data)
    record.response_kind = kind
    record.first_response_seconds = time.monotonic() - record.started
    record.answered.set()
    if kind not in (DEFER, DEFER_UPDATE):
        record.finished.set()
    return _outcome(call, record) if call.query.get("with_response") else None


def _first_response(call: Call, record: InteractionRecord, kind: int, data: dict[str, Any]) -> None:
    shown = call.discord.interactions
    if kind == REPLY:
        record.response = shown.show(record, compose(call, data, record.channel))
    elif kind == DEFER:
        hidden = (data.get("flags") or 0) & EPHEMERAL
        record.response = shown.show(record, {"content": "", "flags": LOADING | hidden})
    elif kind == UPDATE:
        assert record.message is not None
        messages.edit(call.world, record.message, **compose(call, data, record.channel, editing=True))
        record.response = record.message
    elif kind == DEFER_UPDATE:
        record.response = record.message
    elif kind == CHOICES:
        record.choices = data["choices"]
    elif kind == MODAL:
        record.modal = data


def _outcome(call: Call, record: InteractionRecord) -> Any:
    outcome: dict[str, Any] = {"interaction": {"id": str(record.id), "type": record.kind}}
    if record.response is not None:
        outcome["interaction"] |= {
            "response_message_id": str(record.response.id),
            "response_message_loading": bool(record.response.flags & LOADING),
            "response_message_ephemeral": record.response.ephemeral,
        }
        if record.response_kind in (REPLY, DEFER, UPDATE, DEFER_UPDATE):
            message = messages.world_message(call.world, record.response)
            outcome["resource"] = {"type": record.response_kind, "message": message}
    return outcome


@route("POST", WEBHOOK, needs_token=False)
def follow_up(call: Call) -> Any:
    shown = call.discord.interactions
    record = shown.living(call["token"])
    fields = compose(call, call.body, record.channel)
    if record.response is not None and record.response.flags & LOADING:
        # the first follow-up takes the place of the deferral, and is as public or private as that
        fields["flags"] = (fields.get("flags") or 0) & ~EPHEMERAL
        shown.change(record.response, fields)
        message = record.response
    else:
        message = shown.show(record, fields)
        record.followups.append(message)
    record.finished.set()
    return messages.world_message(call.world, message)


@route("GET", WEBHOOK + "/messages/{message}", needs_token=False)
def fetch(call: Call) -> Any:
    _, message = _find(call)
    return messages.world_message(call.world, message)


def _find(call: Call) -> tuple[InteractionRecord, Message]:
    record = call.discord.interactions.living(call["token"])
    return record, call.discord.interactions.find(record, call["message"])


@route("PATCH", WEBHOOK + "/messages/{message}", needs_token=False)
def edit(call: Call) -> Any:
    record, message = _find(call)
    call.discord.interactions.change(message, compose(call, call.body, record.channel, editing=True))
    record.finished.set()
    return messages.world_message(call.world, message)


@route("DELETE", WEBHOOK + "/messages/{message}", needs_token=False)
def delete(call: Call) -> Any:
    record, message = _find(call)
    call.discord.interactions.remove(record, message)
    record.finished.set()
