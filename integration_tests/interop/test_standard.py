"""The standard tests of Airbyte's CDK for sources, with acceptance-test-config.yml, on the built program."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from airbyte_cdk.test import entrypoint_wrapper
from airbyte_cdk.test.standard_tests.source_base import SourceTestSuiteBase
from boltons.typeutils import classproperty
from program import run_program
from stand_in import PROJECT, StandIn
from strict_lines import parse_line

# A folder of that name, as in Airbyte's repository.
ROOT = Path(os.environ["INTEROP_FOLDER"]) / "source-browsee"
ACCEPTANCE = Path("integration_tests/acceptance")
GOOD = "secrets/config.json"
INVALID = str(ACCEPTANCE / "invalid_config.json")
SAMPLE = ACCEPTANCE / "sample_config.json"
SESSIONS_ALONE = "secrets/sessions_alone.json"
WRONG_KEY = "secrets/wrong_key.json"
FAILING = {
    WRONG_KEY: {"secret_key": "no-such-key-at-all"},
    "secrets/wrong_segment.json": {"segment_ids": ["no-such-segment"]},
    "secrets/wrong_date.json": {"start_date": "2024-13-01T00:00:00Z"},
    "secrets/wrong_type.json": {"segment_ids": "mobile-visitors"},
    "secrets/no_key.json": {"api_key": ""},
}
MORE: dict[str, list[dict[str, Any]]] = {
    "spec": [{"config_path": GOOD}, {"config_path": SESSIONS_ALONE}],
    "connection": [
        {"config_path": SESSIONS_ALONE, "status": "succeed"},
        *({"config_path": path, "status": "failed"} for path in FAILING),
    ],
    "discovery": [{"config_path": SESSIONS_ALONE}],
    "basic_read": [{"config_path": SESSIONS_ALONE}, {"config_path": WRONG_KEY, "status": "failed"}],
}


@pytest.fixture(scope="module", autouse=True)
def connector_folder(api: StandIn) -> None:
    """What the tests look for in the connector's folder, with configurations for the stand-in."""
    shutil.copytree(PROJECT / ACCEPTANCE, ROOT / ACCEPTANCE)
    invalid = json.loads((PROJECT / INVALID).read_text(encoding="utf-8"))
    configs = {
        GOOD: json.loads((PROJECT / SAMPLE).read_text(encoding="utf-8")) | api.config(),
        SESSIONS_ALONE: api.config(a_field_of_later="unknown"),
        INVALID: {**invalid, "api_url": api.url},
        **{path: api.config(**changes) for path, changes in FAILING.items()},
    }
    for path, config in configs.items():
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(json.dumps(config), encoding="utf-8")


@pytest.fixture(autouse=True)
def built_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the program where the tests would call Python classes. What they assert stays theirs."""

    def run(args: list[str], **_others: object) -> entrypoint_wrapper.EntrypointOutput:
        lines, code = run_program(args)
        messages = [parse_line(line) for line in lines]
        assert code == int(any(message.trace and message.trace.error for message in messages))
        return entrypoint_wrapper.EntrypointOutput(messages=lines)

    monkeypatch.setattr(entrypoint_wrapper, "_run_command", run)


class Program:
    """Stands for the program where the tests want an object with this method."""

    def spec(self, logger: object) -> None:
        raise NotImplementedError(logger)


class TestSource(SourceTestSuiteBase):
    # The image has its own tests.
    test_docker_image_build_and_spec = None
    test_docker_image_spec_backward_compatibility = None
    test_docker_image_build_and_check = None
    test_docker_image_build_and_config_matches_spec = None
    test_docker_image_build_and_discover = None
    test_docker_image_build_and_read = None

    @classmethod
    def get_connector_root_dir(cls) -> Path:
        return ROOT

    @classmethod
    def create_connector(cls, scenario: object) -> Program:
        return Program()

    @classproperty
    def acceptance_test_config(cls) -> dict[str, Any]:
        text = (PROJECT / "acceptance-test-config.yml").read_text(encoding="utf-8")
        config = yaml.safe_load(text)
        for section, entries in MORE.items():
            config["acceptance_tests"][section]["tests"] += entries
        return config
