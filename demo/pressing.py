"""Finds the bot's buttons, menus and forms by what they do, and uses them as a person would."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simcord import InteractionResult, MemberActor, ResponseMessage, RoleHandle, UserHandle
from simcord.backend.models import Message


class NothingToPress(LookupError):
    """The bot's message does not have what a person would press there."""


def custom_ids(components: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Every custom_id in a message's or form's components, however deep."""
    for component in components:
        if custom_id := component.get("custom_id"):
            yield str(custom_id)
        for inner in ("components", "accessory", "component"):
            nested = component.get(inner)
            if isinstance(nested, Mapping):
                yield from custom_ids([nested])
            elif nested:
                yield from custom_ids(nested)


def wanted_id(components: Sequence[Mapping[str, Any]], start: str) -> str:
    """The first custom_id that begins so. Raises NothingToPress."""
    found = next((one for one in custom_ids(components) if one.startswith(start)), None)
    if found is None:
        raise NothingToPress(f"{start} is not among {list(custom_ids(components))}")
    return found


def acting(who: MemberActor, channel_id: int) -> MemberActor | UserHandle:
    """Who acts there: a member in a server, else the person in their private messages."""
    return who if who._env.backend.get_channel(channel_id).guild_id else who.user


async def press(who: MemberActor, message: ResponseMessage, start: str) -> InteractionResult:
    """Press the button whose custom_id begins so. Raises NothingToPress."""
    person = acting(who, message.channel_id)
    return await person.click(message.message, custom_id=wanted_id(message.components, start))


async def choose(who: MemberActor, message: ResponseMessage, start: str, roles: Sequence[RoleHandle]) -> None:
    """Choose roles in the menu whose custom_id begins so."""
    values = [str(role.id) for role in roles]
    await acting(who, message.channel_id).select(
        message.message, values, custom_id=wanted_id(message.components, start)
    )


async def pick(who: MemberActor, message: ResponseMessage, start: str, *values: str) -> None:
    """Choose these values in the menu whose custom_id begins so."""
    await acting(who, message.channel_id).select(
        message.message, list(values), custom_id=wanted_id(message.components, start)
    )


async def fill(who: MemberActor, form: InteractionResult, *texts: str) -> InteractionResult:
    """Write the texts into the form's first fields and send it."""
    if form.modal is None:
        raise NothingToPress("no form was opened")
    fields = zip(custom_ids(form.modal["components"]), texts, strict=False)
    return await acting(who, form._interaction.channel_id).submit_modal(form, dict(fields))


def reply_to(result: InteractionResult) -> ResponseMessage:
    """What the bot answered. Raises NothingToPress when it said nothing."""
    answer = result.response or next(iter(result.followups), None)
    if answer is None:
        raise NothingToPress("the bot did not answer")
    return answer


def latest(who: MemberActor, message: ResponseMessage) -> ResponseMessage:
    """The same message as it stands now."""
    return ResponseMessage(who._env, who._env.backend.get_message(message.channel_id, message.id))


def posted(who: MemberActor, channel_id: int, start: str) -> ResponseMessage | None:
    """The newest message of a channel with something to press whose custom_id begins so."""
    env = who._env
    messages: Mapping[int, Message] = env.backend.messages.get(channel_id, {})
    for message in sorted(messages.values(), key=lambda one: one.id, reverse=True):
        if not message.is_ephemeral and any(one.startswith(start) for one in custom_ids(message.components)):
            return ResponseMessage(env, message)
    return None
