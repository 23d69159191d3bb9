"""The fonts of a document: from wheels, so that the same glyphs are there on every machine.

Together they cover Latin, Greek, Cyrillic, Arabic, Devanagari, Chinese, Japanese and Korean.
"""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

# Names of our own: a font of the same name on the machine is never taken by mistake.
FAMILIES = ("Invoice Sans", "Invoice Arabic", "Invoice Devanagari", "Invoice CJK")


@dataclass(frozen=True, slots=True)
class FontFace:
    """One file of a family; `weight` is a range for a variable font."""

    family: str
    weight: str
    package: str
    file: str

    @property
    def path(self) -> Path:
        return Path(str(files(self.package).joinpath(self.file)))


FACES = (
    FontFace("Invoice Sans", "", "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf"),
    FontFace("Invoice Arabic", "", "fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf"),
    FontFace(
        "Invoice Devanagari", "", "fontpkg_noto_sans_devanagari", "files/NotoSansDevanagari[wdth,wght].ttf"
    ),
    FontFace("Invoice CJK", "400", "noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"),
    FontFace("Invoice CJK", "700", "noto_cjk_sans_jp_bold", "NotoSansCJKjp-Bold.otf"),
)


def font_face_rules() -> str:
    """Return the @font-face rules; they name the files by the address `asset:INDEX`."""
    return "\n".join(
        f"@font-face {{ font-family: '{face.family}'; src: url('asset:font-{index}');"
        + (f" font-weight: {face.weight};" if face.weight else "")
        + " }"
        for index, face in enumerate(FACES)
    )
