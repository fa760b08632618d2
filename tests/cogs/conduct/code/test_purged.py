"""A server that was forgotten leaves nothing of its code of conduct in memory."""

from datetime import timedelta

from bot.contracts.conduct import Article, Severity
from cogs.conduct.code.service import Codes
from cogs.conduct.code.template import TEMPLATE


async def test_a_server_that_takes_the_bot_back_after_it_was_forgotten_has_the_template_again(stage, env):
    codes, guild = stage.bot.service(Codes), stage.guild.id

    def tidy_up(document):
        text = {"en": "Tidy up", "fr": "Rangeons"}
        return document.with_article(Article(document.next_number, text, text, Severity.LOW))

    draft = await codes.edit(guild, tidy_up, by=1)
    await codes.publish(guild, revision=draft.revision, major=True, by=1)
    await codes.edit(guild, tidy_up, by=1)
    await env.remove_bot(stage.guild)
    assert "Tidy up" in "".join(codes.current(guild).pages_in("en"))
    env.backend.advance_clock(timedelta(days=31).total_seconds())
    await env.bot.timers.run_due()
    assert codes.current(guild).version == 1
    assert codes.draft(guild).document == codes.published(guild).document == TEMPLATE
