"""What a spreadsheet does with a text that it reads from a file."""

# It takes a text that begins so for a formula, in its wide forms too, and runs it.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet runs: one that looks like a formula begins with an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
