from __future__ import annotations

import pytest

from salesgoal.domain.label import Label, chinese_label, no_label, parse_label, plain_label
from salesgoal.domain.period import Level
from salesgoal.errors import LabelRefused


@pytest.mark.parametrize(
    ("texts", "level", "major", "minor"),
    [
        (("2023", "2023年", "2023年度", "２０２３", " 2023 年 "), Level.YEAR, 0, 0),
        (("2023H2", "2023年下半年"), Level.HALF, 2, 0),
        (("2023H1", "2023年上半年"), Level.HALF, 1, 0),
        (
            (
                "2023Q4",
                "2023-Q4",
                "2023年第四季度",
                "2023年四季度",
                "2023年第4季度",
                "2023年Q4",
                "2023年第四季",
            ),
            Level.QUARTER,
            4,
            0,
        ),
        (("2023-10", "2023年10月", "2023年10月份", "2023 年 10 月"), Level.MONTH, 10, 0),
        (("2023-03", "2023年3月", "2023年03月", "2023年三月"), Level.MONTH, 3, 0),
        (("2023-12", "2023年十二月", "2023年十二月份"), Level.MONTH, 12, 0),
        (("2023-10w2", "2023年10月第二周", "2023年10月第2周"), Level.WEEK, 10, 2),
        (("2023-10t3", "2023年10月下旬"), Level.TENDAY, 10, 3),
        (("2023-10t2", "2023年10月中旬"), Level.TENDAY, 10, 2),
        (("2023-10t1", "2023年10月上旬"), Level.TENDAY, 10, 1),
        (("2023-10-01", "2023年10月1日", "2023年10月01日"), Level.DAY, 10, 1),
        (("2023-W41", "2023年第41周"), Level.WEEK, 41, 0),
    ],
)
def test_canonical_and_chinese_labels_mean_the_same(texts, level, major, minor):
    for text in texts:
        found = parse_label(text)
        assert found == Label(found.text, False, 2023, level, major, minor)  # noqa: FBT003


@pytest.mark.parametrize(
    ("texts", "level", "major", "minor"),
    [
        (("FY2024", "2024财年"), Level.YEAR, 0, 0),
        (("FY2024H1", "2024财年上半年"), Level.HALF, 1, 0),
        (("FY2024Q3", "2024财年第三季度", "2024财年Q3"), Level.QUARTER, 3, 0),
        (("FY2024P07", "2024财年第7期"), Level.MONTH, 7, 0),
        (("FY2024P07w2",), Level.WEEK, 7, 2),
        (("FY2024P07t1",), Level.TENDAY, 7, 1),
        (("FY2024P07w2", "2024财年第7期第二周", "2024财年第7期第2周"), Level.WEEK, 7, 2),
        (("FY2024P07t1", "2024财年第7期上旬"), Level.TENDAY, 7, 1),
        (("FY2024W41", "2024财年第41周"), Level.WEEK, 41, 0),
    ],
)
def test_labels_of_a_fiscal_year_say_so(texts, level, major, minor):
    for text in texts:
        found = parse_label(text)
        assert found == Label(found.text, True, 2024, level, major, minor)  # noqa: FBT003


@pytest.mark.parametrize(
    "text", ["2023 stub", "next year", "23-10", "202310", "2023/24", "2023/10", "2023Q", "十月"]
)
def test_a_text_of_no_known_form_keeps_only_its_text(text):
    found = parse_label(text)
    assert (found.year, found.level) == (None, None)
    assert found.text == plain_label(text)


@pytest.mark.parametrize("text", ["", "  ", "\u3000"])
def test_a_blank_label_is_refused(text):
    with pytest.raises(LabelRefused, match="is not a period label"):
        parse_label(text)


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("2023", "2023年"),
        ("2023H1", "2023年上半年"),
        ("2023H2", "2023年下半年"),
        ("2023Q4", "2023年第四季度"),
        ("2023-10", "2023年10月"),
        ("2023-03", "2023年3月"),
        ("2023-10w6", "2023年10月第六周"),
        ("2023-10t2", "2023年10月中旬"),
        ("2023-10-11", "2023年10月11日"),
        ("2023-W41", "2023年第41周"),
        ("FY2024", "2024财年"),
        ("FY2024H2", "2024财年下半年"),
        ("FY2024Q3", "2024财年第三季度"),
        ("FY2024P07", "2024财年第7期"),
        ("FY2024P07w2", "2024财年第7期第二周"),
        ("FY2024P07t3", "2024财年第7期下旬"),
        ("FY2024W27", "2024财年第27周"),
        ("2023 stub", "2023stub"),
    ],
)
def test_every_form_of_label_has_a_chinese_one(text, chinese):
    label = parse_label(text)
    assert chinese_label(label) == chinese
    assert parse_label(chinese).meaning == label.meaning


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("202310", "month 2023-10", "week 2023-W10"),
        ("23-10", "month 2023-10", "day 23 of month 10"),
        ("03/04/2023", "day 03 of month 04", "day 04 of month 03"),
        ("2023/24", "FY2023, named by its start", "FY2024, named by its end"),
        ("FY2023-2024", "FY2023, named by its start", "FY2024, named by its end"),
        ("FY23/24", "FY2023, named by its start", "FY2024, named by its end"),
    ],
)
def test_a_text_with_two_readings_is_refused_with_both(text, one, other):
    message = str(no_label(parse_label(text)))
    assert f"may mean {one} or {other} -" in message.replace(", or ", " or ")


@pytest.mark.parametrize("text", ["next year", "2023/10", "202313", "23-45", "2023/25"])
def test_other_texts_are_no_label(text):
    assert str(no_label(parse_label(text))).endswith("is not a period label")
