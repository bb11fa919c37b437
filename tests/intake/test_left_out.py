from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.dimension import Dimension
from salesgoal.domain.metric import Aggregation, Metric
from salesgoal.domain.problem import Place
from salesgoal.errors import SourceRefused
from salesgoal.intake.amount_column import AmountColumn
from salesgoal.intake.left_out import IgnoreRule, LeftOut
from salesgoal.intake.parse import UNITS
from salesgoal.intake.total_label import total_kind
from salesgoal.ports.importer import Page, RawRow

SALES = Metric(id="sales", name="销售额", unit="元", decimals=2)
BUYERS = Metric(id="buyers", aggregation=Aggregation.DISTINCT)
HEADER = ("序号", "日期", "区域", "销售额", "客户")
REGION = Dimension("region", ["华东", "华南", "合计城"])
PLACE = Place("日报.csv")


def sieve(*, rules=(), read_so_far=None, amounts=None, header=HEADER):
    return LeftOut(
        header=header,
        place=PLACE,
        labels={1: lambda _: False, 2: lambda text: REGION.find(text) is not None},
        time=1,
        amounts=amounts
        or [
            AmountColumn(SALES, 3, UNITS[""], round_excess=False),
            AmountColumn(BUYERS, 4, UNITS[""], round_excess=False),
        ],
        rules=rules,
        read_so_far=read_so_far,
    )


def page(*rows):
    return Page(
        tuple(
            RawRow(tuple(values), Place("日报.csv", row=number))
            for number, values in enumerate(rows, start=2)
        ),
        HEADER,
    )


def sifted(left_out, *rows):
    return [row.values for each in left_out.sift(iter([page(*rows)])) for row in each.rows]


def fact(amount, region="华东"):
    return ("1", "2023-10-06", region, amount, "云帆")


def total(amount, label="合计", at=2):
    return tuple(label if place == at else amount if place == 3 else None for place in range(5))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("合计", "whole"),
        ("合 计：", "whole"),
        ("总计", "whole"),
        ("TOTAL", "whole"),
        ("Grand Total", "whole"),
        ("小计", "part"),
        ("本页合计", "part"),
        ("本月小计", "part"),
        ("Subtotal", "part"),
        ("华东小计", "part"),
        ("华东合计", "part"),
        ("East Total", "part"),
        ("【合计】", "whole"),
        ("*合計*", "whole"),
        ("总计（万元）", "whole"),
        ("汇总", "whole"),
        ("华东汇总", "part"),
        ("合计" * 20, None),
        ("统计", None),
        ("合计科技有限公司", None),
        ("Totalenergies", None),
        ("", None),
    ],
)
def test_totals_are_known_by_their_label(text, kind):
    assert total_kind(text) == kind


@pytest.mark.parametrize(
    ("row", "is_left_out"),
    [
        (total("0"), True),
        (total("0", at=1), True),
        (total("0", at=0), True),
        (total("0", "华东小计"), True),
        (total("0", "小计", at=0), False),  # only a whole total is known outside who and when
        (("合计", "2023-10-06", "华东", "0", None), False),  # a note beside a fact
        (total("0", "合计城"), False),
    ],
)
def test_a_total_stands_where_a_name_or_a_day_would(row, is_left_out):
    left_out = sieve()
    assert sifted(left_out, row) == ([] if is_left_out else [row])
    assert left_out.counts == ({"total": 1} if is_left_out else {})


@pytest.mark.parametrize(
    ("row", "is_left_out"),
    [
        (("1", "2023-10-31", "", "7", "合计"), True),
        (("1", "2023-10-31", None, "7", "【总计】"), True),
        (("合计", "2023-10-31", " ", "7", "云帆"), True),
        (("1", "2023-10-31", "华东", "7", "合计"), False),  # a customer of that name
        (("1", "2023-10-31", "", "7", "华东小计"), False),
        (("1", "2023-10-31", "", "7", "云帆"), False),
    ],
)
def test_a_row_that_names_nobody_may_be_a_total_in_any_column(row, is_left_out):
    left_out = sieve()
    assert sifted(left_out, fact("7"), row) == [fact("7"), *([] if is_left_out else [row])]
    assert left_out.counts == ({"total": 1} if is_left_out else {})
    assert left_out.problems == []
    columns = list(zip(fact("7"), row, strict=True))
    assert sieve().leaves_all(columns.__getitem__) is not is_left_out


