"""How the OpenAPI schema describes events; written by hand, because no serializer reads them."""

from drf_spectacular.utils import OpenApiExample

from metering.domain.cloud_events import MAX_EVENTS

PROBLEM = {"$ref": "#/components/schemas/Problem"}

_DECIMAL = {"type": "string", "pattern": r"^\d{1,26}(\.\d{1,12})?$", "example": "1.5"}

EVENT = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "time"],
    "properties": {
        "specversion": {"type": "string", "enum": ["1.0"]},
        "id": {
            "type": "string",
            "maxLength": 200,
            "description": "With `source`, the event's identity for ever.",
        },
        "source": {"type": "string", "maxLength": 200},
        "type": {
            "type": "string",
            "enum": [
                "meridian.resource.created",
                "meridian.resource.started",
                "meridian.resource.suspended",
                "meridian.resource.resumed",
                "meridian.resource.stopped",
                "meridian.resource.resized",
                "meridian.resource.transferred",
                "meridian.resource.decommissioned",
                "meridian.usage.recorded",
                "meridian.usage.voided",
            ],
        },
        "time": {"type": "string", "format": "date-time", "description": "When it happened, with a zone."},
        "subject": {"type": "string", "maxLength": 200, "description": "The resource."},
        "data": {
            "type": "object",
            "properties": {
                "account": {
                    "type": "string",
                    "description": "Of created, transferred, and usage without a resource.",
                },
                "items": {
                    "type": "array",
                    "description": "Of created and resized: one for each SKU.",
                    "items": {
                        "type": "object",
                        "required": ["sku"],
                        "properties": {"sku": {"type": "string"}, "quantity": {**_DECIMAL, "default": "1"}},
                    },
                },
                "sequence": {
                    "type": "integer",
                    "default": 0,
                    "description": "The source's order in an instant.",
                },
                "sku": {"type": "string", "description": "Of usage."},
                "quantity": {**_DECIMAL, "description": "Of usage."},
                "unit": {"type": "string", "description": "Of usage; without it, the product's."},
                "until": {
                    "type": "string",
                    "format": "date-time",
                    "description": "Usage covers [time, until).",
                },
                "voids": {"type": "string", "description": "The id of the usage record to withdraw."},
            },
        },
    },
}
BATCH = {"type": "array", "maxItems": MAX_EVENTS, "items": EVENT}
EVENT_OR_BATCH = {"oneOf": [EVENT, BATCH]}

_RESULT = {
    "type": "object",
    "required": ["id", "source", "status", "detail"],
    "properties": {
        "id": {"type": "string"},
        "source": {"type": "string"},
        "status": {"type": "string", "enum": ["accepted", "duplicate", "conflict", "rejected"]},
        "detail": {"type": "string", "description": "What to do; empty where nothing is to be done."},
    },
}
REPORT = {
    "oneOf": [
        {
            "type": "object",
            "description": "Of a batch.",
            "required": ["results", "counts"],
            "properties": {
                "results": {"type": "array", "items": _RESULT},
                "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
            },
        },
        {**_RESULT, "description": "Of one event."},
    ]
}

_CREATED = {
    "specversion": "1.0",
    "id": "order-1042-1",
    "source": "orders",
    "type": "meridian.resource.created",
    "time": "2026-09-01T08:30:00Z",
    "subject": "vm-77",
    "data": {"account": "acme-de", "items": [{"sku": "VM-SMALL", "quantity": "1"}]},
}
_USAGE = {
    "specversion": "1.0",
    "id": "meter-9-2026090109",
    "source": "meters",
    "type": "meridian.usage.recorded",
    "time": "2026-09-01T09:00:00Z",
    "subject": "vm-77",
    "data": {"sku": "TRAFFIC", "quantity": "12.5", "unit": "GB", "until": "2026-09-01T10:00:00Z"},
}
BATCH_EXAMPLE = OpenApiExample("A resource and its traffic", value=[_CREATED, _USAGE], request_only=True)
USAGE_EXAMPLE = OpenApiExample("A usage record", value=_USAGE, request_only=True)
