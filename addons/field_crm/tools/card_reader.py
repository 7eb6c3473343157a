"""Reading the text of a picture with RapidOCR, whose models come with the package. Optional."""

import importlib.util
import io
import logging
import threading

from PIL import Image, ImageOps, UnidentifiedImageError

from .card import Line

_logger = logging.getLogger(__name__)

PACKAGE = "rapidocr_onnxruntime"
LONGEST_PX = 1600
MOST_PIXELS = 40_000_000
SURE = 0.5  # lines the reader is less sure of are left out
WAIT_S = 20

_one_at_a_time = threading.Lock()  # it needs a whole core and some hundred megabytes
_engines = []


class CardUnreadable(Exception):
    """The bytes are no picture that can be read."""


class CardReaderBusy(Exception):
    """Other cards are being read."""


def is_there():
    """Whether the optional package is installed."""
    return importlib.util.find_spec(PACKAGE) is not None


def read_lines(content):
    """The lines of a picture, from the top to the bottom.

    :param bytes content: a JPEG or PNG
    :returns: list of `card.Line`
    :raises CardUnreadable: no picture
    :raises CardReaderBusy: others were first for too long
    """
    picture = _open(content)
    if not _one_at_a_time.acquire(timeout=WAIT_S):
        raise CardReaderBusy
    try:
        boxes, _times = _engine()(picture)
    finally:
        _one_at_a_time.release()
    lines = [_to_line(corners, text) for corners, text, sure in boxes or [] if float(sure) >= SURE]
    return [line for _top, line in sorted(lines, key=lambda pair: pair[0])]


def _open(content):
    import numpy

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise CardUnreadable
            image.draft("RGB", (LONGEST_PX, LONGEST_PX))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as exc:
        raise CardUnreadable from exc
    upright.thumbnail((LONGEST_PX, LONGEST_PX))
    return numpy.asarray(upright)[:, :, ::-1]  # the reader expects blue first


def _engine():
    if not _engines:
        rapidocr = importlib.import_module(PACKAGE)
        _engines.append(rapidocr.RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1))
        _logger.info("The reader of business cards is loaded.")
    return _engines[0]


def _to_line(corners, text):
    tops = [y for _x, y in corners]
    height = max(tops) - min(tops)
    return (min(tops), min(x for x, _y in corners)), Line(text, height)