def test_a_total_over_metrics_that_rows_say_is_told_to_be_unchecked():
    left_out = LeftOut(
        header=("区域", "指标", "目标"),
        place=PLACE,
        labels={0: lambda _: False},
        time=None,
        amounts=(),
        unsure=(2,),
    )
    rows = [("华东", "销售额", "7"), ("合计", "销售额", "8"), ("合计", "回款", None)]
    assert sifted(left_out, *rows) == rows[:1]
    (told,) = left_out.problems
    assert (told.code, told.column, told.value) == ("unchecked-total", "目标", "8")


def test_a_plan_without_dimensions_sees_a_dated_total_too():
    left_out = LeftOut(
        header=("日期", "客户", "销售额"),
        place=PLACE,
        labels={0: lambda _: False},
        time=0,
        amounts=[AmountColumn(SALES, 2, UNITS[""], round_excess=False)],
    )
    rows = [("2023-10-06", "云帆", "7"), ("2023-10-31", "合计", "8")]
    assert sifted(left_out, *rows) == rows[:1]
    assert [each.code for each in left_out.problems] == ["control-total"]


def test_blank_rows_are_counted_where_every_row_is_looked_at():
    left_out = sieve()
    assert sifted(left_out, fact("1"), (), ("", " ", None, "", None)) == [fact("1")]
    assert left_out.counts == {"blank": 2}


def test_a_member_is_no_total():
    region = Dimension("region", ["Total"])
    left_out = sieve()
    left_out.labels = {2: lambda text: region.find(text) is not None}
    assert sifted(left_out, fact("1", "Total")) == [fact("1", "Total")]


SECTIONS = [fact("10"), total("10", "小计"), fact("5"), fact("7"), total("12", "小计")]


@pytest.mark.parametrize(
    "rows",
    [
        [fact("10"), fact("5"), total("15")],
        [fact("10"), total("10"), fact("5"), total("15")],
        [fact("10"), total("10"), fact("5"), total("5")],
        [*SECTIONS, total("22")],
        [
            *SECTIONS,
            total("22", "华东合计"),
            fact("3"),
            total("3", "小计"),
            total("3", "华南合计"),
        ],
        [fact("10"), total(None)],
        [total("0")],
        [fact("x"), total("0")],
        [fact("x"), fact("5"), fact(None), total("5")],
        [fact("10"), HEADER, fact("5"), total("5")],
    ],
)
def test_a_total_that_sums_its_rows_is_silent(rows):
    left_out = sieve()
    sifted(left_out, *rows)
    assert left_out.problems == []


@pytest.mark.parametrize(
    ("rows", "stated", "computed"),
    [
        ([fact("10"), fact("5"), total("14.99")], "14.99", "15.00"),
        ([fact("10"), fact("5"), total("5")], "5.00", "15.00"),
        ([*SECTIONS, total("12")], "12.00", "22.00"),
        ([*SECTIONS[:-1], total("22", "小计")], "22.00", "12.00"),
        ([total("1")], "1.00", "0.00"),
    ],
)
def test_a_wrong_total_is_a_problem_with_both_amounts(rows, stated, computed):
    left_out = sieve()
    sifted(left_out, *rows)
    (problem,) = left_out.problems
    assert (problem.code, problem.column, problem.where.row) == (
        "control-total",
        "销售额",
        len(rows) + 1,
    )
    assert (problem.facts["stated"], problem.facts["computed"]) == (stated, computed)


def test_a_total_that_cannot_be_read_is_a_warning_with_the_reason():
    left_out = sieve()
    sifted(left_out, fact("1"), total("#REF!"), total("1")[:2])
    (problem,) = left_out.problems
    assert problem.code == "unchecked-total"
    assert "spreadsheet" in problem.message("en")


def test_only_so_many_cells_are_remembered_as_plain(monkeypatch):
    monkeypatch.setattr("salesgoal.intake.left_out._KEPT", 1)
    left_out = sieve()
    for region in ("华东", "华南", "华东"):
        assert sifted(left_out, fact("1", region)) == [fact("1", region)]
    assert {at: len(cells) for at, cells in left_out._plain.items()} == {0: 1, 1: 1, 2: 1}
    assert sifted(left_out, total("3")) == []
    assert left_out.problems == []


