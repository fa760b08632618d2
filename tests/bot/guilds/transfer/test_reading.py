"""A file is written and read back without loss, and whatever is wrong with it is said with line and key."""

import threading
import time
import tomllib
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guilds.sections import CommunitySettings
from bot.guilds.transfer.file import ENTITY, LARGEST, FileRefused, SettingsFile, filled
from bot.guilds.transfer.lines import lines_of
from bot.guilds.transfer.reading import read
from bot.guilds.transfer.writing import Writer
from bot.i18n.localizer import I18n
from tests.rich_section import Group, RichSettings, Rung, Tone

SECTIONS = (CommunitySettings, RichSettings)


class Named:
    def channel(self, channel_id):
        return None if channel_id == 404 else f"channel {channel_id}"

    def role(self, role_id):
        return f'role "{role_id}"'


def exported(*values, language="en", server="Agora"):
    writer = Writer(I18n().for_language(language), Named())
    fields = []
    for value in values:
        default = type(value)().model_dump(mode="json")
        differing = {k: v for k, v in value.model_dump(mode="json").items() if v != default[k]}
        fields.append((type(value), differing))
    return writer.file(server, fields)


def imported(text, section):
    """The section that a file sets, with its own ids."""
    file = read(text.encode(), SECTIONS)
    from bot.guilds.shape import shapes

    known = shapes(section)
    ids = [entity.id for entity in file.entities].__getitem__
    return section.model_validate(
        {name: filled(known[name], value, ids) for name, value in file.sections[section.key].items()}
    )


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
ids = st.integers(1, 2**63 - 1)
spans = st.timedeltas(timedelta(0), timedelta(days=4000))


@given(data=st.data())
@settings(max_examples=60)
def test_what_is_written_reads_back_the_same(data):
    draw = data.draw
    groups = st.builds(
        Group,
        name=texts.filter(lambda text: 1 <= len(text.strip()) <= 30),
        about=texts,
        role=st.none() | ids,
        tone=st.sampled_from(Tone),
        open=st.booleans(),
        words=st.lists(texts, max_size=5),
        wait=spans,
    )
    value = RichSettings(
        active=draw(st.booleans()),
        second_tone=draw(st.none() | st.sampled_from(Tone)),
        tones=draw(st.lists(st.sampled_from(Tone), unique=True)),
        channel=draw(st.none() | ids),
        gifts=draw(st.lists(ids, max_size=5, unique=True)),
        patience=draw(st.timedeltas(timedelta(minutes=5), timedelta(days=7))),
        pause=draw(st.none() | spans),
        limit=draw(st.integers(1, 100)),
        factor=draw(st.floats(0, 10, exclude_min=True, exclude_max=True)),
        text=draw(texts),
        words=draw(st.lists(texts, min_size=1, max_size=4)),
        delays=draw(st.lists(spans, max_size=3)),
        groups=draw(st.lists(groups, max_size=3)),
        rungs=draw(st.lists(st.builds(Rung, role=ids, points=st.integers(1, 1000)), max_size=3)),
    )
    text = exported(value, language=draw(st.sampled_from(["en", "fr"])), server=draw(texts))
    tomllib.loads(text)  # any other reader of TOML understands it too
    assert imported(text, RichSettings) == value
    assert imported(text.replace("\n", "\r\n"), RichSettings) == value
    assert imported("\ufeff" + text, RichSettings) == value


def test_a_file_is_pleasant_to_read():
    value = RichSettings(channel=5, gifts=(6,), pause=timedelta(minutes=90), groups=(Group(name="Design", role=6),))
    text = exported(value, CommunitySettings())
    assert (
        text.split("\n", 4)[4]
        == """format = 1
server = "Agora"

[rich] # Everything: One field of every kind.
# Channel: Where it writes.
channel = {name = "#channel 5", id = "5"}
# Gifts: What else it gives.
gifts = [{name = "role \\"6\\"", id = "6"}]
# Pause: How long it rests.
pause = "1h 30m"

[[rich.groups]] # Groups: In the order members see them.
name = "Design"
role = {name = "role \\"6\\"", id = "6"}

[community] # Community: Language, time zone and team of this server.
"""
    )


def troubles(text):
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(FileRefused) as refused:
        read(data, SECTIONS)
    return [(one.line, one.key, I18n().for_language("en")(one.message, **one.params)) for one in refused.value.troubles]


