"""Word lists in Discord's own AutoMod, in the real bot: written, kept in step, removed, and left alone by hand."""

from dataclasses import replace

from cogs.conduct.filters.model import FilterKind
from cogs.conduct.screening.rules import Doing, Watch
from cogs.conduct.screening.screens import Screens


def rules(sieve):
    """The rules as they are on Discord's side."""
    return list(sieve.env.backend.get_guild(sieve.stage.guild.id).auto_mod_rules.values())


def keywords(sieve):
    return [rule.trigger_metadata["keyword_filter"] for rule in rules(sieve)]


async def changed(sieve, number, **fields):
    screens = sieve.service(Screens)
    edit = lambda one: replace(one, **fields)  # noqa: E731
    await sieve.court.do(screens.change(sieve.stage.guild.id, number, edit, sieve.stage.admin.id))
    await sieve.env.pass_time(seconds=2)


async def test_an_armed_word_list_is_written_kept_in_step_and_taken_back_and_what_people_do_in_discord_counts(
    sieve, make_bot, monkeypatch
):
    stage, bob = sieve.stage, sieve.stage.member
    await sieve.may(manage_guild=False)
    kept = await sieve.keep(FilterKind.WORDS, "Slurs", "badword", "*boss*", "x" * 61, doing=Doing.DELETE)
    await sieve.env.pass_time(seconds=2)
    await sieve.open()
    await sieve.choose("filters:pick", kept.number)
    assert rules(sieve) == []
    assert "I lack Manage Server" in sieve.text

    # The permission arrives: the rule is made, names the article, tells the team, and spares who is to be spared
    await sieve.may(manage_guild=True)
    await sieve.env.pass_time(seconds=2)
    (rule,) = rules(sieve)
    assert rule.name == "Parvis 1: Slurs"
    assert rule.trigger_metadata["keyword_filter"] == ["badword", "*boss*"]
    block, alert = rule.actions
    assert "Article 1" in block["metadata"]["custom_message"]
    assert alert["metadata"]["channel_id"] == str(sieve.court.log.id)
    assert stage.team.id in rule.exempt_roles
    await sieve.press("All filters")
    assert "AutoMod" in sieve.text
    await sieve.choose("filters:pick", kept.number)
    assert "2 entries are there too" in sieve.text
    assert "1 entry does not fit there." in sieve.text

    # Blocked before anybody sees; a case says so, without the text
    await bob.send(stage.general, "what a badword")
    assert sieve.said() == []
    assert [case.kind.value for case in await sieve.cases()] == ["native"]

    # A welcome word, and a new entry, change the rule that there is
    await sieve.change("filters", allowed=("bosser",))
    await sieve.env.pass_time(seconds=2)
    assert [one.trigger_metadata["allow_list"] for one in rules(sieve)] == [["bosser"]]
    await changed(sieve, kept.number, entries=("badword", "worse"))
    assert keywords(sieve) == [["badword", "worse"]]
    assert [one.id for one in rules(sieve)] == [rule.id]

    # A restart asks for nothing again; a rule that a crash left is found again; what was changed by hand is put back
    written = []
    with monkeypatch.context() as watched:
        watched.setattr(sieve.env.backend, "edit_auto_mod_rule", lambda *change: written.append(change))
        watched.setattr(sieve.env.backend, "create_auto_mod_rule", lambda *change: written.append(change))
        await sieve.env.restart(make_bot(), crash=True)
        await sieve.env.pass_time(hours=1, minutes=1)
    assert written == []
    await forget_everything(sieve)
    await sieve.env.restart(make_bot(), crash=True)
    await sieve.env.pass_time(seconds=2)
    assert [one.id for one in rules(sieve)] == [rule.id]
    async with sieve.env._acting("by hand") as world:
        world.edit_auto_mod_rule(stage.guild.id, rule.id, {"enabled": False})
    await sieve.env.pass_time(hours=1, minutes=1)
    assert [(one.id, one.enabled) for one in rules(sieve)] == [(rule.id, True)]

    # Removed by hand: it stays away until somebody wants it back
    async with sieve.env._acting("by hand") as world:
        world.delete_auto_mod_rule(stage.guild.id, rule.id)
    await sieve.env.pass_time(hours=1, minutes=1)
    await sieve.env.pass_time(hours=1, minutes=1)
    assert rules(sieve) == []
    await sieve.open()
    await sieve.choose("filters:pick", kept.number)
    assert "Removed by hand in Discord" in sieve.text
    await sieve.press("Back into AutoMod")
    await sieve.env.pass_time(seconds=2)
    assert keywords(sieve) == [["badword", "worse"]]

    # No longer armed, or no longer deleting, or switched off: gone from there
    await changed(sieve, kept.number, doing=Doing.WARN)
    assert rules(sieve) == []
    await changed(sieve, kept.number, doing=Doing.DELETE)
    assert len(rules(sieve)) == 1
    await changed(sieve, kept.number, watch=Watch.SHADOW)
    assert rules(sieve) == []
    await changed(sieve, kept.number, watch=Watch.ARMED)
    assert len(rules(sieve)) == 1
    await sieve.change("filters", enabled=False)
    await sieve.env.pass_time(seconds=2)
    assert rules(sieve) == []


async def forget_everything(sieve):
    """As if the process had died between making the rule and noting it."""
    from sqlalchemy import delete

    from cogs.conduct.screening.models import NativeRule

    async def work(tx):
        await tx.session.execute(delete(NativeRule))

    await sieve.court.do(sieve.stage.bot.db.transaction(work))
