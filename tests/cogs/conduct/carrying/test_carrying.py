"""What happens on Discord because of a case, told as stories."""

from datetime import timedelta

import pytest

from bot.contracts.cases import CaseKind
from cogs.conduct.cases.models import Notice
from tests.cogs.onboarding.conftest import buttons, shown

DAY = timedelta(days=1)


async def test_a_warning_reaches_the_member_in_their_language_and_the_log_knows(conduct):
    stage, env = conduct.stage, conduct.env
    fleur = stage.person("fleur", locale="fr")
    await fleur.send(stage.general, "bonjour")
    case = await conduct.open(CaseKind.WARN, fleur, reason="Cris *répétés*")
    (notice,) = conduct.dms(fleur)
    assert case.notice is Notice.DIRECT
    assert case.noticed_at is not None
    (post,) = conduct.posts()
    assert "told in a private message" in post
    assert "Case 1" in post
    # the same again changes nothing
    from cogs.conduct.carrying.carrying import Carrying

    await conduct.do(stage.bot.service(Carrying).carry(case.id))
    assert len(conduct.dms(fleur)) == len(conduct.posts()) == 1
    # it counts, until it expires; the button says so, to nobody else
    assert await conduct.cases.read.points(stage.guild.id, fleur.id) == 20
    await env.settle()
    opened = await stage.moderator.click(
        conduct.log.last_message, custom_id=buttons(conduct.log.last_message)["Open the case"]
    )
    assert "Case 1" in shown(opened.response)
    refused = await stage.member.click(conduct.log.last_message, custom_id=f"conduct:case:{case.id}")
    assert "not allowed" in refused.response.content
