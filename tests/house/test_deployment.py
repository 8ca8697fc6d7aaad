"""What an operator is handed: the composition fits its schema and our settings, and the guide names only what exists."""

import re
import shlex
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import yaml

from service.__main__ import _parser
from service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "operating.md"
OURS_TO_SET = {"POSTGRES_PASSWORD", "SERVICE_VERSION"}
"""What the composition itself reads, beside the service's settings."""
NO_METRICS = {"schema_floor", "max_connections", "stop_grace_period", "request_id", "expected_schema", "as_of"}
"""What looks like one in the guide."""
KNOWN = {name.upper() for name in Settings.model_fields}


def composition() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_the_composition_fits_the_schema_of_compositions() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_service_is_careful_and_its_settings_exist() -> None:
    services = composition()["services"]
    assert set(services) == {"database", "migrate", "web", "worker", "proxy"}
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "healthcheck" in service or name == "web", "the web's is the image's"
    for name in ("migrate", "web", "worker"):
        assert set(services[name]["environment"]) <= KNOWN, name
        assert services[name]["cap_drop"] == ["ALL"], name
        _parser().parse_args(services[name]["command"][3:])
    given = services["web"]["environment"]
    assert given["TRUSTED_PROXIES"] == composition()["networks"]["front"]["ipam"]["config"][0]["subnet"]
    longest = int(given["DRAIN_SECONDS"]) + int(given["STOP_SECONDS"])
    assert int(services["web"]["stop_grace_period"].removesuffix("s")) > longest
    assert services["web"]["deploy"]["replicas"] > 1


def test_the_proxy_counts_a_line_and_not_each_of_its_addresses() -> None:
    told = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    zones = re.findall(r"limit_(?:conn|req)_zone (\S+) zone", told)
    [block] = re.findall(r"map \$binary_remote_addr \$counted \{(.*?)\n    \}", told, re.DOTALL)
    patterns = [
        (re.compile(pattern.replace("(?<", "(?P<").encode()), name)
        for pattern, name in re.findall(r'"~(.+)" \$(\w+);', block)
    ]

    def counted(address: str) -> bytes:
        # As the proxy does it: the first expression that fits, and otherwise the address itself.
        sent = ip_address(address).packed
        return next((found[name] for pattern, name in patterns if (found := pattern.search(sent))), sent)

    assert zones == ["$counted", "$counted"]
    assert "default $binary_remote_addr;" in block
    assert counted("2001:db8:0:a::1") == counted("2001:db8:0:a:ffff::") != counted("2001:db8:0:b::1")
    assert counted("2001:a0a:a0a:a::") == counted("2001:a0a:a0a:a:a0a:a0a:a0a:a0a"), "bytes that end lines elsewhere"
    assert counted("::ffff:192.0.2.1") == counted("192.0.2.1") != counted("192.0.2.2")
    assert counted("10.10.10.10") == ip_address("10.10.10.10").packed


def test_the_example_of_an_environment_names_settings_and_keeps_no_secret() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(given) <= KNOWN | OURS_TO_SET
    assert given["SECRET_KEY"] == given["POSTGRES_PASSWORD"] == ""
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    assert asked <= OURS_TO_SET
    assert "POSTGRES_PASSWORD" in given


def test_the_guide_names_commands_settings_targets_and_metrics_that_exist() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    commands = re.findall(r"python -m service ([a-z][^\n`|#]*)", guide)
    assert len(commands) >= 10
    for command in commands:
        _parser().parse_args(shlex.split(command))
    settings = set(re.findall(r"`([A-Z][A-Z0-9_]{3,})(?:=[^`]*)?`", guide)) - OURS_TO_SET
    assert len(settings) >= 12
    assert settings - KNOWN - {"POST", "HEAD"} == set()
    targets = set(re.findall(r"`make ([a-z-]+)", guide))
    assert targets <= set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    doors = "".join(
        (ROOT / "service" / name).read_text(encoding="utf-8") for name in ("meters.py", "routers/health.py")
    )
    for metric in re.findall(r"`([a-z]+(?:_[a-z]+)+)(?:\{[^`]*\})?`", guide):
        stem = re.sub(r"_(total|bucket|count|sum|info)$", "", metric)
        assert f'"{stem}"' in doors or metric in NO_METRICS, metric
    for path in re.findall(r"\]\((?!http)([^)#]+)", guide):
        assert (GUIDE.parent / path).exists(), path


def test_every_setting_is_in_the_readme() -> None:
    documented = set(re.findall(r"`([A-Z0-9_]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert KNOWN - documented - {"WEBHOOK_ALLOW_HOSTS"} == set()
