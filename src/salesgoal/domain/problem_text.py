"""The catalogue of problems: code, severity, and the texts in Chinese and English.

Codes are stable: scripts may match on them. ``{name}`` is a fact that the problem carries.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from salesgoal.domain.allocation_text import ALLOCATION_TEXTS
from salesgoal.domain.cell_text import CELL_TEXTS
from salesgoal.domain.file_text import FILE_TEXTS
from salesgoal.domain.finding_text import FINDING_TEXTS
from salesgoal.domain.frame_text import FRAME_TEXTS
from salesgoal.domain.ledger_text import LEDGER_TEXTS
from salesgoal.domain.people_text import PEOPLE_TEXTS
from salesgoal.domain.revision_text import REVISION_ERRORS, REVISION_WARNINGS
from salesgoal.domain.tracking_text import TRACKING_TEXTS

__all__ = ["TEXTS", "ProblemText"]


@attrs.frozen
class ProblemText:
    """What a problem of one code says, by language."""

    severity: str
    message: Mapping[str, str]
    remedy: Mapping[str, str]


def _entry(severity: str, zh: str, zh_remedy: str, en: str, en_remedy: str) -> ProblemText:
    return ProblemText(severity, {"zh": zh, "en": en}, {"zh": zh_remedy, "en": en_remedy})


def _error(zh: str, zh_remedy: str, en: str, en_remedy: str) -> ProblemText:
    return ProblemText("error", {"zh": zh, "en": en}, {"zh": zh_remedy, "en": en_remedy})


def _warning(zh: str, zh_remedy: str, en: str, en_remedy: str) -> ProblemText:
    return ProblemText("warning", {"zh": zh, "en": en}, {"zh": zh_remedy, "en": en_remedy})


TEXTS: Mapping[str, ProblemText] = {
    **{code: _entry(*texts) for code, texts in FILE_TEXTS.items()},
    **{code: _entry(*texts) for code, texts in FRAME_TEXTS.items()},
    **{code: _entry(*texts) for code, texts in TRACKING_TEXTS.items()},
    # Files and sources as a whole.
    "file-missing": _error(
        "文件不存在",
        "{hint_zh}",
        "there is no such file",
        "{hint}",
    ),
    "file-unreadable": _error(
        "无法读取：{detail_zh}",
        "若正被其他程序打开，请先关闭；否则检查文件的权限和磁盘",
        "cannot be read: {detail}",
        "if another program has it open, close it there; else look at its permissions and disk",
    ),
    "file-empty": _error(
        "文件为空（0 字节）",
        "重新导出该文件",
        "the file is empty (0 bytes)",
        "export it again",
    ),
    "encoding-assumed": _warning(
        "不是 UTF-8，按 {encoding} 读取",
        '核对中文是否正确；写上 options = {{ encoding = "{encoding}" }} 就不再提示',
        "is not UTF-8 and was read as {encoding}",
        'check the names; options = {{ encoding = "{encoding}" }} silences this',
    ),
    "csv-syntax": _error(
        "CSV 语法错误：{detail_zh}",
        "检查引号和分隔符",
        "breaks the rules of CSV: {detail}",
        "check the quotes and delimiters",
    ),
    "no-importer": _error(
        "没有导入器能读取此文件",
        "可用的导入器：{known}；用 importer 指定一个{hint_zh}",
        "no importer reads this file",
        "the importers are {known}; name one with importer{hint}",
    ),
    "two-importers": _error(
        "多个导入器都认领此文件：{names}",
        "用 importer 指定一个",
        "several importers claim this file: {names}",
        "name one with importer",
    ),
    "plugin-failed": _error(
        "导入器 {plugin} 出错：「{detail}」",
        "升级或停用该插件",
        "importer {plugin} failed: {detail}",
        "update or block the plugin",
    ),
    "no-rows": _error(
        "没有表头行",
        "第一行写列名，数据写在其下",
        "there is no header row",
        "put the column names in the first row and the records below",
    ),
    "missing-sheet": _error(
        "没有这个工作表；现有：{found}",
        "改正计划 options 中的 sheet，或工作表的名称",
        "there is no such sheet; it has {found}",
        "correct sheet in the plan's options, or rename the sheet",
    ),
    "missing-column": _error(
        "表头中没有这一列；现有：{found}",
        '补上该列；列名不同时在计划中写明，如 columns = {{ on = "成交日期" }}',
        "the header has no such column; it has {found}",
        'add the column, or name the right one in the plan: columns = {{ on = "Closed" }}',
    ),
    "no-period": _error(
        "没有“期间”列，表头也不是期间；现有：{found}",
        '加上“期间”列，或以期间作表头，或在 [[targets]] 中写 period = "2026Q2"',
        "has no column of periods and no periods as headers; it has {found}",
        'add the column, or write period = "2026Q2" in [[targets]]',
    ),
    "duplicate-column": _error(
        "表头中此列出现了 {count} 次",
        "改名或删除多余的列",
        "the header has this column {count} times",
        "rename or delete the others",
    ),
    "row-width": _error(
        "此行有 {found} 个单元格，表头有 {expected} 列",
        "补齐或删去多余的单元格（文本中的逗号需加引号）",
        "the row has {found} cells, the header {expected}",
        "complete it or remove the surplus (a comma inside a text needs quotes)",
    ),
    # Cells.
    "blank-required": _error(
        "不能为空",
        "填写该单元格",
        "must not be blank",
        "fill in the cell",
    ),
    "not-a-number": _error(
        "不是数字",
        "只写数字，如 1234.50",
        "is not a number",
        "write digits only, such as 1234.50",
    ),
    "bad-grouping": _error(
        "千位分隔符位置不对",
        "写成 1,234.50 或 1234.50",
        "has its thousands separators in the wrong places",
        "write 1,234.50 or 1234.50",
    ),
    "excess-decimals": _error(
        "小数超过 {decimals} 位",
        '改正单元格，或设置 decimals 或 excess_decimals = "round"',
        "has {found} decimals; {metric} keeps {decimals}",
        'correct the cell, or set decimals or excess_decimals = "round"',
    ),
    "out-of-range": _error(
        "超出范围（须小于 10 万亿）",
        "检查数字和单位",
        "is 10,000,000,000,000 or more",
        "check the number and the unit",
    ),
    "excel-error": _error(
        "是表格公式错误值",
        "在表格中改正公式",
        "is an error value of the spreadsheet",
        "correct the formula in the sheet",
    ),
    "no-such-date": _error(
        "不是日期",
        "写成 {format}",
        "is not a date",
        "write it as {format}",
    ),
    "no-such-period": _error(
        "不是此日历的期间：{reason_zh}",
        "写成 2023-10、2023Q4 或 2023年10月 这样的期间",
        "names no period of the calendar: {reason}",
        "write a period such as 2023-10, 2023Q4 or 2023年10月",
    ),
    "unknown-member": _error(
        "{dimension}中没有这个名称{nearest_zh}",
        "改正名称，或在计划中加入该成员或别名",
        "{dimension} has no such member{nearest_en}",
        "correct the name, or add the member or alias to the plan",
    ),
    "unknown-metric": _error(
        "计划中没有这个指标{nearest_zh}",
        "改正名称",
        "the plan has no such metric{nearest_en}",
        "correct the name",
    ),
    # The plan file.
    "toml-syntax": _error(
        "TOML 语法错误：{detail_zh}",
        "改正该行",
        "is not valid TOML: {detail}",
        "correct that line",
    ),
    "plan-not-text": _error(
        "不是 UTF-8 文本：{detail_zh}",
        "请给出 plan.toml 或它的文件夹；计划文件要以 UTF-8 编码保存",
        "is not UTF-8 text: {detail}",
        "name a plan.toml or its folder; a plan file is saved as UTF-8",
    ),
    "unknown-key": _error(
        "没有这个键{nearest_zh}",
        "改正或删除该键",
        "there is no such key{nearest_en}",
        "correct or remove it",
    ),
    "missing-key": _error(
        "缺少必需的键",
        "补上该键",
        "this key is required",
        "add it",
    ),
    "bad-value": _error(
        "{reason_zh}",
        "改正该值",
        "{reason}",
        "correct the value",
    ),
    "unknown-reference": _error(
        "没有名为 {name} 的{kind_zh}{nearest_zh}",
        "改正名称",
        "no {kind} is called {name}{nearest_en}",
        "correct the name",
    ),
    "duplicate-name": _error(
        "名称重复：已被 {other_zh} 使用",
        "改用其他名称",
        "is already the name of {other}",
        "use another name",
    ),
    "parent-cycle": _error(
        "上级关系成环：{path}",
        "断开其中一个上级",
        "is its own ancestor: {path}",
        "remove one of these parents",
    ),
    "too-deep": _error(
        "层级 {depth} 超过 {most} 层",
        "减少上级层数",
        "stands {depth} levels deep; at most {most} are allowed",
        "remove some of the levels above it",
    ),
    "bad-calendar": _error(
        "不能构成日历：{reason_zh}",
        "改正日历的行",
        "does not make a calendar: {reason}",
        "correct the rows of the calendar",
    ),
    # Work calendars.
    "unknown-workdays": _error(
        "{count} 天的工作日安排未知，从 {first} 起{until_zh}",
        "在 overlay 或 path 的表中写出这些日期，或设置 provisional = true",
        "{count} days from {first} on are not known to the work calendar{until_en}",
        "give them in the table of overlay or path, or set provisional = true",
    ),
    "provisional-workdays": _warning(
        "{count} 天的工作日是估计的，从 {first} 起{until_zh}",
        "正式安排公布后更新日历或写入 overlay",
        "the workdays of {count} days from {first} on are estimated{until_en}",
        "update the calendar, or give the days in overlay, once they are announced",
    ),
    "not-a-flag": _error(
        "看不出是工作还是休息",
        "上班写 1 或“班”，休息写 0 或“休”",
        "says neither yes nor no",
        "write 1 for a workday, 0 for a day of rest",
    ),
    "duplicate-day": _error(
        "此日期已在 {first} 给出",
        "删除其中一个",
        "this day already stands at {first}",
        "remove one of them",
    ),
    "missing-extra": _error(
        "需要软件包 {package}，但未安装",
        "运行 {command}",
        "needs the package {package}, which is not installed",
        "run {command}",
    ),
    # Reviews and scores.
    "unknown-cause": _error(
        "没有这个原因代码{nearest_zh}",
        "改正代码，或在 [causes] 中加入",
        "is no code of a cause{nearest_en}",
        "correct it, or add it to [causes]",
    ),
    "unknown-action": _error(
        "此目标和期间没有这个编号的措施；现有编号：{known}",
        "改正编号，或写明改进措施",
        "is no action of this goal and period; the numbers are {known}",
        "correct the number, or say what the action is",
    ),
    "unknown-remark": _error(
        "没有这个标识的原因；现有标识：{known}",
        "改正标识；新的原因则留空",
        "is the key of no cause; the keys are {known}",
        "correct the key, or leave it blank where the cause is new",
    ),
    "kind-differs": _error(
        "原因 {cause} 在目录中是{kind_zh}",
        "改正类别，或改用其他原因代码",
        "the cause {cause} is {kind} in the catalogue",
        "correct the kind, or name another cause",
    ),
    "review-outside-plan": _warning(
        "在计划期间 {plan} 之外，不参与归因",
        "改正期间，或扩大计划期间",
        "lies outside the plan's period {plan} and explains no gap",
        "correct the period, or widen the plan's",
    ),
    "over-explained": _warning(
        "{goal} 的{metric}在 {period} 缺口 {gap}，已归因 {explained}，超出 {rest}",
        "核对各原因的金额，是否重复",
        "{goal}, {metric}, {period}: a gap of {gap}, explained {explained}, {rest} too much",
        "look whether causes overlap, and correct their amounts",
    ),
    # Targets and goals.
    "no-such-goal": _error(
        "没有一个目标分解含有此组合（{scope}）",
        "按 {breakdowns} 的顺序填写维度，或增加一个分解",
        "no breakdown has a goal for {scope}",
        "fill in the dimensions in the order {breakdowns}, or add a breakdown",
    ),
    "overlapping-goals": _error(
        "同一目标的两个下级重叠：{first} 与 {second}",
        "同一目标的下级只能按同一个维度细分",
        "two children of one goal overlap: {first} and {second}",
        "let the children of a goal refine one dimension only",
    ),
    "duplicate-target": _error(
        "此目标、指标、期间已在 {first} 给出",
        "删除其中一个",
        "this goal, metric and period already stand at {first}",
        "remove one of them",
    ),
    "crossing-periods": _error(
        "与 {other} 部分重叠",
        "同一目标的期间须互相包含或互不相交",
        "crosses {other} without lying inside it",
        "let the periods of one goal nest or stay apart",
    ),
    "negative-target": _error(
        "目标不能为负",
        "改正数值，或在指标上设置 negative = true",
        "is a negative target",
        "correct it, or set negative = true on the metric",
    ),
    "target-outside-plan": _warning(
        "在计划期间 {plan} 之外，不参与汇总",
        "改正期间，或扩大计划期间",
        "lies outside the plan's period {plan} and does not count",
        "correct the period, or widen the plan's",
    ),
    "target-of-a-day": _warning(
        "只是某一天的目标，而计划不显示到日",
        '若指整月，设置 period_level = "month"',
        "is the target of a single day, and the plan shows no days",
        'if whole months are meant, set period_level = "month"',
    ),
    **{code: _entry(*texts) for code, texts in PEOPLE_TEXTS.items()},
    **{code: _error(*texts) for code, texts in REVISION_ERRORS.items()},
    **{code: _warning(*texts) for code, texts in REVISION_WARNINGS.items()},
    **{code: _entry(*texts) for code, texts in ALLOCATION_TEXTS.items()},
    **{code: _entry(*texts) for code, texts in LEDGER_TEXTS.items()},
    **{code: _warning(*texts) for code, texts in FINDING_TEXTS.items()},
    **{code: _entry(*texts) for code, texts in CELL_TEXTS.items()},
}
