"""The pictures of the guides are those the journeys take: a guide names one, and here it is taken over.

FIELD_PICTURES=build/pictures FIELD_ALL_SIZES=1 ./field test tests/journeys
./field python -m tests.support.guide_pictures build/pictures
"""

import re
import sys
from pathlib import Path

from PIL import Image

from tests.support.repository import ROOT

IMAGES = ROOT / "docs" / "images"
SHOWN = re.compile(r"(?:<img\s[^>]*src=\"|!\[[^\]]*\]\()(?:docs/)?images/([\w.-]+)[\")]")
WIDEST = 1400


def shown_in_guides():
    """Names of the pictures in README.md and the guides, each once."""
    texts = [path.read_text() for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    return sorted({name for text in texts for name in SHOWN.findall(text)})


def shrink(picture):
    """As wide as the screen in its own points, in 256 colours: a guide is read on a screen.

    :param picture: Image of a desk (1 pixel a point) or of a phone (2 pixels a point)
    """
    if picture.width < WIDEST and picture.width > 390:
        picture = picture.resize((390, round(picture.height * 390 / picture.width)))
    return picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)


def take_over(folder):
    """Replace what the guides show by what the journeys saw.

    :return: names in the guides that no journey has taken
    """
    missing = []
    for name in shown_in_guides():
        taken = folder / name
        if taken.exists():
            shrink(Image.open(taken)).save(IMAGES / name, optimize=True)
        else:
            missing.append(name)
    return missing


if __name__ == "__main__":
    for absent in take_over(Path(sys.argv[1])):
        sys.stderr.write(f"no journey takes {absent}\n")
