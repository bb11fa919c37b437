"""The Chinese of all that `--help` says; the English stands at the commands and options."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["COMMANDS", "FRAME", "OPTIONS", "PLACEHOLDERS"]

FRAME: Mapping[str, str] = {
    "Usage: ": "用法：",
    "Options:": "选项：",
    "Commands:": "命令：",
    "Show the version and exit.": "显示版本后退出。",
    "Show this message and exit.": "显示本说明后退出。",
    "default: ": "默认：",
    "env var: ": "环境变量：",
    "required": "必填",
}
"""What the frame of every page of help says."""

PLACEHOLDERS: Mapping[str, str] = {
    "AMOUNT": "数额",
    "ARGS": "参数",
    "COMMAND": "命令",
    "DAY": "日期",
    "DIMENSION": "维度",
    "FLOAT": "数字",
    "INTEGER": "整数",
    "INTEGER RANGE": "整数",
    "LABEL": "期间",
    "MOMENT": "时刻",
    "NAME": "姓名",
    "OPTIONS": "选项",
    "OWNER": "责任人",
    "PATH": "路径",
    "PCT": "百分比",
    "TEXT": "文字",
    "WHAT": "依据",
}
"""What stands where a value is to be given; arguments such as PLAN are named in the texts."""

COMMANDS: Mapping[str, str] = {
    "command": "销售目标，精确到分：分解、跟踪、说明。",
    "alerts": "自某日以来的变化：落后、恢复、达到里程碑、预计完不成、措施逾期。",
    "backtest": "用过去的期间检验各预测方法的误差和区间命中。",
    "check": "检查计划：错误、分解差额、互不相等的分解、缺责任人或时限的目标。",
    "close": "锁定期间 PERIOD：其目标值不能再改。",
    "decide": "批准或否决第 NUMBER 号目标调整；批准前先显示影响。",
    "demo": "在 FOLDER 中写入三个小而真实的计划，并全部运行一遍。",
    "distribute": "把一个目标分解到各期间。",
    "explain": "说明一个目标、指标和期间的数字从何而来。",
    "history": "列出目标调整：谁、何时、为何、结果如何。",
    "import": (
        "把 FILES（不写则为计划的全部来源）记入台账，每笔只计一次；收回跟踪表。"
        "不写 PLAN 则用当前文件夹的计划。"
    ),
    "ledger": "列出台账中的文件、撤销其中一份，或检查台账。",
    "missing": "催报：应报、已报、迟报、未报。",
    "names": "列出来源中计划不认识的名称，供人确认。",
    "new": (
        "在 FOLDER 中写入可修改的初始计划：plan.toml、targets.csv、records.csv。"
        "名称、表头和说明用 --lang 的语言。"
    ),
    "plugins": "列出导入器及其选项、输出格式，以及出错的插件。",
    "problem": "说明问题代码 CODE：含义、是否计入、如何处理。",
    "reopen": "重新开放已锁定的期间 PERIOD。",
    "report": "为一个或多个计划出一份报告：三张表、达成情况、对账、问题。",
    "review": "记录偏差原因和改进措施，或列出已记录的内容。",
    "revert": "提出撤回已批准的目标调整：先显示每一处变化，再询问。",
    "revise": "提出目标调整：先显示每一处变化，再询问。",
    "schema": "输出计划文件的 JSON Schema。",
    "split": "把一个目标分解到某维度的成员。",
    "sync": ("把 PLAN 所列服务（如 CRM）中的变化记入台账。可随时重复运行、同时运行或中断。"),
    "template": "由计划生成跟踪表工作簿，供填报后再导入。",
    "track": "对比目标与实际：每个目标、指标和期间。",
}
"""Command -> what it does."""

OPTIONS: Mapping[str, str] = {
    "A folder, or the .xlsx file of a single workbook.": "文件夹；只有一份时也可写文件名。",
    "As 2023-10; the plan's own where left out.": "如 2023-10；不写为计划期间。",
    "Import tracking workbooks without asking.": "导入跟踪表时不再询问。",
    "One workbook for each owner or member.": "每个责任人或成员一份。",
    "Only the goals of this owner or member.": "只含此责任人或成员的目标。",
    "What the columns stand for: week, month, quarter, or a dimension such as product.": (
        "各列代表什么：week、month、quarter，或 product 等维度。"
    ),
    "Which tables; may be given several times. Those that suit the period otherwise.": (
        "哪些表，可多次给出；不写则按期间选取。"
    ),
    "A code or name of the plan's causes.": "原因的代码或名称。",
    "A metric; the first by default.": "指标；默认为第一个。",
    "A renderer.": "输出格式。",
    "A remark on the cause.": "对原因的备注。",
    "Action N is done.": "措施 N 已完成。",
    "Action N is dropped.": "措施 N 已取消。",
    "Another total than the plan's, as 500万.": "不用计划中的总额，如 500万。",
    "By how much it shall narrow the gap.": "预计缩小多少缺口。",
    "Cut by these dimensions instead, as region,product.": "改按维度汇总，如 region,product。",
    "Due until this day; by default today.": "截至此日应报的；默认今天。",
    "For from-now: the first day that changes.": "用于 from-now：从哪一天起改变。",
    "How much of the gap it explains, in whole units.": "解释了多少缺口，以元等整单位计。",
    "Its id; the plan's first by default.": "指标的代码；默认为计划的第一个。",
    "Its label, as 2023-10; the plan's own by default.": "期间，如 2023-10；默认为计划期间。",
    "Last year's actual and so many percent more.": "去年实际再增长百分之几。",
    "List gaps, causes and actions instead.": "改为列出缺口、原因和措施。",
    "Of the past periods.": "过去期间的层级。",
    "Of which period; the plan's where left out.": "哪个期间；默认为计划期间。",
    "Only periods of this level, as month.": "只看此层级的期间，如 month。",
    "Only revisions recorded by then count.": "只计此刻之前记录的目标调整。",
    "Only show the effect.": "只显示影响，不写入。",
    "Only show what would change.": "只显示会有哪些变化，不写入。",
    "Only these members, as 华东,华南.": "只分给这些成员，如 华东,华南。",
    "For png: which chart, as overview/attainment.": (
        "用于 png：画哪张图，如 overview/attainment。"
    ),
    "One file each: `owner`, or a dimension; -o names the folder.": (
        "每人一个文件：owner（责任人）或某个维度；-o 指定文件夹。"
    ),
    "Only the goals of this owner, and nothing else.": (
        "只含此责任人的目标，不含他人的任何内容。"
    ),
    "Only this metric.": "只看此指标。",
    "Only this source.": "只同步此来源。",
    "Read everything; take out what is not there.": "读取全部，并撤回来源中已没有的记录。",
    "What amounts of money are shown in; values stay exact.": (
        "金额以元、万元还是亿元显示；数值本身不变。"
    ),
    "Only what was recorded by then counts, as 2023-11-05 or 2023-11-05T18:00+08:00.": (
        "只计此刻之前记录的内容，如 2023-11-05 或 2023-11-05T18:00+08:00。"
    ),
    "Over-assignment in percent.": "超额分配的百分比。",
    "Parts that are known, as 华东=80万.": "已确定的部分，如 华东=80万。",
    "Read everything again and compare.": "重新读取全部内容并核对。",
    "Record the good rows where some are faulty.": "部分行有错时，先记录无误的行。",
    "Replace the file where it is there.": "文件已存在时替换。",
    "Show what was received in time, too.": "按时收到的也列出。",
    "Shown.": "逐行显示的行数。",
    "Take this document back.": "撤销这份文件。",
    "The cause in your own words.": "用自己的话说明原因。",
    "The cause of that key is as said here.": "更正该标识的原因，以此次所写为准。",
    "The cause of that key was none.": "撤回该标识的原因。",
    "The decision.": "决定。",
    "The dimension whose members share.": "由哪个维度的成员分担。",
    "The earlier day, as 2023-10-24.": "较早的一天，如 2023-10-24。",
    "The goal, as A/B; the root by default.": "目标，如 A/B；默认为总目标。",
    "The goal, as A/B; the root where left out.": "目标，如 A/B；不写为总目标。",
    "The goal, as A/B; the total where it is left out.": "目标，如 A/B；不写为总目标。",
    "The language of what people read.": "给人看的文字用哪种语言。",
    "The last day that counts, as 2023-10-31; by default today.": (
        "统计截止日，如 2023-10-31；默认今天。"
    ),
    "The least of parts, as 华东=50万.": "各部分的下限，如 华东=50万。",
    "The level of the periods, as week.": "期间的层级，如 week。",
    "The metric; the plan's first where it is left out.": "指标；不写为计划的第一个。",
    "The most of parts, as 华东=90万.": "各部分的上限，如 华东=90万。",
    "The name of a profile of the plan.": "计划中月度分布的名称。",
    "The new value, as 700000 or 700,000.": "新的目标值，如 700000 或 700,000。",
    "The period, as 2023-10.": "期间，如 2023-10。",
    "The source of files that no pattern of the plan names.": "计划未列出的文件属于哪个来源。",
    "This goal and all below it, as A/B.": "此目标及其下级，如 A/B。",
    "Until when, as 2023-10-15.": "完成时限，如 2023-10-15。",
    "Week, month, quarter, half and year so far.": "本周、本月、本季、半年、本年累计。",
    "What came of it.": "结果如何。",
    "What else changes.": "其他目标值如何随之改变。",
    "What is done about it.": "采取什么措施。",
    "What members weigh; equal where left out.": "成员的权重依据；不写为平均。",
    "What parts are multiples of: 元, 百元, 万元.": "各部分取整到：元、百元、万元。",
    "What periods weigh; equal where left out.": "期间的权重依据；不写为平均。",
    "What the parts weigh, as 华东=8,华南=7 or 18,20,20,22.": (
        "各部分的权重，如 华东=8,华南=7 或 18,20,20,22。"
    ),
    "When they were made; else the files' times.": "文件的形成时刻；默认为文件时间。",
    "Where people who moved are shown: where they were then, or are now.": (
        "调动过的人归在当时(as_was)还是现在(as_is)所在的上级。"
    ),
    "Which metric; the plan's first where left out.": "哪个指标；不写为计划的第一个。",
    "Which version of the targets is held against the actuals.": "用哪一版目标值对比实际。",
    "Who approves it at once.": "当场批准的人。",
    "Who does it.": "由谁执行。",
    "Who says so.": "由谁填写。",
    "Who takes it back.": "由谁撤销。",
    "Who takes the difference under keep-total.": "用于 keep-total：差额由谁承担。",
    "Whose gap; the plan's first metric where left out.": "哪个指标的缺口；默认为第一个。",
    "Why.": "理由。",
    "With --list.": "与 --list 同用。",
    "Write targets: .csv, .xlsx.": "写成目标表：.csv 或 .xlsx。",
    "Write the rejected rows to this workbook, with the reasons.": (
        "把被拒绝的行连同原因写入此工作簿。"
    ),
    "Write to this file.": "写入此文件。",
    "Write without asking.": "不再询问，直接写入。",
    "target, floor, stretch.": "目标值、保底目标或挑战目标。",
}
"""The English help of an option -> the Chinese."""
