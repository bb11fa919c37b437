"""The page of instructions that a tracking workbook begins with."""

from __future__ import annotations

from collections.abc import Sequence

from salesgoal.sheets.sheet import Cell, Column, Line, Sheet, Words

__all__ = ["instruction_sheet"]


def instruction_sheet(
    plan: str, period: str, owner: str | None, tables: Sequence[tuple[Words, Words]]
) -> Sheet:
    """Returns the page: what stands where, what to type, and how to send it back.

    Args:
        plan: The name of the plan.
        period: The label of the period.
        owner: Whose workbook it is; None where it is for all.
        tables: What each sheet is called, and what it is for.
    """
    owned = [(Words("责任人", "Owner"), Words(owner, owner))] if owner else []
    said = [
        (Words("计划", "Plan"), Words(f"{plan}，期间 {period}", f"{plan}, period {period}")),
        *owned,
        *tables,
        *_RULES,
    ]
    return Sheet(
        id="instructions",
        title=Words("填写说明", "How to fill in"),
        columns=(
            Column(key="what", title=Words("项目", "About")),
            Column(key="how", title=Words("说明", "How"), is_long=True),
        ),
        lines=tuple(Line((Cell(what), Cell(how))) for what, how in said),
        is_protected=True,
    )


_RULES = (
    (
        Words("浅黄色单元格", "Pale yellow cells"),
        Words(
            "只填写浅黄色单元格；其余单元格已保护，公式会自动计算累计、达成率和缺口",
            "Fill in the pale yellow cells only. All others are locked; totals to date, "
            "attainment and gaps follow by themselves.",
        ),
    ),
    (
        Words("实际数", "Actuals"),
        Words(
            "填写该期间的合计：金额以元为单位，保留两位小数；没有数据请留空，0 表示确实为零；"
            "更正时直接改数，撤销时清空单元格",
            "The total of the period, in yuan with two decimals. Leave a cell blank where "
            "nothing is known; 0 means zero. Overtype a figure to correct it, clear it to take "
            "it back.",
        ),
    ),
    (
        Words("偏差原因", "Causes"),
        Words(
            "从列表选择原因，或用自己的话写；归因金额是该原因造成的缺口，单位与表中金额相同",
            "Choose a cause or use your own words; its amount is how much of the gap it "
            "explains.",
        ),
    ),
    (
        Words("改进措施", "Actions"),
        Words(
            "写明措施、责任人、完成时限（日期）和状态；措施完成后把状态改为“已完成”",
            "Say what is done, by whom, until which day, and how far it is.",
        ),
    ),
    (
        Words("新增行", "More lines"),
        Words(
            "在表末的空行选择名称并填写；名称须与计划一致，别名也可以",
            "Use the empty lines at the end: choose names that the plan knows, then fill in.",
        ),
    ),
    (
        Words("可以做的", "What is fine"),
        Words(
            "可以排序、筛选、调整列宽、重命名工作表；请不要删除表头和隐藏的列",
            "Sort, filter, widen columns and rename sheets as you like; keep the headers and "
            "the hidden columns.",
        ),
    ),
    (
        Words("标志", "Signs"),
        Words(
            "▼ 表示未达成，✓ 表示达成；颜色只是辅助",
            "▼ means missed and ✓ means met; the colours only repeat it.",
        ),
    ),
    (
        Words("交回", "Sending back"),
        Words(
            "保存后交给销售助理，由其运行 salesgoal import；导入前会显示将要变更的内容，"
            "重复导入不会重复计数",
            "Save the file and hand it back. salesgoal import shows what would change before "
            "anything does, and importing a file twice counts nothing twice.",
        ),
    ),
)
