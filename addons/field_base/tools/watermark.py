"""The watermark of a photo as the server draws it: on a copy, from what the server knows."""

import io

# Odoo keeps Pillow from loading plug-ins by itself, hence the import of the WebP one.
from PIL import Image, ImageDraw, ImageOps, WebPImagePlugin  # noqa: F401
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from . import fonts

QUALITY = 82
#: A line is so much of the width high; the same share as on the phone (core/photo.js).
_SHARE = 42
_LEAST = 14
_LEADING = 1.35
_WHITE = (255, 255, 255, 255)
_QUIET = 2  # modules of white round the code


def stamp(content, lines, link=None):
    """A JPEG copy of a picture with lines at its lower edge and a code at the right.

    :param bytes content: JPEG, PNG or WebP; it stays as it is
    :param list lines: texts, the first one most important; long ones are cut at the edge
    :param str link: what the square code in the corner says, if any
    :returns: bytes
    :raises OSError: not a picture (``PIL.UnidentifiedImageError`` is one)
    """
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
        picture = ImageOps.exif_transpose(image).convert("RGB")
    width, height = picture.size
    size = max(_LEAST, round(width / _SHARE))
    pitch = round(size * _LEADING)
    strip = _strip(width, min(height, pitch * len(lines) + 2 * size))
    code = link and _code(link, min(strip.height - size, width // 4))
    room = width - 2 * size - (code.width + size if code else 0)
    _write(strip, lines, size, pitch, room)
    if code:
        strip.paste(code, (width - code.width - size, (strip.height - code.height) // 2))
    picture.paste(strip, (0, height - strip.height), strip)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _strip(width, height):
    """Dark below, clear above: white letters are readable on any picture."""
    shade = Image.linear_gradient("L").resize((width, height))
    strip = Image.new("RGBA", (width, height), (0, 0, 0, 255))
    strip.putalpha(shade.point(lambda value: min(180, 90 + value // 2)))
    return strip


def _write(strip, lines, size, pitch, room):
    draw, font = ImageDraw.Draw(strip), fonts.load(size)
    for row, line in enumerate(lines):
        text = _cut(" ".join(line.split()), font, room)
        bold = 1 if row == 0 else 0
        draw.text(
            (size, size + row * pitch), text, _WHITE, font, stroke_width=bold, stroke_fill=_WHITE
        )


def _cut(text, font, room):
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(text + "…") > room:
        text = text[:-1]
    return text + "…"


def _code(link, side):
    """The link as a square code of about ``side`` pixels, black on white."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(link)
    code.make()
    count = code.getModuleCount()
    small = Image.new("L", (count + 2 * _QUIET,) * 2, 255)
    for row in range(count):
        for column in range(count):
            if code.isDark(row, column):
                small.putpixel((column + _QUIET, row + _QUIET), 0)
    factor = max(1, side // small.width)
    return small.resize((small.width * factor,) * 2, Image.Resampling.NEAREST).convert("RGBA")
