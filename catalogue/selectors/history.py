"""Who changed what when, of one thing and of what hangs on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Field, ForeignKey, Model
from pghistory.core import event_models

from catalogue.models import Account, ApiKey, Contact, Product, Promotion, TaxTreatment, UnitFactor, User
from catalogue.models.history import PromotionAccount, PromotionProduct, UserAccount, UserRole

# What hangs on a thing: the model, and the field of it that names the thing.
_PARTS: dict[type[Model], Sequence[tuple[type[Model], str]]] = {
    Account: [(Contact, "account"), (TaxTreatment, "account")],
    Product: [(UnitFactor, "product")],
    Promotion: [(PromotionAccount, "promotion"), (PromotionProduct, "promotion")],
    User: [(UserRole, "user"), (UserAccount, "user")],
}
_DONE = {"insert": "created", "update": "changed", "delete": "deleted"}
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value before and after, as people read them; empty where there was none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What one statement did to one row: `part` is empty for the thing itself, else what hangs on it."""

    at: datetime
    who: str
    what: str
    part: str
    fields: tuple[FieldChange, ...]


def history_of(thing: Model) -> list[HistoryEntry]:
    """Return what became of a thing since history is kept: one entry a changed row, the newest first.

    At most 500 for each kind of row; some ten queries. `who` is a person, the name of an API key, a command,
    or empty: a job, or somebody at the database.
    """
    rows = [_Row("", "pgh_obj", event) for event in _events(type(thing), "pgh_obj", thing)]
    for part, owner in _PARTS.get(type(thing), ()):
        name = str(part._meta.verbose_name)
        rows += [_Row(name, owner, event) for event in _events(part, owner, thing)]
    rows.sort(key=lambda row: (row.event.pgh_created_at, row.event.pgh_id))
    names = _Names(row.event for row in rows)
    entries, last = [], dict[tuple[str, Any], Any]()
    for row in rows:
        event, key = row.event, (row.part, row.key)
        fields = names.changes(last.get(key), event, row.owner)
        last[key] = event
        done = _DONE.get(event.pgh_label, event.pgh_label)
        entries.append(HistoryEntry(event.pgh_created_at, names.who(event), done, row.part, fields))
    return entries[::-1]


@dataclass(frozen=True, slots=True)
class _Row:
    """An event of the thing (part empty) or of a part that names the thing in its field `owner`."""

    part: str
    owner: str
    event: Any

    @property
    def key(self) -> Any:
        return self.event.id if self.part else self.event.pgh_obj_id


def _events(model: type[Model], field: str, thing: Model) -> list[Any]:
    kept = event_models(tracks_model=model, include_missing_pgh_obj=True)
    if not kept:
        return []
    events = kept[0]._default_manager.filter(**{f"{field}_id": thing.pk}).select_related("pgh_context")
    return list(events.order_by("-pgh_id")[:_LONGEST])


class _Names:
    """The names behind the keys that events hold, looked up once for all of them."""

    def __init__(self, events: Iterable[Any]) -> None:
        seen = list(events)
        contexts = [event.pgh_context.metadata for event in seen if event.pgh_context]
        people = User.objects.in_bulk({context["user"] for context in contexts if context.get("user")})
        self.people = {pk: str(person) for pk, person in people.items()}
        prefixes = {context["api_key"] for context in contexts if "api_key" in context}
        self.keys = {key.prefix: f"API key {key}" for key in ApiKey.objects.filter(prefix__in=prefixes)}
        self.named: dict[type[Model], dict[Any, str]] = {}
        wanted: dict[type[Model], set[Any]] = {}
        for event in seen:
            for field in _fields(event):
                if isinstance(field, ForeignKey):
                    wanted.setdefault(field.related_model, set()).add(getattr(event, field.attname))
        for model, keys in wanted.items():
            rows = model._default_manager.in_bulk(keys - {None})
            self.named[model] = {key: str(row) for key, row in rows.items()}

    def who(self, event: Any) -> str:
        context = event.pgh_context.metadata if event.pgh_context else {}
        if user := context.get("user"):
            return self.people.get(user, f"person {user}")
        if prefix := context.get("api_key"):
            return self.keys.get(prefix, f"API key {prefix}")
        return str(context.get("command", ""))

    def changes(self, before: Any, after: Any, owner: str) -> tuple[FieldChange, ...]:
        """The fields in which two events of a row differ; of the first and last all that are not empty."""
        if after.pgh_label in ("delete", "removed"):
            before, after = after, None
        changes = []
        for field in _fields(before or after):
            old = self._shown(before, field) if before else ""
            new = self._shown(after, field) if after else ""
            if old != new and field.name != owner:
                changes.append(FieldChange(str(field.verbose_name), old, new))
        return tuple(changes)

    def _shown(self, event: Any, field: "Field[Any, Any]") -> str:
        value = getattr(event, field.attname)
        if value is None:
            return ""
        if isinstance(field, ForeignKey):
            return self.named[field.related_model].get(value, str(value))
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%d %H:%M:%S} UTC"
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return str(value)


def _fields(event: Any) -> "list[Field[Any, Any]]":
    return [field for field in event._meta.fields if not field.name.startswith("pgh_") and field.name != "id"]
