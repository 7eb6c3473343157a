"""How alike two pictures of one place are, whatever the light: a perceptual hash of 128 bits.

Each bit says which of two neighbours is brighter, across and down, on the picture shrunk to 9 x 9.
The lowest quarter is left out: feet and crates stand there, and the watermarks of other cameras.
Unrelated pictures agree in half of the bits on average, up to three quarters by chance.
"""

import io

from PIL import Image

SIDE = 8
#: Share of equal bits from which on two pictures are taken for the same place.
ALIKE = 0.8
_KEPT = 0.75


def fingerprint(content):
    """128 bits as 32 hex digits.

    :param bytes content: JPEG, PNG or WebP
    """
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
        image.draft("L", (SIDE * 32, SIDE * 32))  # a JPEG is decoded small at once
        width, height = image.size
        top = image.convert("L").crop((0, 0, width, max(1, round(height * _KEPT))))
        small = top.resize((SIDE + 1, SIDE + 1), Image.Resampling.BOX)
    pixels, row = small.tobytes(), SIDE + 1
    bits = 0
    for y in range(SIDE):
        for x in range(SIDE):
            here = pixels[y * row + x]
            bits = bits << 2 | (here > pixels[y * row + x + 1]) << 1
            bits |= here > pixels[(y + 1) * row + x]
    return f"{bits:032x}"


def likeness(first, second):
    """Share of equal bits, 0 to 1."""
    return 1 - (int(first, 16) ^ int(second, 16)).bit_count() / (2 * SIDE * SIDE)
