"""The subcommands of `./field` and their options."""

import argparse
import signal
import sys

from .commands import bench, demo, doctor, lint, reset, tests, tools
from .console import Failure, say


def main(arguments):
    """Run one subcommand.

    :param list arguments: the command line without the program's name
    :return: the exit code
    """
    options, rest = _parse(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return options.run(options, rest) or 0
    except Failure as failure:
        print(f"\n./field: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped. The next run goes on from here.")
        return 130
    except BrokenPipeError:  # whoever read our output is gone, as in `./field doctor | head`
        sys.stdout = None
        return 141


def _interrupt(_signal, _frame):
    raise KeyboardInterrupt


def _parse(arguments):
    parser = argparse.ArgumentParser(
        prog="./field",
        allow_abbrev=False,
        description="Field sales for Odoo 19: run it, test it, work on it.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (demo, tests, lint, bench, tools, doctor, reset):
        module.register(commands)
    if arguments and arguments[0] in PASS_ON:
        return parser.parse_known_args(arguments)
    return parser.parse_args(arguments), []


# Everything that these do not know themselves goes on to the program they run.
PASS_ON = ("test", "odoo", "python", "bench")
