"""`python -m demo.language zh_CN`: the language in which the demo greets its logins."""

import sys

from .company import set_language
from .odoo_env import environment


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in ("en_US", "zh_CN"):
        sys.stderr.write("Name a language: en_US or zh_CN.\n")
        return 2
    with environment() as env:
        set_language(env, arguments[0])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
