"""Reads lines of stdout by Airbyte's own models, and lets nothing pass that they would let pass."""

import json
from collections.abc import Iterator

from airbyte_protocol.models import AirbyteMessage, AirbyteStateBlob
from pydantic import BaseModel

PAYLOADS = {"CONNECTION_STATUS": "connectionStatus"}


def parse_line(line: str) -> AirbyteMessage:
    """The message in a line.

    Raises ValidationError if the models refuse it, AssertionError if they take it but it has fields that they do not
    know, another payload than its type says, or values that they would have to convert.
    """
    message = AirbyteMessage.model_validate_json(line, strict=True)
    unknown = list(unknown_fields(message, ""))
    assert not unknown, f"fields that the protocol does not know: {unknown}"
    type_name = message.type.value
    payload = PAYLOADS.get(type_name, type_name.lower())
    assert message.model_fields_set == {"type", payload}, f"{type_name} with {message.model_fields_set}"
    assert message.model_dump(mode="json", exclude_unset=True) == json.loads(line)
    return message


def unknown_fields(value: object, path: str) -> Iterator[str]:
    """Paths of fields that the models only carry along; what a state holds is the connector's own."""
    if isinstance(value, BaseModel) and not isinstance(value, AirbyteStateBlob):
        yield from (f"{path}/{name}" for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from unknown_fields(getattr(value, name), f"{path}/{name}")
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from unknown_fields(element, f"{path}/{index}")
