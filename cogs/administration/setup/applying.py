"""Carries a run out, operation by operation. A restart goes on where the last commit left it."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from pydantic import ValidationError

from bot.contracts.services import NewcomerDoor
from bot.errors import UserError
from bot.guilds.problems import InvalidValue
from bot.guilds.sections import CommunitySettings, Section
from bot.permissions.configuration import check_for
from bot.timers import DueTimer
from cogs.administration.setup import making
from cogs.administration.setup.models import RunState
from cogs.administration.setup.operations import CREATIONS, Kind, Operation, State, creation
from cogs.administration.setup.plan import acceptable, obstacle
from cogs.administration.setup.problems import MadeAndGone, NoLongerAllowed, StaysOff, WentWrong, kept
from cogs.administration.setup.runs import Run, Runs
from cogs.administration.setup.undoing import take_back
from cogs.administration.setup.wishes import present_ids

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

ATTEMPTS = 4
"""How often Discord may be unwell before an operation is given up; the pauses are those of timers."""
Follower = Callable[[Run], Awaitable[None]]


class ServerAway(Exception):
    """Discord has not told of the server yet: the timer tries again."""


class Applying:
    """The handler of the timer of a run. ``follow`` lets somebody watch: they are called after each operation."""

    def __init__(self, bot: "CommunityBot", runs: Runs) -> None:
        self._bot = bot
        self._runs = runs
        self._followers: dict[int, Follower] = {}

    def follow(self, guild_id: int, follower: Follower) -> None:
        """Whoever pressed the button sees how far it is, until the process ends."""
        self._followers[guild_id] = follower

    async def carry_out(self, timer: DueTimer) -> None:
        """Do what is left of the run. Raises what Discord may mend by itself; the timer tries again."""
        run = self._runs.latest(timer.guild_id or 0)
        guild = self._bot.get_guild(timer.guild_id or 0)
        if run is None or run.id != timer.payload["run"] or not run.busy:
            return
        if guild is None:
            raise ServerAway(f"server {timer.guild_id}")
        last_try = timer.attempts + 1 >= ATTEMPTS
        if run.state is RunState.APPLYING:
            run = await self._apply(guild, run, last_try)
        else:
            run = await self._undo(guild, run, last_try)
        run = await self._runs.finish(run)
        await self._tell(run)
        self._followers.pop(guild.id, None)

    async def _apply(self, guild: discord.Guild, run: Run, last_try: bool) -> Run:
        for operation in run.operations:
            if operation.over:
                continue
            actor = self._actor(guild, run)
            if actor is None:
                done = operation.failed(kept(NoLongerAllowed()))
            else:
                done, run = await self._attempt(guild, run, operation, actor, last_try)
            if done not in run.operations:
                run = await self._runs.record(run, done)
            await self._tell(run)
        return run

    async def _attempt(
        self, guild: discord.Guild, run: Run, operation: Operation, actor: discord.Member, last_try: bool
    ) -> tuple[Operation, Run]:
        try:
            if operation.kind in CREATIONS:
                return await self._create(guild, run, operation, actor)
            if operation.kind is Kind.DOOR:
                return await self._open_door(guild, operation), run
            return await self._set(guild, run, operation, actor)
        except UserError as error:
            return operation.failed(kept(error)), run
        except (discord.HTTPException, OSError) as error:
            if not last_try:
                raise
            log.warning("an operation of the set-up of server %d is given up: %s", guild.id, error)
            return operation.failed(kept(WentWrong())), run

    async def _create(
        self, guild: discord.Guild, run: Run, operation: Operation, actor: discord.Member
    ) -> tuple[Operation, Run]:
        made = None
        if operation.state is State.TRYING:
            made = await making.left_behind(guild, operation)
        if made is None:
            if error := obstacle(guild, operation):
                raise error
            operation = replace(operation, state=State.TRYING, known=making.same_name(guild, operation))
            run = await self._runs.record(run, operation)
            roles = creation(run.operations, f"{CommunitySettings.key}.staff_roles")
            team = making.staff_of(self._bot, guild, (roles.id,) if roles and roles.id else ())
            made = await making.make(self._bot, guild, operation, team, actor)
        done = replace(operation, state=State.DONE, id=made.id)
        # Kept before anything else is awaited: from here on a crash finds it by its id.
        run = await self._runs.record(run, done)
        await making.arrived(self._bot, guild, done)
        return done, run

    async def _set(
        self, guild: discord.Guild, run: Run, operation: Operation, actor: discord.Member
    ) -> tuple[Operation, Run]:
        section = self._bot.sections.named(operation.key)
        present = self._bot.guild_settings.get(guild.id, section)
        values, problems = self._values(guild, run, operation, present)
        check = check_for(guild, actor)
        accepted, refused = acceptable(present, values, check)
        problems += [error for _, error in refused]
        if operation.state is not State.TRYING:
            json = present.model_dump(mode="json")
            operation = replace(operation, state=State.TRYING, before={name: json[name] for name in accepted})
            run = await self._runs.record(run, operation)
        try:
            value = await self._bot.guild_settings.edit(guild.id, section, lambda _: accepted, by=actor.id, check=check)
        except ValidationError as error:
            raise InvalidValue(error) from None
        json = value.model_dump(mode="json")
        told = tuple(kept(error) for error in problems)
        state = State.DONE if accepted or not told else State.FAILED
        after = {name: json[name] for name in operation.before}
        return replace(operation, state=state, after=after, problems=told), run

    def _values(
        self, guild: discord.Guild, run: Run, operation: Operation, present: Section
    ) -> tuple[dict[str, object], list[UserError]]:
        """The fields to set, with the ids of what was created; what needs something that is missing stays off."""
        values, problems = dict(operation.values), list[UserError]()
        for field in operation.made:
            made = creation(run.operations, f"{operation.key}.{field}")
            if made is None or made.id is None:
                continue  # its own operation says why
            if (guild.get_role(made.id) or guild.get_channel(made.id)) is None:
                problems.append(MadeAndGone(made.name))
            elif isinstance(getattr(present, field), tuple):
                values[field] = [*values.get(field, present_ids(present, field)), made.id]
            else:
                values[field] = made.id
        for switch, needed in operation.switches.items():
            if any(not self._has(guild, run, operation, values, key) for key in needed):
                values.pop(switch, None)
                problems.append(StaysOff(self._bot.sections.named(operation.key).title))
        return values, problems

    def _has(self, guild: discord.Guild, run: Run, operation: Operation, values: dict[str, object], key: str) -> bool:
        section, _, field = key.partition(".")
        if section == operation.key and field in values:
            return bool(values[field])
        return bool(present_ids(self._bot.guild_settings.get(guild.id, self._bot.sections.named(section)), field))

    async def _open_door(self, guild: discord.Guild, operation: Operation) -> Operation:
        door = self._bot.service(NewcomerDoor)
        section, switch, channel = door.place
        present = self._bot.guild_settings.get(guild.id, section)
        if not getattr(present, switch) or getattr(present, channel) is None:
            return operation.failed()  # what is missing has said so itself
        where, message = await door.post(guild)
        return replace(operation, state=State.DONE, where=where, id=message)

    async def _undo(self, guild: discord.Guild, run: Run, last_try: bool) -> Run:
        for operation in reversed(run.operations):
            if operation.state is not State.DONE or operation.undone:
                continue
            actor = self._actor(guild, run)
            taken = await take_back(self._bot, guild, operation, actor, last_try=last_try)
            run = await self._runs.record(run, taken)
            await self._tell(run)
        return run

    def _actor(self, guild: discord.Guild, run: Run) -> discord.Member | None:
        """Whoever pressed the button, while they still manage the server."""
        member = guild.get_member(run.acting or 0)
        if member is None:
            return None
        powers = member.guild_permissions
        return member if powers.manage_guild or powers.administrator else None

    async def _tell(self, run: Run) -> None:
        follower = self._followers.get(run.guild_id)
        if follower is None:
            return
        try:
            await follower(run)
        except (discord.HTTPException, UserError) as error:
            log.info("the progress of a set-up is no longer shown: %s", error)
            self._followers.pop(run.guild_id, None)
