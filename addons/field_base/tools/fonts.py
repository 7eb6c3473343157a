"""A font for text that is drawn into pictures on the server, Chinese included."""

import os
from functools import lru_cache
from pathlib import Path

import reportlab
from PIL import ImageFont

#: Where systems keep fonts; packages of distributions put theirs below.
FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
#: Fonts with simplified Chinese, the best first, and which face of the file it is.
CHINESE = (
    ("NotoSansCJK-Regular.ttc", 2),
    ("NotoSansCJKsc-Regular.otf", 0),
    ("NotoSansSC-Regular.ttf", 0),
    ("SourceHanSansSC-Regular.otf", 0),
    ("wqy-microhei.ttc", 0),
    ("wqy-zenhei.ttc", 0),
    ("DroidSansFallbackFull.ttf", 0),
)
#: Comes with reportlab, which Odoo needs anyway: Latin letters only.
LATIN = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


@lru_cache(maxsize=1)
def find_chinese():
    """``(path, face)`` of an installed font with Chinese characters, or None."""
    found = {}
    for folder in map(os.path.expanduser, FOLDERS):
        for root, _folders, names in os.walk(folder):
            found |= {name: os.path.join(root, name) for name in names if name not in found}
    for name, face in CHINESE:
        if name in found:
            return found[name], face
    return None


@lru_cache(maxsize=8)
def load(size):
    """The font to draw with, ``size`` in pixels."""
    path, face = find_chinese() or (str(LATIN), 0)
    return ImageFont.truetype(path, size, index=face)
