"""What the filters are shown of a message, taken from real discord.py objects of a simulated Discord."""

from datetime import timedelta

import discord
from simcord.backend.models.message import MessageSticker

from cogs.conduct.filters import adapter
from cogs.conduct.filters.model import Where

EMBED = {
    "type": "rich",
    "title": "A title",
    "description": "a description",
    "url": "https://evil.example/path",
    "author": {"name": "an author"},
    "footer": {"text": "a footer"},
    "fields": [{"name": "a field", "value": "its value", "inline": False}],
}


async def test_every_text_of_a_message_is_shown_with_where_it_stands_and_nobodys_own_notice_is(stage):
    env, bob = stage.env, stage.member
    seen_by = []
    stage.bot.messages.tap(lambda message: seen_by.append(message))
    spared = stage.guild.create_role("Spared")
    category = stage.guild.create_category("Rooms")
    room = stage.guild.create_text_channel("room", category=category)
    vip = stage.person("vip", spared)

    def shown(index=-1, **options):
        return adapter.seen(seen_by[index], lambda member: member.id == vip.id, **options)

    sent = await vip.send(room, f"hello <@{bob.id}> <@{stage.moderator.id}>", attachments=[("b\u200bad.txt", b"x")])
    seen = shown()
    assert (seen.guild_id, seen.author_id, seen.channel_id) == (stage.guild.id, vip.id, room.id)
    assert (seen.content, seen.mentions, seen.places) == (sent.content, 2, (room.id, category.id))
    assert seen.others == ((Where.ATTACHMENT, "b\u200bad.txt\n"),)
    assert seen.has_role(spared.id)
    assert not seen.has_role(stage.team.id)
    assert seen.is_staff()
    assert not seen.automatic
    assert abs(seen.at - sent.created_at.timestamp()) < 0.01
    assert shown(edited=True).edited

    async with env._acting("rich") as world:
        source = world.create_message(stage.general.id, bob.id, "over here", embeds=[EMBED])
    ((where, text),) = shown().others
    assert where is Where.EMBED
    for part in ("A title", "a description", "https://evil.example/path", "an author", "a footer", "its value"):
        assert part in text
    async with env._acting("sticker") as world:
        sticker = MessageSticker(1, "rude sticker", 1, stage.guild.id)
        world.create_message(stage.general.id, bob.id, "", stickers=[sticker])
    assert shown().others == ((Where.STICKER, "rude sticker"),)
    await bob.forward(next(m for m in seen_by if m.id == source.id), stage.general)
    ((where, text),) = shown().others
    assert where is Where.FORWARDED
    assert "over here" in text
    assert "its value" in text

    async with env._acting("thread") as world:
        thread = world.create_thread(room.id, "talk", bob.id)
        world.create_message(thread.id, bob.id, "in a thread")
    assert shown().places == (thread.id, room.id, category.id)
    assert not shown().automatic
    async with env._acting("hook") as world:
        world.create_message(stage.general.id, env.bot.user.id, "by a bot")
    assert shown().automatic
    await bob.send_dm("in private")
    assert shown() is None


def test_a_poll_is_its_question_and_its_answers():
    poll = discord.Poll(question="Who is *it*?", duration=timedelta(hours=1))
    poll.add_answer(text="a bad word")
    poll.add_answer(text="nobody")
    message = type("Polled", (), {"embeds": [], "attachments": [], "stickers": [], "message_snapshots": []})()
    message.poll = poll
    assert adapter.others(message) == ((Where.POLL, "Who is *it*?\na bad word\nnobody"),)
