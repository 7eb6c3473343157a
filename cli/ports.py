"""TCP ports on the loopback interface."""

import contextlib
import socket

HOST = "127.0.0.1"


def is_free(port):
    """True when nobody listens on the port now."""
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port():
    """A port that nobody uses now."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
