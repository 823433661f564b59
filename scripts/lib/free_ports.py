"""free_ports.py [N]: prints the first of N free TCP ports in a row on 127.0.0.1, outside of the range for clients."""

import random
import socket
import sys


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_ports(count):
    for _ in range(1000):
        first = random.randrange(20_000, 30_000)
        if all(is_free(first + index) for index in range(count)):
            return first
    raise SystemExit("free_ports: none found")


if __name__ == "__main__":
    print(free_ports(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
