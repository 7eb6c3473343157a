"""Roads from an OpenStreetMap extract, on this machine: a thin layer over pyvalhalla.

pyvalhalla is optional; nothing here is called before :func:`is_there` has said yes.
"""

import functools
import json
import subprocess  # nosec B404 (the map builder is a program)
import tarfile
import tempfile
import threading
from pathlib import Path

try:
    import valhalla
except ImportError:
    valhalla = None

#: Metres round a position in which its road is looked for.
SEARCH_M = 50
UNKNOWN_ACCURACY_M = 20
BUILD_TIMEOUT_S = 3600
_ASKED = [
    *("edge.length", "edge.source_percent_along", "edge.target_percent_along"),
    *("matched.type", "matched.begin_route_discontinuity"),
]
# One engine is not made for several threads.
_lock = threading.Lock()


class BuildError(Exception):
    """The extract could not be read; the text is what the builder said."""


def is_there() -> bool:
    """Whether pyvalhalla is installed."""
    return valhalla is not None


def build(extract: Path, target: Path) -> None:
    """Make one file of road tiles of an extract.

    :param extract: path of an ``.osm.pbf`` file
    :param target: path of the ``.tar`` to write
    :raises BuildError: what the builder said last
    """
    with tempfile.TemporaryDirectory() as folder:
        tiles = Path(folder, "tiles")
        tiles.mkdir()
        config = valhalla.get_config(tile_extract="", tile_dir=tiles, verbose=False)
        config["mjolnir"]["concurrency"] = 1
        written = Path(folder, "valhalla.json")
        written.write_text(json.dumps(config))
        program = Path(valhalla.PYVALHALLA_DIR, "bin", "valhalla_build_tiles")
        try:
            done = subprocess.run(  # nosec B603 (no shell, no word of the uploader among them)
                [program, "-c", written, extract],
                capture_output=True,
                cwd=folder,
                timeout=BUILD_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise BuildError(f"more than {BUILD_TIMEOUT_S} s") from error
        found = sorted(tiles.rglob("*.gph"))
        if done.returncode or not found:
            said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
            raise BuildError(said[-1][:500] if said else str(done.returncode))
        with tarfile.open(target, "w") as archive:
            for path in found:
                archive.add(path, arcname=str(path.relative_to(tiles)))


def match(
    tiles: str, t: list[int], lat: list[float], lon: list[float], accuracy: float | None
) -> float | None:
    """Metres along the roads these fixes were driven on, None when it cannot be told.

    All fixes must have found a road, in one unbroken way: a part that lies outside the extract
    would be missing in the sum, and nobody would see it.

    :param tiles: path of a file that :func:`build` has written
    :param t: seconds, rising
    """
    shape = [{"lat": y, "lon": x, "time": moment} for moment, y, x in zip(t, lat, lon, strict=True)]
    question = {
        "shape": shape,
        "costing": "auto",
        "shape_match": "map_snap",
        "trace_options": {
            "search_radius": SEARCH_M,
            "gps_accuracy": accuracy or UNKNOWN_ACCURACY_M,
        },
        "filters": {"attributes": _ASKED, "action": "include"},
    }
    try:
        with _lock:
            answer = _engine(tiles).trace_attributes(question)
    except RuntimeError:  # what pyvalhalla raises where there is no way
        return None
    points = answer.get("matched_points") or []
    if len(points) != len(shape) or any(
        point.get("type") == "unmatched" or point.get("begin_route_discontinuity")
        for point in points
    ):
        return None
    return 1000.0 * sum(
        edge["length"] * (edge.get("target_percent_along", 1) - edge.get("source_percent_along", 0))
        for edge in answer["edges"]
    )


@functools.lru_cache(maxsize=2)
def _engine(tiles: str):
    """Kept: opening it takes longer than an answer."""
    return valhalla.Actor(valhalla.get_config(tile_extract=tiles, tile_dir="", verbose=False))
