"""Names in Python as the reader means them: imports undone, so that an alias hides nothing."""

import ast
from collections.abc import Iterator


def references(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and full name of everything that is imported, or reached from an import or a builtin.

    `from datetime import datetime as dt; dt.now` yields "datetime.datetime" and "datetime.datetime.now".
    """
    origin: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                origin[name.asname or name.name.split(".")[0]] = (
                    name.name if name.asname else name.name.split(".")[0]
                )
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                origin[name.asname or name.name] = f"{node.module}.{name.name}"
                yield node.lineno, f"{node.module}.{name.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            full_name = _full_name(node, origin)
            if full_name:
                yield node.lineno, full_name


def _full_name(node: ast.expr, origin: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return origin.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and (holder := _full_name(node.value, origin)):
        return f"{holder}.{node.attr}"
    return ""


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and value of each string that the program uses: docstrings are for people."""
    for_people = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in for_people:
            yield node.lineno, node.value
