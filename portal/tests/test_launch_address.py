import socket

import pytest

from portal.launch import address
from portal.launch.address import Address
from portal.launch.ground import Trouble


@pytest.mark.parametrize(
    ("text", "host", "port", "url"),
    [
        ("8000", "127.0.0.1", 8000, "http://127.0.0.1:8000/"),
        ("127.0.0.1:8123", "127.0.0.1", 8123, "http://127.0.0.1:8123/"),
        ("localhost:80", "localhost", 80, "http://localhost:80/"),
        ("0:8000", "0.0.0.0", 8000, "http://127.0.0.1:8000/"),
        ("0.0.0.0:8000", "0.0.0.0", 8000, "http://127.0.0.1:8000/"),
        ("[::1]:8000", "::1", 8000, "http://[::1]:8000/"),
    ],
)
def test_address_is_read_as_runserver_reads_it(text, host, port, url):
    found = address.read(text)
    assert (found, found.url()) == (Address(host, port), url)


@pytest.mark.parametrize("text", ["", "host", "host:", ":8000x", "1.2.3.4:99999", "a:b:c", "http://x:1", "::1:8000"])
def test_what_is_no_address_is_refused_in_words(text):
    with pytest.raises(Trouble, match="is no address"):
        address.read(text)


def test_port_in_use_names_another():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {port} is in use .*serve 127.0.0.1:{port + 1}"):
            address.hold(Address("127.0.0.1", port))


def test_address_of_another_machine_is_refused_in_words():
    with pytest.raises(Trouble, match="not an address of this machine"):
        address.hold(Address("192.0.2.1", 8000))


def test_held_address_is_held():
    held, found = address.hold(Address("127.0.0.1", 0))
    with held:
        held.listen()
        assert found.port > 0
        with pytest.raises(Trouble, match="in use"):
            address.hold(found)
