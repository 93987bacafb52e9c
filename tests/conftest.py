"""What every test lives by: only tests of real parts may reach further than this machine."""

import pytest
import pytest_socket


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("real") is None:
        pytest_socket.socket_allow_hosts(["localhost", "127.0.0.1", "::1"], allow_unix_socket=True)
