"""A sales manager writes the report as a page to look at on the phone."""

from __future__ import annotations

from .desk import AS_OF, call, lay_out


def test_report_writes_a_page_beside_the_reader(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = lay_out(tmp_path / "plan")
    code, _, said = call(capsys, "report", folder, *AS_OF, "--format", "html")
    assert code == 0
    assert "已写入 report.html" in said
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "销售额：读入合计 1,400.50 = 计入总目标 1,400.50" in page
    assert "<th scope=row>华东" in page


def test_track_writes_a_page_in_english(tmp_path, capsys):
    folder = lay_out(tmp_path / "plan")
    page = tmp_path / "out" / "week.html"
    code, _, _ = call(
        capsys, *("track", folder, *AS_OF, "--format", "html", "-o", page, "--lang", "en")
    )
    assert code == 0
    assert '<html lang="en">' in page.read_text(encoding="utf-8")


def test_a_page_needs_a_file_where_track_would_print(tmp_path, capsys):
    folder = lay_out(tmp_path / "plan")
    code, printed, said = call(capsys, "track", folder, *AS_OF, "--format", "html")
    assert code == 2
    assert printed == ""
    assert "--output" in said


def test_two_runs_give_the_same_page(tmp_path, capsys):
    folder = lay_out(tmp_path / "plan")
    pages = [tmp_path / f"{run}.html" for run in "ab"]
    for page in pages:
        assert call(capsys, "report", folder, *AS_OF, "--format", "html", "-o", page)[0] == 0
    assert pages[0].read_bytes() == pages[1].read_bytes()
