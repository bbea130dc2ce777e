"""The sockets of the gateway, taken before anything else is started, so that a taken port costs nothing."""

import errno
import socket

from guildhall.refusals import StartRefused

_BACKLOG = 2_048


def listening_sockets(address: str, port: int) -> list[socket.socket]:
    """On the loopback both of `localhost`'s addresses where the machine has both. Raises StartRefused."""
    sockets = [_bound(address, port)]
    if address == "127.0.0.1" and socket.has_ipv6:
        try:
            sockets.append(_bound("::1", port))
        except (StartRefused, OSError):
            return sockets
    return sockets


def _bound(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((address, port))
        made.listen(_BACKLOG)
    except (OSError, socket.gaierror) as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise StartRefused(
                f"port {port} is taken: choose another one, `make up PORT={_another(port)}` "
                f"or `guildhall up --port {_another(port)}`"
            ) from None
        raise StartRefused(f"cannot listen on {address} port {port}: {error.strerror}") from None
    made.setblocking(False)
    return made


def _another(port: int) -> int:
    return port + 10 if port + 10 <= 65_535 else port - 10
