"""The head of a PMTiles file (version 3): what is in it and where it lies. Pure functions."""

import struct
from dataclasses import dataclass

MAGIC = b"PMTiles"
HEADER_BYTES = 127
TILE_TYPES = {1: "mvt", 2: "png", 3: "jpeg", 4: "webp", 5: "avif"}


class PmtilesError(ValueError):
    """The file is no map package that can be shown."""


@dataclass(frozen=True)
class Header:
    tile_type: str
    min_zoom: int
    max_zoom: int
    west: float
    south: float
    east: float
    north: float


def read_header(data):
    """What the first 127 bytes say.

    :raises PmtilesError: ``not_pmtiles`` ``version`` ``tile_type`` ``bounds``
    """
    if len(data) < HEADER_BYTES or data[:7] != MAGIC:
        raise PmtilesError("not_pmtiles")
    if data[7] != 3:
        raise PmtilesError("version")
    tile_type = TILE_TYPES.get(data[99])
    if not tile_type:
        raise PmtilesError("tile_type")
    west, south, east, north = (number / 1e7 for number in struct.unpack_from("<4i", data, 102))
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise PmtilesError("bounds")
    return Header(tile_type, data[100], data[101], west, south, east, north)
