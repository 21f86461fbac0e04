"""The Dockerfile, compose.yaml and CI script say what the code expects."""

import re
from pathlib import Path

import pytest

from starscal.devservices.layout import CHECKOUT
from tools.container_files import fill_in, logical_lines, read_dockerfile, read_services, read_step

SECRETS = {
    name: name for name in ("SECRET_KEY", "TOKEN_KEYS", "ALLOWED_HOSTS", "POSTGRES_PASSWORD")
} | {"REDIS_PASSWORD": "p"}
ROLES = ("migrate", "web-live", "web-http", "relay", "worker", "beat", "telegram")


def settings_text() -> str:
    folder = CHECKOUT / "starscal" / "settings"
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))


def test_the_image_runs_as_a_number_that_is_not_root() -> None:
    final = read_dockerfile(CHECKOUT / "Dockerfile")[-1]
    uid, _, gid = final.last("USER").partition(":")
    assert int(uid) > 0
    assert int(gid) > 0


def test_every_role_is_confined() -> None:
    services = read_services(CHECKOUT / "compose.yaml", SECRETS)
    for role in ROLES:
        assert services[role]["read_only"] is True
        assert services[role]["cap_drop"] == ["ALL"]
        assert services[role]["security_opt"] == ["no-new-privileges:true"]


def test_roles_get_only_variables_that_the_settings_read() -> None:
    known = settings_text()
    services = read_services(CHECKOUT / "compose.yaml", SECRETS)
    for name in services["web-live"]["environment"]:
        assert f'"{name}"' in known, name


def test_the_worker_can_send_letters() -> None:
    given = {**SECRETS, "EMAIL_URL": "smtp://mail.example", "SITE_URL": "https://stars.example"}
    services = read_services(CHECKOUT / "compose.yaml", given)
    environment = services["worker"]["environment"]
    assert environment["EMAIL_URL"] == "smtp://mail.example"
    assert environment["SITE_URL"] == "https://stars.example"
    assert environment["MAIL_FROM"] == ""


def test_the_bot_starts_where_it_is_asked_for_and_its_token_has_no_default() -> None:
    path = CHECKOUT / "compose.yaml"
    bot = read_services(path, SECRETS)["telegram"]
    assert bot["profiles"] == ["telegram"]
    assert "TELEGRAM_BOT_TOKEN" not in bot["environment"]
    assert "outside" in bot["networks"]
    given = {**SECRETS, "TELEGRAM_BOT_TOKEN": "1:a"}
    assert read_services(path, given)["web-live"]["environment"]["TELEGRAM_BOT_TOKEN"] == "1:a"


def test_no_secret_has_a_default() -> None:
    text = (CHECKOUT / "compose.yaml").read_text(encoding="utf-8")
    for name, operator in re.findall(r"\$\{(\w*(?:PASSWORD|SECRET|TOKEN)\w*)(:?.)", text):
        assert operator == ":?", name


@pytest.mark.parametrize("folder", ["accounts", "astronomy", "events", "starscal", "telegram_link"])
def test_the_image_carries_every_package(folder: str) -> None:
    build = read_dockerfile(CHECKOUT / "Dockerfile")[0]
    copied = {step.text for step in build.steps if step.instruction == "COPY"}
    assert f"{folder}/ {folder}/" in copied
    assert f"!{folder}/" in (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def test_the_dockerfile_reader_joins_lines_and_splits_flags(tmp_path: Path) -> None:
    lines = list(
        logical_lines("# why\nRUN --mount=type=cache,target=/c a \\\n  && b\n\nUSER 1:1\n")
    )
    assert lines == ["RUN --mount=type=cache,target=/c a && b", "USER 1:1"]
    step = read_step(lines[0])
    assert (step.instruction, step.text) == ("RUN", "a && b")
    assert step.flags == {"mount": "type=cache,target=/c"}
    with pytest.raises(ValueError, match="ADD is not"):
        read_step("ADD x y")


def test_variables_are_filled_in_as_compose_does() -> None:
    assert fill_in("$A ${A} ${B:-two} ${C}", {"A": "one"}) == "one one two "
    with pytest.raises(ValueError, match="B: set it"):
        fill_in("${B:?set it}", {})
