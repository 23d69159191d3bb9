import pytest

from invoicing.templatetags.invoice_formats import isolated


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Źródło Danych", "ltr"),
        ("شركة واحة البيانات", "rtl"),
        ("27 شارع", "rtl"),
        ("2023/10/01", "ltr"),
        ("", "ltr"),
    ],
)
def test_text_is_isolated_in_its_own_direction(text, direction):
    assert isolated(text) == f'<bdi dir="{direction}">{text}</bdi>'


def test_a_name_is_no_markup():
    assert isolated("<b>&") == '<bdi dir="ltr">&lt;b&gt;&amp;</bdi>'
