"""A phone whose camera sees a picture that the test holds before it."""

import tempfile
from pathlib import Path

from PIL import Image, ImageEnhance, ImageOps

from . import phone as phones
from .repository import ROOT

# `./field test` takes them out of packages: see cli/samples.py.
FACES = ROOT / ".local" / "samples"
#: What of the picture is the portrait: left, top, right, bottom.
PORTRAITS = {
    "eileen_collins": ("astronaut.png", (60, 0, 400, 255)),
    "grace_hopper": ("grace_hopper.jpg", (0, 90, 512, 474)),
}
SIZE = (640, 480)


def are_there():
    return all((FACES / file).exists() for file, _box in PORTRAITS.values())


def face(name, light=1.0, mirrored=False):
    """One of the portraits; ``light`` and ``mirrored`` make it another picture of it."""
    file, box = PORTRAITS[name]
    with Image.open(FACES / file) as picture:
        image = ImageEnhance.Brightness(picture.convert("RGB").crop(box)).enhance(light)
    return ImageOps.fit(ImageOps.mirror(image) if mirrored else image, SIZE)


def wall(shade=180):
    """Nobody."""
    return Image.new("RGB", SIZE, (shade, shade, shade))


def two(*names):
    """Several people in one picture."""
    image = wall()
    for n, name in enumerate(names):
        half = face(name).crop((120, 0, 520, SIZE[1])).resize((SIZE[0] // 2, 384))
        image.paste(half, (n * SIZE[0] // 2, 48))
    return image


def far(name):
    """Somebody who stands at the other end of the room."""
    image = wall()
    image.paste(face(name).resize((224, 168)), (208, 156))
    return image


class FacePhone(phones.Phone):
    """The camera shows what was held last, from the next time it is switched on."""

    def __init__(self, url, place=None, lang="en_US"):
        super().__init__(url, place, lang)
        self.film = Path(tempfile.mkdtemp(prefix="field-film-")) / "film.mjpeg"
        self.flags = (f"--use-file-for-fake-video-capture={self.film}",)
        self.hold(wall())

    def __exit__(self, *exc):
        super().__exit__(*exc)
        self.film.unlink()
        self.film.parent.rmdir()

    def hold(self, image):
        image.save(self.film, "JPEG", quality=90, subsampling=2)
