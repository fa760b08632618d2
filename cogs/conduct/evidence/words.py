"""Evidence as the team reads it."""

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui.text import escaped, shortened
from cogs.conduct.cases import words
from cogs.conduct.evidence.service import Exhibit

QUOTED = 900
"""Characters of a quoted message, escapes included: a page has 4,000 in all."""


def quoted(text: str, limit: int = QUOTED) -> str:
    """What a person wrote, harmless, as a quotation."""
    return "\n".join(f"> {line}" for line in shortened(escaped(text.strip()), limit).splitlines())


def shown(t: Localizer, exhibit: Exhibit, names: words.Names, limit: int = QUOTED) -> str:
    """The message as it was, and where it stood. Who put it before the team is not said."""
    address = f"https://discord.com/channels/{exhibit.guild_id}/{exhibit.channel_id}/{exhibit.message_id}"
    said = t(
        N_("{member} wrote {when} in <#{channel}> ([message]({address})):"),
        member=words.person(t, exhibit.author_id, names),
        when=words.moment(exhibit.written_at),
        channel=exhibit.channel_id,
        address=address,
    )
    text = quoted(exhibit.content, limit) if exhibit.content.strip() else "> " + t(N_("(no text)"))
    lines = [said, text]
    if exhibit.attachments:
        files = ", ".join(f"`{name.replace('`', '')}`" for name in exhibit.attachments)
        label = t(N_("Files, not kept: {files}"), files=shortened(files, 300))
        lines.append(f"-# {label}")
    return "\n".join(lines)
