"""Photos of shelves, drawn and compressed here: each is another picture, none needs a library.

The encoder is a baseline JPEG (ITU T.81) in which every 8 × 8 block has one colour, so that only
the first coefficient of a block is ever written.
"""

import random
import struct
from functools import cache

COLUMNS, ROWS = 60, 45  # blocks of 8 × 8 pixels: 480 × 360

WALL = (228, 224, 214)
BOARD = (120, 96, 72)
SHADOW = (70, 66, 62)
PACKS = (
    (196, 52, 44),
    (232, 168, 44),
    (60, 132, 72),
    (40, 96, 168),
    (168, 116, 84),
    (132, 72, 132),
    (84, 172, 176),
)


def shelf_photo(seed):
    """A shelf with packs and some empty places, as the bytes of a JPEG.

    :param seed: the same seed gives the same bytes
    """
    return encode_jpeg(_draw_shelf(random.Random(f"photo/{seed}")), comment=str(seed))


def _draw_shelf(rng):
    """Rows of (red, green, blue), one for each block."""
    light = rng.uniform(0.82, 1.08)
    picture = [[WALL] * COLUMNS for _ in range(ROWS)]
    bottom = 9 + rng.randrange(3)
    while bottom < ROWS:
        _draw_board(picture, rng, bottom)
        bottom += 9 + rng.randrange(2)
    return [_lit_row(row, light * rng.uniform(0.97, 1.03)) for row in picture]


def _draw_board(picture, rng, bottom):
    picture[bottom - 1] = [BOARD] * COLUMNS
    x = rng.randrange(2)
    while x < COLUMNS:
        colour, width = rng.choice(PACKS), rng.randrange(2, 5)
        height, facings = rng.randrange(4, 8), rng.randrange(2, 6)
        for _ in range(facings):
            if rng.random() > 0.12:
                _draw_pack(picture, colour, x, bottom - 1, width, height)
            x += width + 1
        x += rng.randrange(3)


def _draw_pack(picture, colour, x, bottom, width, height):
    label = tuple(min(255, c + 70) for c in colour)
    for y in range(max(0, bottom - height), bottom):
        for i in range(x, min(COLUMNS, x + width)):
            picture[y][i] = label if y == bottom - height // 2 else colour
        if x + width < COLUMNS:
            picture[y][x + width] = SHADOW


def _lit_row(row, light):
    lit = {c: tuple(max(0, min(255, round(part * light))) for part in c) for c in set(row)}
    return [lit[colour] for colour in row]


# ---------------------------------------------------------------------- JPEG

# Code lengths and values of the usual luminance table for first coefficients (T.81 K.3).
_DC_BITS = (0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)
_DC_VALUES = tuple(range(12))
_END_OF_BLOCK = "0"  # the only code of the table for the other coefficients


def encode_jpeg(picture, comment=""):
    """A picture of one colour per block as a baseline JPEG.

    :param picture: rows of (red, green, blue), one for each block of 8 × 8 pixels
    """
    height, width = len(picture) * 8, len(picture[0]) * 8
    parts = [
        b"\xff\xd8",
        _segment(0xE0, b"JFIF\0" + struct.pack(">BBBHHBB", 1, 1, 0, 1, 1, 0, 0)),
        _segment(0xFE, comment.encode()),
        _segment(0xDB, b"\0" + bytes([8] * 64)),  # first coefficient = 8 × value
        _segment(0xC0, struct.pack(">BHHB", 8, height, width, 3) + _components(b"\x11\0")),
        _segment(0xC4, b"\0" + bytes(_DC_BITS) + bytes(_DC_VALUES)),
        _segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"),
        _segment(0xDA, b"\x03" + _components(b"\0") + b"\0\x3f\0"),
        _scan(picture),
        b"\xff\xd9",
    ]
    return b"".join(parts)


def _segment(marker, content):
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _components(tail):
    return b"".join(bytes([number]) + tail for number in (1, 2, 3))


def _scan(picture):
    before = [0, 0, 0]
    bits = []
    for row in picture:
        for colour in row:
            for i, value in enumerate(_to_ycc(colour)):
                bits.append(_block(value - before[i]))
                before[i] = value
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\0")


@cache
def _to_ycc(colour):
    red, green, blue = colour
    y = 0.299 * red + 0.587 * green + 0.114 * blue
    return round(y) - 128, round(0.564 * (blue - y)), round(0.713 * (red - y))


@cache
def _block(difference):
    """Bits of a block whose colour differs by this from the one before."""
    size = abs(difference).bit_length()
    value = difference if difference >= 0 else difference + (1 << size) - 1
    extra = f"{value:0{size}b}" if size else ""
    return _dc_codes()[size] + extra + _END_OF_BLOCK


@cache
def _dc_codes():
    codes, code, values = {}, 0, iter(_DC_VALUES)
    for length, count in enumerate(_DC_BITS, start=1):
        for _ in range(count):
            codes[next(values)] = f"{code:0{length}b}"
            code += 1
        code <<= 1
    return codes
