"""What the simulated phones put on the wire: three forms of one fix, photos that are pictures."""

import importlib.util
import io
import sys

import pytest
from PIL import Image

from simulator import photo, wire
from simulator.phone import Fix
from tests.support.repository import ADDONS

FIX = Fix(1794567890, 31.2301234, 121.4701234, 31.5, 8.25, 91.0, 4.5, 0.87, "")


def load_parser():
    """The server's parser, which needs nothing but Python, without importing Odoo."""
    tools = ADDONS / "field_tracking" / "tools"
    spec = importlib.util.spec_from_file_location(
        "field_tracking_tools", tools / "__init__.py", submodule_search_locations=[str(tools)]
    )
    sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    return importlib.import_module(f"{spec.name}.parse")


parser = load_parser()


@pytest.mark.parametrize("form", sorted(wire.ENCODERS))
def test_every_form_is_read_back_as_the_same_fix(form):
    query, body, content_type = wire.ENCODERS[form](FIX, "12345678")
    parsed = parser.parse(content_type or "", query.lstrip("?"), body, FIX.at + 5)
    [fix] = parsed.fixes
    assert not parsed.rejects
    assert parsed.source == form
    assert fix.ts == FIX.at
    assert fix.lat == pytest.approx(FIX.lat, abs=1e-7)
    assert fix.lon == pytest.approx(FIX.lng, abs=1e-7)
    assert fix.speed == pytest.approx(FIX.speed, abs=0.01)
    assert fix.accuracy == pytest.approx(FIX.accuracy, abs=0.1)
    assert fix.battery == pytest.approx(FIX.battery, abs=0.005)


def test_forms_differ_in_units():
    """The trap the server must not fall into: 8.25 m/s is 16.04 knots."""
    assert "speed=16.0" in wire.query(FIX, "1")[0]
    assert b"speed=16.04" in wire.form(FIX, "1")[1]
    assert b'"speed": 8.25' in wire.json_body(FIX, "1")[1]


def test_photo_is_a_picture():
    image = Image.open(io.BytesIO(photo.shelf_photo("a")))
    image.load()
    assert (image.format, image.size) == ("JPEG", (480, 360))
    assert len(image.convert("RGB").getcolors(200_000)) > 20


def test_encoder_keeps_colours():
    picture = [[(200, 30, 40), (20, 180, 60)], [(10, 20, 220), (250, 250, 250)]]
    image = Image.open(io.BytesIO(photo.encode_jpeg(picture))).convert("RGB")
    for y, row in enumerate(picture):
        for x, colour in enumerate(row):
            got = image.getpixel((x * 8 + 4, y * 8 + 4))
            assert max(abs(a - b) for a, b in zip(got, colour, strict=True)) <= 4


def test_photos_differ_and_repeat():
    assert photo.shelf_photo("a") == photo.shelf_photo("a")
    assert len({photo.shelf_photo(number) for number in range(20)}) == 20
