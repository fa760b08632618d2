from datetime import timedelta
from typing import Annotated

import pytest
from pydantic import BaseModel, Field

from bot.guilds.fields import Channel, Row
from bot.guilds.paths import Path, RowRef, longest_address
from bot.guilds.sections import CommunitySettings, Section, SectionAction, Sections
from bot.guilds.shape import FieldKind, shape_of, shapes
from tests.rich_section import Group, RichSettings, Tone


def test_every_kind_of_field_is_recognised_from_the_model():
    kinds = {name: shape.kind for name, shape in shapes(RichSettings).items()}
    assert set(kinds.values()) == set(FieldKind)
    assert kinds["watched"] is FieldKind.CHANNELS
    assert kinds["rungs"] is FieldKind.ROWS
    assert kinds["delays"] is FieldKind.ITEMS
    assert kinds["text"] is FieldKind.LONG_TEXT


def test_limits_choices_and_defaults_come_with_the_field():
    fields = shapes(RichSettings)
    assert (fields["patience"].minimum, fields["patience"].maximum) == (timedelta(minutes=5), timedelta(days=7))
    assert (fields["name"].shortest, fields["name"].longest) == (2, 20)
    assert fields["text"].longest == 500
    assert fields["tones"].choices is Tone
    assert fields["second_tone"].optional
    assert fields["reward"].role.granted
    assert not fields["judge"].role.granted
    assert fields["watched"].channel.needs == ("view_channel",)
    assert fields["pause"].suggested == (timedelta(hours=3), timedelta(hours=6))
    assert shape_of(RichSettings, "groups", "name").required


def declared(annotation, **options):
    class Odd(Section):
        key = "odd"
        title = "Odd"
        summary = "Odd."

        field: annotation = Field(title="Field", description="A field.", **options)

    return Odd


class Rows(Row):
    title = "Rows"

    inner: tuple[Group, ...] = Field((), title="Inner", description="Rows in a row.")


@pytest.mark.parametrize(
    "annotation",
    [dict[str, int], bytes, Group, tuple[int, int], tuple[bool, ...], tuple[Rows, ...], int | str, list[int]],
)
def test_a_field_that_no_panel_can_show_is_refused_when_it_is_registered(annotation):
    with pytest.raises(TypeError, match=r"field|Rows"):
        Sections().register(declared(annotation, default=None))


def test_a_field_without_title_or_description_is_refused():
    class Silent(Section):
        key = "silent"
        title = "Silent"
        summary = "Silent."

        field: int = Field(1, title="Only a title")

    with pytest.raises(TypeError, match="title and a description"):
        Sections().register(Silent)


def test_names_too_long_for_a_custom_id_are_refused():
    class Long(Section):
        key = "x" * 75
        title = "Long"
        summary = "Long."

        field: int = Field(1, title="Field", description="A field.")

    with pytest.raises(ValueError, match="too long"):
        Sections().register(Long)
    assert longest_address(RichSettings) < 80


def test_two_sections_of_one_key_are_refused_and_a_section_twice_is_not():
    class Impostor(Section):
        key = "community"
        title = "Impostor"
        summary = "Impostor."

    sections = Sections()
    sections.register(CommunitySettings)
    with pytest.raises(ValueError, match="two sections"):
        sections.register(Impostor)


def test_a_section_has_room_for_four_actions():
    with pytest.raises(ValueError, match="more than 4"):
        Sections().register(RichSettings, actions=[SectionAction("Do", lambda label: None)] * 5)


@pytest.mark.parametrize("text", ["groups", "groups@3.0a1b2c", "groups@12.0a1b2c.name"])
def test_an_address_reads_back_as_it_was_written(text):
    assert str(Path.parse(text)) == text


@pytest.mark.parametrize("text", ["", "Groups", "groups@", "groups@1", "groups@1.xyz", "groups@1.0a1b2c.", "a:b"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        Path.parse(text)


def test_a_field_annotated_through_field_in_a_list_keeps_its_limits():
    class Listed(Section):
        key = "listed"
        title = "Listed"
        summary = "Listed."

        words: tuple[Annotated[str, Field(max_length=5)], ...] = Field((), title="Words", description="Short ones.")

    assert shapes(Listed)["words"].item.longest == 5


def test_a_row_is_found_where_it_stands_now():
    rows = [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    seen = RowRef.to(rows, 1)
    assert seen.locate(rows) == 1
    assert seen.locate([rows[1], rows[0]]) == 0


def test_shapes_of_an_unrelated_model_are_refused():
    class Bare(BaseModel):
        field: Annotated[int, Channel()] = 1

    with pytest.raises(TypeError):
        shapes(Bare)
