"""Remember which steps are done, so that an interrupted run goes on where it stopped."""

import hashlib
import json

from . import paths


def fingerprint(*parts):
    """A short hash of texts and of the contents of files, given as `pathlib.Path`."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if hasattr(part, "read_bytes") else str(part).encode()
        digest.update(data + b"\0")
    return digest.hexdigest()[:16]


def is_done(step, mark):
    """True when `step` was finished with the same fingerprint."""
    return read(step).get("mark") == mark


def read(step):
    path = paths.STAMPS / f"{step}.json"
    if not path.exists():
        return {}
    try:
        return json.loads(path.read_text())
    except ValueError:
        return {}


def set_done(step, mark, **facts):
    """Record that `step` is finished. Written to the side and renamed: never half a stamp."""
    paths.STAMPS.mkdir(parents=True, exist_ok=True)
    path = paths.STAMPS / f"{step}.json"
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"mark": mark, **facts}, indent=1))
    draft.rename(path)


def forget(step):
    (paths.STAMPS / f"{step}.json").unlink(missing_ok=True)
