"""What a payload says, and how a long list becomes pages."""

from hypothesis import given
from hypothesis import strategies as st

from cogs.administration.help.rules import Entry, Kind, Option, entries_of, paged

WELCOME = {
    "name": "welcome",
    "description": "Your steps",
    "name_localizations": {"fr": "bienvenue"},
    "description_localizations": {"fr": "Tes étapes"},
    "type": 1,
    "options": [],
}
TIERS = {
    "name": "tiers",
    "description": "Tiers",
    "name_localizations": {"fr": "paliers"},
    "default_member_permissions": 8192,
    "options": [
        {
            "type": 1,
            "name": "show",
            "description": "Show one",
            "name_localizations": {"fr": "montrer"},
            "description_localizations": {"fr": "En montrer un"},
            "options": [{"type": 3, "name": "tier", "description": "Which", "required": True}],
        },
        {"type": 1, "name": "all", "description": "Show all"},
    ],
}
TITLES = st.text("abc", min_size=1, max_size=5)
BLOCKS = st.lists(st.lists(TITLES, min_size=1, max_size=8), min_size=1, max_size=6)


def test_a_command_is_told_in_the_readers_language_and_in_english_where_there_is_none():
    assert list(entries_of(WELCOME, "fr")) == [Entry(Kind.CHAT, "welcome", "bienvenue", "Tes étapes")]
    assert list(entries_of(WELCOME, "de")) == [Entry(Kind.CHAT, "welcome", "welcome", "Your steps")]


def test_a_group_of_commands_is_each_of_them_and_keeps_what_discord_demands():
    show, everything = entries_of(TIERS, "fr")

    assert (show.path, show.shown, show.name, show.demands) == ("tiers show", "paliers montrer", "tiers", 8192)
    assert show.options == (Option("tier", "Which", True),)
    assert (everything.shown, everything.description) == ("paliers all", "Show all")


def test_an_entry_of_a_context_menu_keeps_the_spaces_of_its_name():
    [entry] = entries_of({"name": "Mark as solution", "type": 3}, "en")

    assert (entry.kind, entry.name, entry.description) == (Kind.MESSAGE, "Mark as solution", "")


@given(BLOCKS, st.integers(14, 60))
def test_pages_hold_every_line_in_order_under_its_title_and_none_is_too_long(blocks, limit):
    marked = [[f"#{number}{title}", *lines] for number, (title, *lines) in enumerate(blocks)]
    pages = [page.split("\n") for page in paged(marked, limit)]

    seen: list[list[str]] = []
    for page in pages:
        assert len("\n".join(page)) <= limit
        assert page[0].startswith("#"), "a page begins with the title of what it goes on with"
        for line in page:
            if line.startswith("#"):
                if not seen or seen[-1][0] != line:
                    seen.append([line])
            else:
                seen[-1].append(line)
    assert seen == marked
