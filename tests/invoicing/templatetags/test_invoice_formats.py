import pytest

from invoicing.templatetags.invoice_formats import isolated


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("شركة واحة البيانات", '<bdi dir="rtl">شركة واحة البيانات</bdi>'),
        ("27 شارع", '<bdi dir="rtl">27 شارع</bdi>'),
        ("Café ليلى", '<bdi dir="ltr">Café ليلى</bdi>'),
        ("vm\u202egpj", '<bdi dir="ltr">vm\u202egpj</bdi>'),
        ("Źródło Danych", "Źródło Danych"),
        ("2023/10/01", "2023/10/01"),
        ("", ""),
    ],
)
def test_text_that_may_run_from_right_to_left_is_isolated_in_its_own_direction(text, shown):
    assert isolated(text) == shown


def test_a_name_is_no_markup():
    assert isolated("<b>&") == "&lt;b&gt;&amp;"
    assert isolated("<ليلى>") == '<bdi dir="rtl">&lt;ليلى&gt;</bdi>'
