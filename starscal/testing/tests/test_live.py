"""The fixtures that run the real web server beside a test."""

from urllib.parse import urlsplit

import pytest
from django.db import connection

from starscal.health import is_well
from starscal.testing.live import LiveServer, stack_environment


@pytest.mark.slow
def test_the_web_server_survives_being_killed(running_server: LiveServer) -> None:
    assert is_well(f"{running_server.url}/livez")
    running_server.kill()
    assert running_server.has_ended
    assert not is_well(f"{running_server.url}/livez")
    running_server.restart()
    assert is_well(f"{running_server.url}/livez")


def test_processes_get_the_database_of_this_worker(db: None) -> None:
    address = urlsplit(stack_environment()["DATABASE_URL"])
    assert address.path == f"/{connection.settings_dict['NAME']}"
    assert "test" in address.path
