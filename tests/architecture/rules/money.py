"""Money is exact: no float in a domain or a column, and one module that names a rounding mode."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.rules.names import references
from tests.architecture.sources import LINE, Source

_ROUNDING = "catalogue/domain/rounding.py"
# The functions of math that take and give whole numbers or fractions as they are.
_EXACT_MATH = {
    "math.gcd",
    "math.lcm",
    "math.comb",
    "math.isqrt",
    "math.prod",
    "math.ceil",
    "math.floor",
    "math.trunc",
}


def no_floats_in_domains(source: Source) -> Iterator[tuple[int, str]]:
    if not source.is_python or source.layer != "domain" or source.app not in LINE:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield node.lineno, f"{node.value} is a float: use Decimal or Fraction."
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and _is_int(node.left)
            and _is_int(node.right)
        ):
            yield node.lineno, "Two integers divided are a float: use Fraction."
    for line, name in references(source.tree):
        if name == "float" or (name.startswith("math.") and name not in _EXACT_MATH):
            yield line, f"{name} gives a float: use Decimal or Fraction."


def no_float_columns(source: Source) -> Iterator[tuple[int, str]]:
    if not source.is_python or source.app not in LINE:
        return
    for line, name in references(source.tree):
        if name.endswith(".FloatField"):
            yield line, "A FloatField cannot hold money or quantities: use DecimalField."


def exact_types_in_sql(source: Source) -> Iterator[tuple[int, str]]:
    if not source.is_statement:
        return
    for line, text in enumerate(source.text.splitlines(), 1):
        if re.search(r"\b(float[48]?|real|double\s+precision)\b", text.split("--")[0], re.IGNORECASE):
            yield line, "This type is inexact: use numeric."


def one_rounding(source: Source) -> Iterator[tuple[int, str]]:
    """Only catalogue/domain/rounding.py names a rounding mode; all others call it."""
    if not source.is_python or source.app not in LINE or str(source.path) == _ROUNDING:
        return
    for line, name in references(source.tree):
        if name == "round" or name.split(".")[-1].startswith("ROUND_"):
            yield line, f"{name} rounds: call catalogue.domain.rounding."
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in (
            "quantize",
            "to_integral_value",
            "to_integral_exact",
        ):
            yield node.lineno, f"{node.attr} rounds: call catalogue.domain.rounding."


def _is_int(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)
