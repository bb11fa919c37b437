from __future__ import annotations

import pytest

from salesgoal.domain.file_name import readable_name, safe_names
from salesgoal.domain.problem import Place


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("张三", "张三"),
        ("华东/张三", "华东_张三"),
        ('a<b>c:d"e|f?g*h\\i', "a_b_c_d_e_f_g_h_i"),
        ("../../etc/passwd", "_.._etc_passwd"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("a.", "a"),
        ("", "_"),
        ("...", "_"),
        ("CON", "_CON"),
        ("lpt1.txt", "_lpt1.txt"),
        ("a\nb\tc\x00d", "a_b_c_d"),
        ("a\u202eb", "a_b"),
        ("\ud800x", "_x"),
        ("e\u0301", "é"),
        ("长" * 60, "长" * 40),
        ("a" + "长" * 60, "a" + "长" * 39),
        ("a\x7fb", "a_b"),
        ("XaX", "XaX"),
    ],
)
def test_a_name_is_safe_on_every_system(name, safe):
    assert safe_names([name]) == [safe]


def test_names_that_would_be_one_file_are_numbered():
    assert safe_names(["A/b", "a_B", "A:b", "A_b-2"]) == ["A_b", "a_B-2", "A_b-3", "A_b-2-2"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("十月.csv", "十月.csv"),
        ("a.csv", "a.csv"),
        ("\udcca\udcae\udcd4\udcc2.csv", "十月.csv"),
        ("日报/\udcca\udcae.csv", "日报/十.csv"),
        ("\udcff.csv", "?.csv"),
        ("b\ud800.csv", "b?.csv"),
    ],
)
def test_a_name_of_a_file_is_shown_as_people_wrote_it(name, shown):
    assert readable_name(name) == shown
    assert Place(name).source == shown
