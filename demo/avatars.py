"""Draws the avatars: an initial on two warm tones for people, an arch for the bot. Nothing is fetched."""

import io
from functools import cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

SIZE = 128
TONES = (
    ("#c8553d", "#f2a65a"), ("#386fa4", "#84d2f6"), ("#5b8c5a", "#cfd186"), ("#6d597a", "#e5989b"),
    ("#2a6f77", "#7fd1ae"), ("#8d5b4c", "#e8b298"), ("#3d348b", "#9d8df1"), ("#9c3848", "#f7a399"),
    ("#1f6f5c", "#f4d35e"), ("#4a4e69", "#c9ada7"),
)  # fmt: skip


@cache
def initial(name: str, number: int) -> bytes:
    """A PNG of the first letter of ``name``; ``number`` chooses the tones."""
    dark, light = TONES[number % len(TONES)]
    wide = SIZE * 4
    picture = Image.new("RGB", (wide, wide), dark)
    draw = ImageDraw.Draw(picture)
    shift = (number * 37) % SIZE * 4
    draw.ellipse((shift - wide * 0.9, -wide * 0.75, shift + wide * 0.35, wide * 0.5), fill=light)
    letter = name[0].upper()
    draw.text((wide / 2, wide / 2), letter, font=_letters(260), fill="#ffffff", anchor="mm", stroke_width=4)
    return _png(picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS))


@cache
def arch() -> bytes:
    """The bot's own: the door of a public building, open, on its square."""
    wide = SIZE * 4
    picture = Image.new("RGB", (wide, wide), "#2f3b63")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, wide * 0.78, wide, wide), fill="#f2b366")
    for inset, tone in ((0.22, "#f6e7cb"), (0.34, "#e8875b")):
        left, right = wide * inset, wide * (1 - inset)
        radius = (right - left) / 2
        top = wide * (0.16 + (inset - 0.22))
        draw.pieslice((left, top, right, top + 2 * radius), 180, 360, fill=tone)
        draw.rectangle((left, top + radius - 1, right, wide * 0.78), fill=tone)
    return _png(picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS))


@cache
def _letters(size: int) -> ImageFont.FreeTypeFont:
    font = files("simcord.preview") / "static" / "fonts" / "noto-sans-latin-v2.015.ttf"
    return ImageFont.truetype(io.BytesIO(font.read_bytes()), size, layout_engine=ImageFont.Layout.BASIC)


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
