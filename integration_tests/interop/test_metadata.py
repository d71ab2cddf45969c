"""metadata.yaml, by the models and the validators that Airbyte runs before it publishes a connector."""

import copy
import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from airbyte_connector_models.metadata.v0.connector_metadata_definition_v0 import ConnectorMetadataDefinitionV0
from pydantic import ValidationError
from stand_in import PROJECT

METADATA: dict[str, Any] = yaml.safe_load((PROJECT / "metadata.yaml").read_text(encoding="utf-8"))
DOCS = PROJECT / "docs/integrations/browsee.md"
PACKAGE = "airbyte_ops_mcp"


@pytest.fixture(scope="module")
def validators() -> ModuleType:
    """One file of airbyte-internal-ops, without the packages around it: they import half of Google's cloud."""
    found = importlib.util.find_spec(PACKAGE)
    assert found is not None and found.origin is not None
    for name, folder in {PACKAGE: ".", f"{PACKAGE}.registry": "registry"}.items():
        package = ModuleType(name)
        package.__path__ = [str(Path(found.origin).parent / folder)]
        sys.modules[name] = package
    return importlib.import_module(f"{PACKAGE}.registry.validate")


def changed(**data: object) -> dict[str, Any]:
    metadata = copy.deepcopy(METADATA)
    metadata["data"] |= data
    return metadata


def test_models() -> None:
    ConnectorMetadataDefinitionV0.model_validate(METADATA)


@pytest.mark.parametrize("data", [{"no_such_field": 1}, {"releaseStage": "done"}, {"definitionId": "browsee"}])
def test_models_refuse(data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ConnectorMetadataDefinitionV0.model_validate(changed(**data))


def test_validators(validators: ModuleType) -> None:
    result = validators.validate_metadata(METADATA["data"], validators.ValidateOptions(docs_path=str(DOCS)))
    assert result.errors == []
    assert result.passed
    assert result.validators_run == len(validators.PRE_PUBLISH_VALIDATORS) > 0


@pytest.mark.parametrize("data", [{"tags": ["typescript"]}, {"dockerImageTag": "2.0.0"}, {"dockerImageTag": "1"}])
def test_validators_refuse(validators: ModuleType, data: dict[str, Any]) -> None:
    assert not validators.validate_metadata(changed(**data)["data"]).passed
