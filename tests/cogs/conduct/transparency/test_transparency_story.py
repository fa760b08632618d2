"""The team looks at a month and posts it for everybody, in the real bot."""

from datetime import UTC, datetime, timedelta

import discord

from cogs.conduct.reports.models import Outcome, Report
from tests.cogs.conduct.conftest import buttons, shown


def answered(result):
    """Everything that a click was answered with."""
    return "\n".join(shown(one) for one in filter(None, [result.response, *result.followups]))


async def test_a_month_is_looked_at_in_ones_own_language_and_posted_once_in_the_servers(conduct, env, make_bot):
    stage = conduct.stage
    bot, admin = stage.bot, stage.admin
    section = bot.sections.named("community")
    await conduct.do(bot.guild_settings.change(stage.guild.id, section, by=None, language="fr"))
    at = datetime(2026, 2, 10, tzinfo=UTC)

    async def work(tx):
        for number in range(9):
            known = {"article": 1 if number < 6 else 2, "made_at": at, "decided_at": at + timedelta(hours=3)}
            made = Report(guild_id=stage.guild.id, source=str(number), outcome=Outcome.UPHELD, **known)
            tx.session.add(made)

    await conduct.do(bot.db.transaction(work))
    said = shown((await admin.slash(stage.general, "transparency")).response)
    assert "Moderation in February 2026" in said
    assert "**Reports:** at least 6" in said
    assert "1 · Respect people: 6" in said
    assert ": 3" not in said
    assert "upheld, without a sanction: 9" in said
    assert "Half of them were closed within 3 hours." in said
    assert "**Cases:** too few to be named" in said
    before = stage.general.last_message
    question = (await admin.slash(stage.general, "transparency", public=True)).response
    assert stage.general.last_message == before, "nothing is posted before one has agreed"
    await env.restart(make_bot())
    done = await admin.click(question, custom_id=buttons(question)["Post it here"])
    assert "The report is posted." in shown(question) + answered(done)
    post = stage.general.last_message
    assert "La modération en février 2026" in shown(post)
    assert buttons(post) == {}
    so_far = shown((await admin.slash(stage.general, "transparency", month="2026-3")).response)
    assert "the month is not over" in so_far
    for month, why in (("2026-04", "has not begun"), ("last", "for instance 2026-02")):
        assert why in shown((await admin.slash(stage.general, "transparency", month=month)).response)
    env.refusals.clear()


async def test_nothing_is_posted_where_the_bot_or_the_person_may_not_write(conduct, env):
    stage = conduct.stage
    silent = {"send_messages": False, "view_channel": True}
    me = env.bot.user
    read_only = stage.guild.create_text_channel(
        "news",
        overwrites={
            stage.guild.default_role: discord.PermissionOverwrite(**silent),
            me: discord.PermissionOverwrite(send_messages=True, view_channel=True),
        },
    )
    refused = (await stage.admin.slash(read_only, "transparency", public=True)).response
    assert "You cannot write in this channel yourself" in shown(refused)
    assert "Post it here" not in shown(refused)
    env.refusals.clear()
