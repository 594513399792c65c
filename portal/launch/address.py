"""The address to serve at: read as runserver reads it, and held from the first moment."""

import errno
import re
import socket
from dataclasses import dataclass

from portal.launch.ground import Trouble

FORM = re.compile(r"^(?:(?P<host>\[[0-9a-fA-F:.]+\]|[^:\[\]]+):)?(?P<port>\d{1,5})$")
DEFAULT = "127.0.0.1:8000"


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    @property
    def family(self) -> socket.AddressFamily:
        return socket.AF_INET6 if ":" in self.host else socket.AF_INET

    @property
    def everywhere(self) -> bool:
        return self.host in ("0.0.0.0", "::")  # noqa: S104 (asked for by the person who starts it)

    def url(self) -> str:
        host = ("[::1]" if self.family == socket.AF_INET6 else "127.0.0.1") if self.everywhere else self.host
        return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{self.port}/"


def read(text: str) -> Address:
    """``8000``, ``127.0.0.1:8000``, ``0:8000``, ``localhost:8000`` or ``[::1]:8000``."""
    match = FORM.match(text)
    if not match or int(match["port"]) > 65535:
        raise Trouble(f"{text!r} is no address. Write it like {DEFAULT}, [::1]:8000 or 8000.")
    host = (match["host"] or "127.0.0.1").strip("[]")
    return Address("0.0.0.0" if host == "0" else host, int(match["port"]))  # noqa: S104


def hold(address: Address) -> tuple[socket.socket, Address]:
    """Bind the address now, so that nothing is prepared for an address that is taken. Port 0 means any free one."""
    held = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((address.host, address.port))
    except socket.gaierror as error:
        held.close()
        raise Trouble(f"{address.host!r} is not an address of this machine.") from error
    except OSError as error:
        held.close()
        raise Trouble(refusal(address, error)) from error
    held.set_inheritable(True)
    return held, Address(address.host, held.getsockname()[1])


def refusal(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = address.port + 1 if address.port < 65535 else 8000
        return (
            f"Port {address.port} is in use by another program. "
            f"Stop that one, or choose another port: python3 manage.py serve {address.host}:{other}"
        )
    if error.errno == errno.EACCES:
        return f"Port {address.port} may be opened by root only. Choose one above 1023, for example 8000."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{address.host} is not an address of this machine. Try {DEFAULT}, or 0.0.0.0:{address.port} for all."
    return f"The address {address.host}:{address.port} cannot be opened: {error.strerror}."
