"""What is read from the body of a request."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class Body(serializers.Serializer[Any]):
    """An object that refuses fields it does not know: a misspelt one must not mean its default."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                known = ", ".join(sorted(self.fields))
                raise serializers.ValidationError(
                    dict.fromkeys(unknown, f"No such field; known are: {known}.")
                )
        return super().to_internal_value(data)
