"""The files that follow events: pictures, papers, sounds. None needs a library."""

import io
import random
import wave

from .photo import encode_jpeg, shelf_photo

PAPER, INK = (244, 242, 236), (40, 48, 88)
RATE, SECONDS = 8000, 1


def file_of(photo):
    """``(bytes, type)`` of a :class:`simulator.day.Photo`; the same seed gives the same bytes."""
    if photo.content == "sound":
        return hum(photo.seed), "audio/wav"
    make = paper if photo.content == "paper" else shelf_photo
    return make(photo.seed), "image/jpeg"


def paper(seed):
    """A line of ink on paper: a signature, or something that was written down."""
    rng = random.Random(f"paper/{seed}")
    rows = [[PAPER] * 40 for _ in range(20)]
    y = 10
    for x in range(4, 36):
        y = max(3, min(16, y + rng.randint(-2, 2)))
        rows[y][x] = INK
    return encode_jpeg(rows, comment=str(seed))


def hum(seed):
    """A second of a tone, for a talk."""
    rng = random.Random(f"sound/{seed}")
    period = rng.randint(30, 80)
    samples = bytes(128 + (n % period) // 2 for n in range(RATE * SECONDS))
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(samples)
    return out.getvalue()