HEAD = "format = 1\n"
BAD = {
    "empty": ("", None, "format", "begins with format = 1"),
    "no format": ("[rich]\nlimit = 3", None, "format", "begins with format = 1"),
    "format as text": ('format = "1"', 1, "format", "begins with format = 1"),
    "newer": ("\nformat = 2\n[odd]", 2, "format", "newer version (2) than I read (1)"),
    "older": ("format = 0", 1, "format", "version (0) that does not exist"),
    "far newer": ("format = " + "9" * 4000, 1, "format", "newer version (…)"),
    "too large": ("#" * (LARGEST + 1), None, "", "too large"),
    "utf-16": ((HEAD + "# é").encode("utf-16"), 1, "", "UTF-8"),
    "latin-1": ((HEAD + "# é").encode("latin-1"), 2, "", "UTF-8"),
    "binary": (b"\x89PNG\r\n\x1a\n", 1, "", "UTF-8"),
    "syntax": (HEAD + "[rich]\nlimit = = 3", 3, "", "TOML"),
    "no value": (HEAD + "[rich]\nlimit =\n", 3, "", "TOML"),
    "open string": (HEAD + '[rich]\nname = "abc\n', 3, "", "TOML"),
    "open list": (HEAD + "[rich]\nwords = [1,", 3, "", "TOML"),
    "bare non-ASCII key": (HEAD + "[rich]\nété = 3", 3, "", "TOML"),
    "raw NUL": (HEAD + '[rich]\nname = "a\0b"', 3, "", "TOML"),
    "escaped NUL": (HEAD + '[rich]\nname = "a\\u0000b"', 3, "rich.name", "cannot be kept"),
    "lone CR": (HEAD + "[rich]\rlimit = 3", 2, "", "TOML"),
    "key twice": (HEAD + "[rich]\nlimit = 3\nlimit = 4", 4, "rich.limit", "twice"),
    "section twice": (HEAD + "[rich]\n[community]\n[rich]", 4, "rich", "twice"),
    "key twice in a row": (HEAD + "[rich]\nrungs = [\n{ points = 1, points = 2 }]", 4, "rich.rungs[1].points", "twice"),
    "deep list": (HEAD + "[rich]\nwords = " + "[" * 5000, None, "", "TOML"),
    "deep keys": (HEAD + ".".join("a" * 5000) + " = 1", 2, "", "TOML"),
    "deep header": (HEAD + "[" + ".".join("a" * 5000) + "]", 2, "", "TOML"),
    "huge number": (HEAD + "[rich]\nlimit = " + "9" * 5000, 3, "", ""),
    "huge hexadecimal number": (HEAD + "[rich]\nlimit = 0x" + "f" * 6000, 3, "rich.limit", "too large"),
    "large number": (HEAD + "[rich]\nlimit = " + "9" * 30, 3, "rich.limit", "too large"),
    "infinite": (HEAD + "[rich]\nfactor = inf", 3, "rich.factor", "too large"),
    "nan": (HEAD + "[rich]\nfactor = nan", 3, "rich.factor", "too large"),
    "unknown section": (HEAD + "[weather]\nrain = 1", 2, "weather", "no such section"),
    "misspelt section": (HEAD + "[comunity]", 2, "comunity", "Is community meant?"),
    "stray key": (HEAD + "rain = 1", 2, "rain", "no such section"),
    "section as value": (HEAD + "rich = 3", 2, "rich", "begins with [rich]"),
    "section as list": (HEAD + "[[rich]]", 2, "rich", "begins with [rich]"),
    "unknown key": (HEAD + "[rich]\n\nzzz = 3", 4, "rich.zzz", "no such setting"),
    "misspelt key": (HEAD + "[rich]\nlimitt = 3", 3, "rich.limitt", "Is limit meant?"),
    "quoted non-ASCII key": (HEAD + '[rich]\n"été" = 3', 3, "rich.été", "no such setting"),
    "toggle as text": (HEAD + '[rich]\nactive = "true"', 3, "rich.active", "true or false"),
    "toggle as number": (HEAD + "[rich]\nactive = 1", 3, "rich.active", "true or false"),
    "number as text": (HEAD + '[rich]\nlimit = "3"', 3, "rich.limit", "without quotes"),
    "number as toggle": (HEAD + "[rich]\nlimit = true", 3, "rich.limit", "without quotes"),
    "text as number": (HEAD + "[rich]\nname = 3", 3, "rich.name", "in quotes"),
    "text as date": (HEAD + "[rich]\nname = 1979-05-27", 3, "rich.name", "in quotes"),
    "list as text": (HEAD + '[rich]\nwords = "hello"', 3, "rich.words", "square brackets"),
    "entry of another type": (HEAD + '[rich]\nwords = [\n"a",\n3]', 5, "rich.words[2]", "in quotes"),
    "rows as table": (HEAD + "[rich.groups]\nname = 1", 2, "rich.groups", "begins with [[rich.groups]]"),
    "row as number": (HEAD + "[rich]\ngroups = [1]", 3, "rich.groups[1]", "cannot be read"),
    "span": (HEAD + '[rich]\npatience = "soon"', 3, "rich.patience", "length of time"),
    "span as list": (HEAD + "[rich]\npatience = []", 3, "rich.patience", "length of time"),
    "endless span": (HEAD + "[rich]\npatience = 1e300", 3, "rich.patience", "length of time"),
    "channel as list": (HEAD + "[rich]\nchannel = [1]", 3, "rich.channel", "Write it like"),
    "channel without anything": (HEAD + "[rich]\nwatched = [{}]", 3, "rich.watched[1]", "Write it like"),
    "channel with more": (HEAD + '[rich]\nchannel = { nam = "x" }', 3, "rich.channel", "Write it like"),
    "channel by a huge id": (HEAD + "[rich]\nchannel = " + "9" * 25, 3, "rich.channel", "Write it like"),
    "channel by a negative id": (HEAD + "[rich]\nchannel = -5", 3, "rich.channel", "Write it like"),
    "choice": (HEAD + '[rich]\ntone = "loud"', 3, "rich.tone", "choices offered"),
    "too high": (HEAD + "[rich]\nlimit = 300", 3, "rich.limit", "at most 100"),
    "own rule": (HEAD + '[community]\ntime_zone = "Mars"', 3, "community.time_zone", "no such time zone"),
    "row refused": (
        HEAD + "[[rich.rungs]]\nrole = 5\n[[rich.rungs]]\nrole = 6\npoints = 0",
        6,
        "rich.rungs[2].points",
        "at least 1",
    ),
    "row lacks something": (HEAD + "[[rich.rungs]]\npoints = 5", 2, "rich.rungs[1].role", "needed"),
    "too many rows": (HEAD + '[[rich.groups]]\nname = "x"\n' * 11, 2, "rich.groups", "Entries it has room for"),
    "unset what must be set": (HEAD + "[rich]\nlimit = {}", 3, "rich.limit", "without quotes"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_said_with_line_and_key(case):
    text, line, key, said = BAD[case]
    found = troubles(text)
    assert len(found) == 1
    assert found[0][:2] == (line, key)
    assert said in found[0][2]


def test_everything_wrong_is_said_at_once_in_the_order_of_the_lines():
    found = troubles(HEAD + '[rich]\nlimit = "3"\nweather = 1\n[[rich.rungs]]\nrole = true\n[odd]')
    assert [(line, key) for line, key, _ in found] == [
        (3, "rich.limit"),
        (4, "rich.weather"),
        (6, "rich.rungs[1].role"),
        (7, "odd"),
    ]


@given(
    st.binary(max_size=80)
    | st.text(max_size=80).map(str.encode)
    | st.text("[]{}=,.\"'\\#\n\r a1", max_size=40).map(str.encode)
)
@settings(max_examples=150)
def test_no_file_at_all_is_answered_with_a_crash(data):
    for start in (b"", b"format = 1\n[rich]\n"):
        try:
            file = read(start + data, SECTIONS)
        except FileRefused:
            continue
        assert SettingsFile.restored(file.stored()) == file


def test_the_lines_of_a_file_are_those_where_its_keys_stand():
    text = '# [no]\n[a] # [b]\n"x" = """\n[c]\ny = 1"""\nz = [\n 1, { q = "]" },\n]\n[[r]]\ns = 1\n[[r]]\n\ns.t = 2\n'
    found = lines_of(text)
    wanted = {
        ("a",): 2,
        ("a", "x"): 3,
        ("a", "z"): 6,
        ("a", "z", 0): 7,
        ("a", "z", 1, "q"): 7,
        ("r", 0, "s"): 10,
        ("r", 1): 11,
        ("r", 1, "s", "t"): 13,
    }
    assert {place: found.of(place) for place in wanted} == wanted
    assert found.of(("c",)) is None
    assert found.of(("a", "nothing")) == 2


def test_the_same_channel_named_twice_is_asked_for_once():
    file = read((HEAD + '[rich]\nchannel = "#a"\nwatched = ["#a"]\ngifts = ["a", {name = "a"}]').encode(), SECTIONS)
    assert [(one.name, one.is_role) for one in file.entities] == [("#a", False), ("a", True)]
    assert file.sections["rich"]["watched"] == [{ENTITY: 0}]


WORST = {
    "keys": "\n".join(f"a.b{i}.c = 1" for i in range(4000)),
    "entries": "format = 1\n[rich]\nwords = [" + '"",' * 20_000 + "]",
    "tables": "format = 1\n" + "\n".join(f"[a{i}]" for i in range(5000)),
    "brackets": "[" * 100_000,
    "quotes": '"""' + '\\"' * 50_000,
    "rows": "format = 1\n" + "[[rich.groups]]\n" * 5000,
}


@pytest.mark.parametrize("case", WORST)
def test_a_malicious_file_never_stops_the_bot_for_long(case):
    """It is read beside the loop: what counts is how long the loop waits for its turn."""
    assert min(longest_wait(WORST[case].encode()) for _ in range(2)) < 0.25, "twice, so not the machine's doing"


def longest_wait(data):
    """Seconds that another thread had to wait while the file was read."""
    done, longest = threading.Event(), 0.0

    def work():
        with pytest.raises(FileRefused):
            read(data, SECTIONS)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        before = time.perf_counter()
        time.sleep(0.005)
        longest = max(longest, time.perf_counter() - before)
    thread.join()
    assert done.is_set()
    return longest