def test_a_short_total_has_nothing_to_check():
    left_out = sieve()
    assert sifted(left_out, (None, "合计")) == []
    assert left_out.problems == []


def test_a_total_may_count_the_rows_that_a_rule_leaves_out():
    rule = IgnoreRule(name="测试", column="区域", equals=("测试",))
    for stated in ("10", "12"):
        left_out = sieve(rules=[rule])
        assert sifted(left_out, fact("10"), fact("2", "测试"), total(stated)) == [fact("10")]
        assert (left_out.counts, left_out.problems) == ({"测试": 1, "total": 1}, [])


def test_amounts_that_somebody_else_adds_up_are_not_added_twice():
    booked = {"sales": 0}
    left_out = sieve(read_so_far=lambda: booked)
    for each in left_out.sift(iter([page(fact("10"), fact("5"), total("15"), fact("1"))])):
        booked["sales"] += sum(int(row.values[3]) * 100 for row in each.rows)
    assert left_out.problems == []
    assert booked == {"sales": 16_00}


def test_warnings_of_a_cut_page_are_given_once():
    left_out = sieve()
    whole = Page(page(fact("1"), total("1"), fact("2")).rows, HEADER, warnings=("w",))
    assert [each.warnings for each in left_out.sift(iter([whole]))] == [("w",), ()]


@pytest.mark.parametrize(
    ("rule", "cell", "matches"),
    [
        ({"equals": ("测试", "Test")}, " ＴＥＳＴ ", True),
        ({"equals": ("测试",)}, "测试客户", False),
        ({"contains": "测试"}, "某测试客户", True),
        ({"contains": "测试"}, None, False),
        ({"since": date(2099, 1, 1)}, date(2099, 12, 31), True),
        ({"since": date(2099, 1, 1)}, "2023-10-06", False),
        ({"since": date(2099, 1, 1)}, "soon", False),
        ({"since": date(2099, 1, 1)}, None, False),
        ({"until": date(2000, 1, 1)}, "1999-12-31", True),
        ({"since": date(2000, 1, 1), "until": date(2000, 1, 31)}, "2000-02-01", False),
    ],
)
def test_a_rule_looks_at_one_cell(rule, cell, matches):
    assert IgnoreRule(name="规则", column="区域", **rule).matches(cell) is matches


def test_a_rule_may_look_at_a_column_that_is_not_read_otherwise():
    header = (*HEADER, "备注")
    rule = IgnoreRule(name="样品", column="备注", contains="样品")
    left_out = sieve(rules=[rule], header=header)
    rows = [(*fact("1"), "样品单"), (*fact("2"), ""), fact("3")]
    assert sifted(left_out, *rows) == rows[1:]


def test_a_rule_for_a_column_that_is_not_there_is_refused():
    with pytest.raises(SourceRefused):
        sieve(rules=[IgnoreRule(name="x", column="备注", contains="y")])


AMOUNTS = st.lists(st.integers(-(10**6), 10**6), max_size=12)


@given(AMOUNTS, st.data())
def test_blank_header_and_total_rows_anywhere_change_nothing(amounts, data):
    """The facts that are given out are the same, and right totals are silent."""
    rows, so_far = [], 0
    for amount in amounts:
        rows.append(fact(str(amount)))
        so_far += amount
        noise = data.draw(st.sampled_from(["", "header", "total"]))
        rows += [HEADER] if noise == "header" else []
        rows += [total(str(so_far), "总计")] if noise == "total" else []
    left_out = sieve()
    size = data.draw(st.integers(1, 20))
    whole = page(*rows).rows
    pages = [Page(whole[at : at + size], HEADER) for at in range(0, len(whole), size)]
    found = [row.values for each in left_out.sift(iter(pages)) for row in each.rows]
    assert found == [fact(str(amount)) for amount in amounts]
    assert len(found) + sum(left_out.counts.values()) == len(rows)
    assert left_out.problems == []


@given(AMOUNTS.filter(bool), st.integers(1, 10**6))
def test_a_total_that_is_off_by_anything_is_found(amounts, off):
    left_out = sieve()
    sifted(left_out, *(fact(str(amount)) for amount in amounts), total(str(sum(amounts) + off)))
    assert [each.code for each in left_out.problems] == ["control-total"]
