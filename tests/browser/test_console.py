"""Tables of the console as they are laid out at 1400 px, where 1080 are left of the page."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from billing_site.common.sheets import Cell


def test_a_report_of_ten_columns_wraps_its_sentences_only(browser):
    """The widest report: months, units and numbers stand on one line, whatever the font is."""
    numbers = [Cell(text, is_number=True) for text in ("23", "0", *["91,145.611484375"] * 2, "0")]
    sentence = Cell("accepted events that are neither void nor excepted")
    row = [Cell("order stream → billing"), sentence, Cell("charges"), Cell("2023-09"), Cell("10k operations")]
    words = ("Level", "Left", "Right", "Month", "Unit", "Compared", "Differing", "Total left", "Total right")
    headings = [(word, place > 4) for place, word in enumerate((*words, "Difference"))]
    sheet = {"title": "Levels", "headings": headings, "rows": [([*row, *numbers], False)]}
    style = Path(str(finders.find("console/console.css"))).read_text()
    # What the classes of the cells come to; the console's own style sheet is built of them.
    classes = ".px-2 { padding-inline: 0.5rem } .w-full { width: 100% } table { border-spacing: 0 }"
    page = browser.new_page(viewport={"width": 1080, "height": 800})
    page.set_content(
        f"<style>{classes} body {{ margin: 0; font: 14px/20px sans-serif }} {style}</style>"
        + render_to_string("console/sheet.html", {"sheet": sheet})
    )
    lines = page.evaluate(
        """() => [...document.querySelectorAll(".sheet td")].map((cell) => {
            const range = document.createRange()
            range.selectNodeContents(cell)
            return new Set([...range.getClientRects()].map((line) => line.top)).size
        })"""
    )
    assert lines[0] == 2
    assert lines[1] <= 4
    assert lines[2:] == [1] * 8
