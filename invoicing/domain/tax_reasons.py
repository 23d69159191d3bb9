"""Why no tax is charged, as documents have to say it."""

_USUAL = {
    "exempt": "No tax is charged: exempt.",
    "reverse_charge": "Reverse charge: the recipient owes the tax.",
    "export": "Export: no tax is charged.",
}


def tax_reason(category: str, *, reason: str = "", certificate: str = "") -> str:
    """Return the sentence of a category that is not taxed; a zero rate needs none.

    category: [of the document's tax]
    reason, certificate: [of the buyer's tax treatment, where it is the treatment's category]

    >>> tax_reason("exempt", reason="Section 4 no. 21 of the act", certificate="2023/77")
    'Section 4 no. 21 of the act (certificate 2023/77)'
    >>> tax_reason("reverse_charge"), tax_reason("zero")
    ('Reverse charge: the recipient owes the tax.', '')
    """
    sentence = reason or _USUAL.get(category, "")
    return f"{sentence} (certificate {certificate})".strip() if certificate else sentence
