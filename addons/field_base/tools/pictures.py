"""What is too big or too broken to be opened, said in one place."""

import io

# Odoo keeps Pillow from loading plug-ins by itself, hence the import of the WebP one.
from PIL import Image, UnidentifiedImageError, WebPImagePlugin  # noqa: F401

FORMATS = ("JPEG", "PNG", "WEBP")
#: As many as Odoo takes; a picture is decoded whole when it is drawn on.
MAX_PIXELS = 50_000_000
#: What opening a picture raises that is none, is damaged, or is a bomb (which is no ``OSError``).
UNREADABLE = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,
)


def read_header(content):
    """``(type, pixels)`` of a picture, from its header: nothing is decoded.

    :param bytes content: the file
    :raises: one of ``UNREADABLE``
    """
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        width, height = image.size
        return Image.MIME.get(image.format), width * height


def is_too_large(content):
    """Whether a picture has more pixels than are ever decoded here."""
    try:
        return read_header(content)[1] > MAX_PIXELS
    except Image.DecompressionBombError:
        return True
    except UNREADABLE:
        return False
