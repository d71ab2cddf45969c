"""The same API read with airbyte-cdk's declarative source, as the CDK's template for one starts it."""

import sys
from pathlib import Path

from airbyte_cdk.entrypoint import AirbyteEntrypoint, launch
from airbyte_cdk.sources.declarative.yaml_declarative_source import YamlDeclarativeSource


def main(args: list[str]) -> None:
    config_path = AirbyteEntrypoint.extract_config(args)
    catalog_path = AirbyteEntrypoint.extract_catalog(args)
    state_path = AirbyteEntrypoint.extract_state(args)
    source = YamlDeclarativeSource(
        path_to_yaml=str(Path(__file__).parent / "manifest.yaml"),
        catalog=YamlDeclarativeSource.read_catalog(catalog_path) if catalog_path else None,
        config=YamlDeclarativeSource.read_config(config_path) if config_path else None,
        state=YamlDeclarativeSource.read_state(state_path) if state_path else None,
    )
    launch(source, args)


if __name__ == "__main__":
    main(sys.argv[1:])
