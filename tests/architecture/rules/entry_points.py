"""Entry points parse, call one service or selector, and render: they do not write."""

import ast
from collections.abc import Iterator

from tests.architecture.rules.names import references
from tests.architecture.sources import APPS, ENTRY_POINTS, Source

_WRITING = {
    "save",
    "create",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "select_for_update",
}
_SET_BASED = {
    "billing_site.common.sql.run",
    "billing_site.common.sql.rows",
    "billing_site.common.copying.copy_text",
}


def no_writing_in_entry_points(source: Source) -> Iterator[tuple[int, str]]:
    if not source.is_python or source.app not in APPS or source.layer not in ENTRY_POINTS:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            method = node.func.attr
            # A queryset's update takes names only, a dict's hardly ever does.
            if method in _WRITING or (method == "update" and node.keywords and not node.args):
                yield node.lineno, f".{method}() writes: call a service."
    for line, name in references(source.tree):
        if name in _SET_BASED or name == "django.db.connection":
            yield line, f"{name} runs a statement: call a service or a selector."
