import pytest

from catalogue.domain.logos import NotALogo, logo_type

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1"/>'


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        (SVG, "image/svg+xml"),
        (b'<?xml version="1.0"?>' + SVG, "image/svg+xml"),
    ],
    ids=["png", "jpeg", "svg", "svg-with-declaration"],
)
def test_a_picture_is_known_by_its_content(content, media_type):
    assert logo_type(content) == media_type


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"<html/>", b"<svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG],
    ids=["empty", "gif", "html", "broken", "document-type"],
)
def test_what_is_none_is_refused_in_a_sentence(content):
    with pytest.raises(NotALogo, match="no PNG, JPEG or SVG picture"):
        logo_type(content)
