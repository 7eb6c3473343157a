"""Perceptual hash of a picture: the same scene again gives the same or nearly the same number."""

import io

from PIL import Image

SIDE = 8


def dhash(content):
    """Difference hash, 64 bits as 16 hex digits: which of two neighbours is brighter.

    :param bytes content: JPEG, PNG or WebP
    """
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
        image.draft("L", (SIDE * 16, SIDE * 16))  # a JPEG is decoded small at once
        small = image.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.BOX)
    pixels = small.tobytes()
    bits = 0
    for row in range(SIDE):
        for column in range(SIDE):
            left = row * (SIDE + 1) + column
            bits = bits << 1 | (pixels[left] > pixels[left + 1])
    return f"{bits:016x}"


def distance(first, second):
    """In how many of 64 bits two hashes differ; up to 4 is the same picture again."""
    return (int(first, 16) ^ int(second, 16)).bit_count()
