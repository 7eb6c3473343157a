"""Where things lie. Everything that is made lies in `.local/`."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
ADDONS = ROOT / "addons"
LOGS = LOCAL / "logs"
STAMPS = LOCAL / "stamps"
VENV = LOCAL / "venv"
LINT_VENV = LOCAL / "venv-lint"
NODE = LOCAL / "node"
DATA_DIR = LOCAL / "data"
SAMPLES = LOCAL / "samples"


def checkout_id():
    """Eight characters that tell this checkout from another one on the same machine."""
    return hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def our_modules():
    """Names of the modules in `addons/`, in alphabetical order."""
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
