"""Nobody decides about themselves, a bot, the owner, an equal or a senior, whichever door they come in by.

A door is one way to act on somebody: add another with ``@door`` (a whole act) or to ``Late`` (what is confirmed by a
later click), and every row of the matrix goes through it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Severity
from tests.cogs.conduct.conftest import Court, buttons, shown

REFUSALS = {
    "self": "You cannot do that to yourself.",
    "this bot": "Bots are not sanctioned",
    "another bot": "Bots are not sanctioned",
    "owner": "owns this server",
    "senior": "has a role as high as yours, or higher",
    "equal": "has a role as high as yours, or higher",
}
REPORTED = "button Moderate of a report"
CHANGES = ("the targets became equals", "the targets became seniors", "the actor lost the team’s role")
Act = Callable[["Stand", Any], Awaitable[Any]]


@dataclass
class Stand:
    """A moderator, and one person of each kind to act on. ``cases`` has the number of a timeout of each, by id."""

    court: Court
    actor: Any
    targets: dict[str, Any]
    leads: Any
    team: Any
    helpers: Any
    cases: dict[int, int] = field(default_factory=dict)

    async def slash(self, command: str, **options: Any) -> Any:
        return (await self.actor.slash(self.court.stage.general, command, **options)).response

    async def click(self, message: Any, label: str) -> Any:
        return await self.actor.click(message, custom_id=buttons(message)[label])

    def person(self, name: str, *roles: Any) -> Any:
        return self.court.stage.person(name, *roles)

    async def roles(self, person: Any, *roles: Any) -> None:
        """Give somebody exactly these roles."""
        async with self.court.env._acting("roles") as world:
            world.edit_member(self.court.stage.guild.id, person.id, {"role_ids": [role.id for role in roles]})

    async def facts(self) -> tuple[Any, ...]:
        """Everything a decision would change."""
        found, total = await self.court.cases.read.page(self.court.stage.guild.id, 0)
        acts = [r for r in self.court.env.backend.http_requests if _is_an_act(r)]
        said = [shown(post) for post in self.court.log.history()]
        return said, total, [(one.number, one.state, one.lifted_at, one.reason) for one in found], len(acts)


def _is_an_act(request: Any) -> bool:
    people = "/bans" in request.path or "/members/" in request.path
    return people and request.method in {"PUT", "PATCH", "DELETE"}


DOORS: dict[str, Act] = {}
"""Each tries to act on somebody and returns the message that the moderator reads."""


def door(name: str) -> Callable[[Act], Act]:
    def register(act: Act) -> Act:
        DOORS[name] = act
        return act

    return register


@door("/warn")
async def warn(stand: Stand, target: Any) -> Any:
    return await stand.slash("warn", member=target, article="1", reason="Loud")


@door("/timeout")
async def timeout(stand: Stand, target: Any) -> Any:
    return await stand.slash("timeout", member=target, duration="2h", article="1", reason="Loud")


@door("/kick")
async def kick(stand: Stand, target: Any) -> Any:
    return await stand.slash("kick", member=target, article="1", reason="Loud")


@door("/ban")
async def ban(stand: Stand, target: Any) -> Any:
    return await stand.slash("ban", member=target, article="1", reason="Loud", duration="7 days")


@door("/case edit")
async def edit(stand: Stand, target: Any) -> Any:
    return await stand.slash("case edit", number=stand.cases[target.id], reason="Something else")


@door("/case lift")
async def lift(stand: Stand, target: Any) -> Any:
    return await stand.slash("case lift", number=stand.cases[target.id])


@door("/case void")
async def void(stand: Stand, target: Any) -> Any:
    return await stand.slash("case void", number=stand.cases[target.id])


@door("menu Moderate on a member")
async def moderate_member(stand: Stand, target: Any) -> Any:
    return (await stand.actor.context_menu(stand.court.stage.general, "Moderate", target)).response


@door("menu Moderate on a message")
async def moderate_message(stand: Stand, target: Any) -> Any:
    general = stand.court.stage.general
    if target.id == stand.court.env.bot.user.id:
        written = await stand.court.do(stand.court.stage.server.get_channel(general.id).send("Something"))
    else:
        written = await target.send(general, "Something")
    return (await stand.actor.context_menu(general, "Moderate", written)).response


async def _reported(stand: Stand, target: Any) -> Any:
    """The report about somebody, as the team reads it."""
    from bot.ui import View
    from cogs.conduct.moderate.buttons import ModerateButton
    from cogs.conduct.reports.service import NewReport, Reports

    court, guild_id = stand.court, stand.court.stage.guild.id
    reporter, source = court.stage.member.id, f"click:{target.id}:{court.env.now().isoformat()}"
    new = NewReport(guild_id, reporter, target.id, source, "They were loud.", 1)
    made = await court.do(court.stage.bot.service(Reports).make(new))
    view = View().add_item(ModerateButton(made.id, "Moderate"))
    return await court.do(court.stage.server.get_channel(court.stage.general.id).send(view=view))


@door(REPORTED)
async def moderate_report(stand: Stand, target: Any) -> Any:
    return (await stand.click(await _reported(stand, target), "Moderate")).response


async def _answer(stand: Stand, command: str, **options: Any) -> Any:
    """Of a command that takes its time."""
    answer = await stand.actor.slash(stand.court.stage.general, command, **options)
    return answer.followups[0] if answer.followups else answer.response


async def test_messages_of_equals_and_seniors_are_never_cleaned_however_ranks_change_meanwhile(stand):
    general, env = stand.court.stage.general, stand.court.env
    for name in ("senior", "equal", "owner"):
        await stand.targets[name].send(general, f"From {name}")
        refused = await _answer(stand, "clean", count=5, member=stand.targets[name])
        assert "rank is not below yours" in shown(refused), name
    target = stand.person("climber")
    await target.send(general, "From a climber")
    front = await _answer(stand, "clean", count=5, member=target)
    button = next(label for label in buttons(front) if "Delete" in label)
    key = buttons(front)[button]
    await stand.roles(stand.actor)
    assert "not allowed" in shown((await stand.actor.click(front, custom_id=key)).response)
    await stand.roles(stand.actor, stand.team)
    await stand.roles(target, stand.team)
    await stand.actor.click(front, custom_id=key)
    assert "was spared" in shown(front)
    said = {one.content for one in general.history()}
    assert said >= {"From senior", "From equal", "From owner", "From a climber"}
    env.refusals.clear()


@dataclass(frozen=True)
class Late:
    """What is begun with one message and done by a later click, when ranks may have changed."""

    begin: Act
    """Returns what the moderator has in front of them."""
    finish: Callable[["Stand", Any], Awaitable[Any]]
    """Acts on what ``begin`` returned; returns the answer to the click."""


async def _departing(stand: Stand, target: Any) -> Any:
    return await stand.slash("timeout", member=target, duration="3h", article="1", reason="Loud")


async def _elevated(stand: Stand, target: Any) -> Any:
    await stand.roles(target, stand.helpers)
    return await stand.slash("warn", member=target, article="1", reason="Loud")


async def _with_points(stand: Stand, target: Any) -> Any:
    await stand.court.open(CaseKind.WARN, target, severity=Severity.HIGH)
    return await stand.slash("warn", member=target, article="1", reason="Loud")


async def _voiding(stand: Stand, target: Any) -> Any:
    made = await stand.court.open(CaseKind.WARN, target)
    return await stand.slash("case void", number=made.number)


async def _card(stand: Stand, target: Any) -> Any:
    made = await stand.court.open(CaseKind.TIMEOUT, target, length=timedelta(hours=2))
    return await stand.slash("case view", number=made.number)


async def _panel(stand: Stand, target: Any) -> Any:
    panel = await moderate_member(stand, target)
    await stand.actor.select(panel, ["1"], custom_id=buttons(panel)["Which article was broken?"])
    await stand.actor.submit_modal(await stand.click(panel, "Write the reason"), {"text": "Loud"})
    return panel


async def _words(stand: Stand, target: Any) -> Any:
    """As many open forms of a word in private as are sent in one story."""
    panel = await _panel(stand, target)
    return [await stand.click(panel, "A word in private") for _ in range(len(CHANGES) + 1)]


async def _say(stand: Stand, forms: Any) -> Any:
    return await stand.actor.submit_modal(forms.pop(), {"text": "A little more quietly, please"})


async def _forms(stand: Stand, target: Any) -> Any:
    """As many open forms as are sent in one story: Discord takes each once."""
    front = await _departing(stand, target)
    return [await stand.click(front, "Timeout (3 hours): say why") for _ in range(len(CHANGES) + 1)]


async def _notes(stand: Stand, target: Any) -> Any:
    """As many open forms of a note as are sent in one story."""
    record = await stand.slash("record", member=target)
    return [await stand.click(record, "Add a note") for _ in range(len(CHANGES) + 1)]


async def _note(stand: Stand, forms: Any) -> Any:
    return await stand.actor.submit_modal(forms.pop(), {"note": "Loud, again"})


def _pressing(part: str) -> Callable[[Stand, Any], Awaitable[Any]]:
    async def press(stand: Stand, message: Any) -> Any:
        return await stand.click(message, next(label for label in buttons(message) if part in label))

    return press


async def _submit(stand: Stand, forms: Any) -> Any:
    return await stand.actor.submit_modal(forms.pop(), {"why": "He asked for it"})


LATE = {
    "as proposed": Late(_departing, _pressing("Warning")),
    "elevated, confirmed": Late(_elevated, _pressing("Warning")),
    "the next step": Late(_with_points, _pressing("Ban")),
    "void, confirmed": Late(_voiding, _pressing("Void case")),
    "void, from the card": Late(_card, _pressing("Void")),
    "lift, from the card": Late(_card, _pressing("Lift")),
    "why, in the form": Late(_forms, _submit),
    "the panel": Late(_panel, _pressing("Warning")),
    "a word in private": Late(_words, _say),
    "a note": Late(_notes, _note),
    "a report": Late(_reported, _pressing("Moderate")),
}


@pytest.fixture
async def stand(conduct: Court) -> Stand:
    stage, guild = conduct.stage, conduct.stage.guild
    powers = discord.Permissions(kick_members=True, ban_members=True, moderate_members=True, manage_messages=True)
    helpers = guild.create_role("Helpers", permissions=discord.Permissions(manage_messages=True))
    team = guild.create_role("Judges", permissions=powers)
    leads = guild.create_role("Leads", permissions=powers)
    async with conduct.env._acting("ranks") as world:
        for place, role in enumerate((helpers, team, leads), 5):
            world.edit_role(guild.id, role.id, {"position": place})
        me = max(world.get_guild(guild.id).roles.values(), key=lambda role: role.managed)
        world.edit_role(guild.id, me.id, {"position": 20})
    actor = stage.person("judge", team)
    env = conduct.env
    owner = guild.add_member(guild.owner) if guild.owner.id not in env.backend.get_guild(guild.id).members else None
    targets = {
        "self": actor,
        "this bot": _actor(conduct, env.bot.user.id),
        "another bot": guild.add_member(env.create_user("robot", bot=True)),
        "owner": owner or _actor(conduct, guild.owner.id),
        "senior": stage.person("lea", leads),
        "equal": stage.person("twin", team),
    }
    return Stand(conduct, actor, targets, leads, team, helpers)


def _actor(court: Court, user_id: int) -> Any:
    from simcord import MemberActor, UserHandle

    env = court.env
    return MemberActor(env, court.stage.guild, UserHandle(env, env.backend.get_user(user_id)))


async def test_nobody_decides_about_themselves_a_bot_the_owner_or_anyone_not_below_them_by_any_door(stand):
    for name in ("self", "owner", "senior", "equal"):
        length = timedelta(days=1)
        made = await stand.court.open(CaseKind.TIMEOUT, stand.targets[name], length=length, by_hand=True)
        stand.cases[stand.targets[name].id] = made.number
    before = await stand.facts()
    for kind, target in stand.targets.items():
        for name, act in DOORS.items():
            if name.startswith("/case") and target.id not in stand.cases:
                continue  # nobody makes cases about bots
            said = shown(await act(stand, target))
            refusal = "This report is about you" if (name, kind) == (REPORTED, "self") else REFUSALS[kind]
            assert refusal in said, (name, kind, said)
    assert await stand.facts() == before
    stand.court.env.refusals.clear()


async def _change(stand: Stand, what: str, targets: list[Any]) -> str:
    """What happens between the first click and the last; the refusal that follows from it."""
    if "actor" in what:
        await stand.roles(stand.actor)
        return "not allowed"
    for target in targets:
        await stand.roles(target, stand.leads if "seniors" in what else stand.team)
    return REFUSALS["equal"]


async def _as_before(stand: Stand, targets: list[Any]) -> None:
    await stand.roles(stand.actor, stand.team)
    for target in targets:
        await stand.roles(target)


async def test_a_click_or_a_form_is_refused_while_ranks_have_changed_and_decides_once_they_are_as_before(stand):
    targets = {name: stand.person(f"p{number}") for number, name in enumerate(LATE)}
    fronts = {name: await late.begin(stand, targets[name]) for name, late in LATE.items()}
    before = await stand.facts()
    for what in CHANGES:
        refusal = await _change(stand, what, list(targets.values()))
        for name, late in LATE.items():
            answer = await late.finish(stand, fronts[name])
            said = "\n".join(shown(one) for one in filter(None, [*answer.followups, answer.response]))
            assert refusal in said, (name, what, said)
        await _as_before(stand, list(targets.values()))
    assert await stand.facts() == before
    stand.court.env.refusals.clear()
    for name, late in LATE.items():
        before = await stand.facts()
        answer = await late.finish(stand, fronts[name])
        if name == "a report":  # opens the panel
            assert "Moderate" in shown(answer.response)
            continue
        if name.endswith("from the card"):  # asks first
            await stand.click(answer.response, next(one for one in buttons(answer.response) if "case" in one))
        assert await stand.facts() != before, name


async def test_who_has_left_can_be_banned_and_nothing_else(stand):
    gone = stand.person("gone")
    await stand.court.env.leave(gone)
    for command in ("warn", "kick", "timeout"):
        more = {"duration": "2h"} if command == "timeout" else {}
        said = await stand.slash(command, member=gone.user, article="1", reason="Loud", **more)
        assert "is not in this server" in shown(said)
    front = await stand.slash("ban", member=gone.user, article="1", reason="Loud")
    form = await stand.click(front, "Ban (without an end): say why")
    await stand.actor.submit_modal(form, {"why": "Left before anybody could speak to them"})
    assert gone.id in stand.court.env.backend.get_guild(stand.court.stage.guild.id).bans
    stand.court.env.refusals.clear()


async def test_no_filter_acts_on_bots_the_owner_the_team_people_with_power_or_anyone_not_below_the_bot(stand):
    from cogs.conduct.filters.model import FilterKind
    from cogs.conduct.screening.rules import Doing, Watch
    from cogs.conduct.screening.screens import Screens
    from cogs.conduct.screening.soundness import of_kind

    court, stage = stand.court, stand.court.stage
    bot, guild_id = stage.bot, stage.guild.id
    filters = bot.sections.named("filters")
    # Discord's AutoMod spares bots and the owner by itself; the simulated one does not, and has a story of its own.
    await court.do(bot.guild_settings.change(guild_id, filters, by=None, enabled=True, native=False))
    screens = bot.service(Screens)
    for doing in Doing:
        new = replace(of_kind(guild_id, FilterKind.WORDS, doing.value, (f"bad{doing}",)), doing=doing, article=1)
        made = await court.do(screens.add(new, 1))
        await court.do(screens.change(guild_id, made.number, lambda one: replace(one, watch=Watch.ARMED), 1))
    above = stage.guild.create_role("Above the bot")
    async with court.env._acting("ranks") as world:
        world.edit_role(guild_id, above.id, {"position": 30})
    targets = {**stand.targets, "elevated": stand.person("helper", stand.helpers), "above": stand.person("up", above)}
    bystander, before = stand.person("bystander"), await stand.facts()
    for target in targets.values():
        for doing in Doing:
            async with court.env._acting("talk") as world:
                world.create_message(stage.general.id, target.id, f"bad{doing}")
        async with court.env._acting("names") as world:
            world.edit_member(guild_id, target.id, {"nick": "badladder"})
    assert await stand.facts() == before
    await bystander.send(stage.general, "badladder")
    assert await stand.facts() != before, "it does act on whoever is below"
