"""The budget with the real bot: in the member's language, once, with Silence below; closed messages are a no."""

from datetime import timedelta

import pytest
from discord import ui
from simcord.results import to_discord_message

from bot.attention import AttentionKind
from bot.contracts.attention import Proposal, ProposalSettled
from bot.i18n.marks import N_
from tests.cogs.administration.conftest import Panel, texts
from tests.mentions import that_could_ping


async def _build(telling):
    return [ui.TextDisplay(telling.t(N_("Back")) + f" {telling.params['number']}")]


KIND = AttentionKind("test.hello", 50, _build)


@pytest.fixture
def make_bot(make_bot):
    def make(**options):
        bot = make_bot(**options)
        bot.attention.register(KIND)
        bot.settled = []

        async def note(event, tx):
            bot.settled.append((event.source, event.outcome.value))

        bot.bus.on(ProposalSettled, note)
        return bot

    return make


class Mail:
    """The private messages of the member of the stage."""

    def __init__(self, stage):
        self.stage = stage

    async def propose(self, source="1", person=None):
        bot = self.stage.bot
        user_id = (person or self.stage.member).id
        expires = self.stage.env.now() + timedelta(days=30)
        proposal = Proposal(self.stage.guild.id, user_id, KIND.name, source, expires, {"number": 7})
        return await bot.db.transaction(lambda tx: bot.attention.propose(tx, proposal))

    def received(self):
        channel = self.stage.env.backend.dm_channels.get(self.stage.member.id)
        kept = self.stage.env.backend.messages.get(channel, {}).values()
        return [message for message in kept if "attention:silence" in str(message.components)]

    def panel(self):
        [message] = self.received()
        return Panel(self.stage, self.stage.member.user, message)


@pytest.fixture
def mail(stage):
    return Mail(stage)


async def test_it_arrives_in_the_member_s_language_and_one_press_stops_them_all(stage, env, mail, make_bot):
    env.set_locale(stage.member, "fr")
    await stage.member.slash(stage.general, "privacy")
    assert await mail.propose()
    assert await mail.propose("2")
    await env.pass_time(minutes=45)
    [message] = mail.received()
    assert "Retour 7" in texts(message)
    assert "De la part de Agora." in texts(message)
    assert that_could_ping(env.backend.http_requests) == []
    await env.restart(make_bot(), crash=True)
    button = mail.panel().id_of("attention:silence")
    pressed = await stage.member.user.click(to_discord_message(env, message), custom_id=button)
    assert "Silence actif : Agora" in texts(pressed.response).replace("\u202f", " ")
    assert stage.bot.settled == [("2", "silenced")]
    await env.pass_time(days=8)
    assert len(mail.received()) == 1
    assert not await mail.propose("3")
    answer = Panel(stage, stage.member.user, pressed.response)
    await answer.click("attention:hear")
    assert "Silence levé" in answer.text
    assert await mail.propose("4")
    await env.pass_time(hours=1)
    assert len(mail.received()) == 2


async def test_closed_messages_are_a_no_for_a_week_and_the_feature_hears_of_it(stage, env, mail):
    env.close_dms(stage.member)
    await mail.propose()
    await mail.propose("2")
    await env.pass_time(hours=1)
    assert stage.bot.settled == [("1", "closed")]
    asked = len(env.backend.http_requests)
    await env.pass_time(days=6)
    assert len(env.backend.http_requests) == asked, "no request that we know will fail"
    profile = Panel(stage, stage.member, (await stage.member.slash(stage.general, "profile")).response)
    await profile.select("profile:page:", ["options"])
    assert "Discord refused my last private message" in profile.text
    env.open_dms(stage.member)
    await env.pass_time(days=2)
    assert stage.bot.settled == [("1", "closed"), ("2", "sent")]


@pytest.mark.parametrize("later", [timedelta(seconds=20), timedelta(days=1)])
async def test_a_kill_after_discord_took_it_and_before_we_noted_it_sends_it_once(
    stage, env, mail, make_bot, monkeypatch, later, logged_errors
):
    """At once Discord recognises the nonce; a day later the message is found by its button."""
    from bot.attention.service import Attention

    async def killed(self, letter, outcome):
        raise ConnectionError

    await mail.propose()
    with monkeypatch.context() as patch:
        patch.setattr(Attention, "_settled", killed)
        await env.pass_time(minutes=31)
        assert len(mail.received()) == 1
        await env.stop_bot()
    await env.pass_time(seconds=later.total_seconds())
    await env.restart(make_bot())
    await env.pass_time(hours=2)
    assert len(mail.received()) == 1
    assert stage.bot.settled == [("1", "sent")]
    logged_errors.clear()


async def test_nobody_is_written_to_who_left(stage, env, mail):
    await mail.propose()
    await env.leave(stage.member)
    await env.pass_time(days=1)
    assert mail.received() == []
    assert stage.bot.settled == [("1", "left")]
