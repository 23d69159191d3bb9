from pathlib import Path
from runpy import run_path

ROOT = Path(__file__).resolve().parents[3]


def folders():
    settings = run_path(str(ROOT / "billing_site/settings/storage.py"))
    return Path(str(settings["MEDIA_ROOT"])), Path(str(settings["STATIC_ROOT"]))


def test_documents_lie_where_the_servers_keep_their_data(monkeypatch):
    for name in ("MERIDIAN_LOCAL_DIR", "MEDIA_ROOT", "STATIC_ROOT"):
        monkeypatch.delenv(name, raising=False)
    assert folders() == (ROOT / ".local/documents", ROOT / ".local/static")
    monkeypatch.setenv("MERIDIAN_LOCAL_DIR", "elsewhere/servers")
    assert folders() == (ROOT / "elsewhere/servers/documents", ROOT / "elsewhere/servers/static")
    monkeypatch.setenv("MERIDIAN_LOCAL_DIR", "/srv/meridian")
    assert folders()[0] == Path("/srv/meridian/documents")


def test_a_folder_of_their_own_comes_first(monkeypatch):
    monkeypatch.setenv("MERIDIAN_LOCAL_DIR", "/srv/meridian")
    monkeypatch.setenv("MEDIA_ROOT", "/srv/documents")
    assert folders() == (Path("/srv/documents"), Path("/srv/meridian/static"))
