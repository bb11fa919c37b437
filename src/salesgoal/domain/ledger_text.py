"""The part of the catalogue of problems that speaks of the ledger.

Each code has its severity, then message and remedy in Chinese, then both in English.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LEDGER_TEXTS"]

LEDGER_TEXTS: Mapping[str, tuple[str, str, str, str, str]] = {
    "duplicate-entry": (
        "warning",
        "与 {other} 相同，只计一次",
        "无需处理；若确是两笔，在 key 中加上能区分它们的列",
        "says what {other} says, and counts once",
        "nothing; if they are two sales, add a column to key that tells them apart",
    ),
    "conflicting-entry": (
        "warning",
        "与 {other} 编号和版本相同而内容不同，只计较晚的文件（同一文件中靠后的行）",
        "核对这两行，改正后重新导入",
        "differs from {other} under the same key and revision; the later one counts",
        "compare the two, correct one and import it again",
    ),
    "stale-entry": (
        "warning",
        "早于 {other}，不计",
        "无需处理；若应以此为准，更新其修订时间",
        "is older than {other} and does not count",
        "nothing; if this one is right, give it a newer revision",
    ),
    "rejected-before": (
        "error",
        "导入时有 {count} 行被拒绝，未计入台账",
        "改正后重新导入，或导入改正后的被拒绝行",
        "{count} rows were rejected when it was imported, and are not in the ledger",
        "correct and import it again, or the workbook of rejected rows",
    ),
    "read-otherwise": (
        "warning",
        "台账中有 {count} 个文件是按计划修改前的设置读取的",
        "重新导入这些文件",
        "{count} documents of the ledger were read before the plan was changed",
        "import them again",
    ),
    "file-changing": (
        "error",
        "读取时文件被改动",
        "等文件写完后重新导入",
        "was written to while it was read",
        "import it again when it is complete",
    ),
    "ledger-damaged": (
        "error",
        "台账损坏：{reason_zh}",
        "恢复备份，或新建台账并重新导入全部文件",
        "the ledger is damaged: {reason}",
        "restore a backup, or import all documents into a new ledger",
    ),
    "no-record-key": (
        "error",
        "记录没有编号，无法再次认出",
        "请导入器的作者为每条记录给出编号（RawRow.key）",
        "the record has no id, so that it cannot be known again",
        "ask the author of the importer for the id of every record (RawRow.key)",
    ),
    "record-emptied": (
        "warning",
        "此记录现在无法读取，之前计入的内容不再计入",
        "在来源系统中更正此记录，下次同步即恢复",
        "cannot be read now, so what it said before no longer counts",
        "correct the record in its own system; the next sync takes it over",
    ),
    "records-unread": (
        "error",
        "有 {count} 条记录无法读取，未计入",
        "运行 salesgoal sync PLAN --full 查看原因，并在来源系统中更正",
        "{count} records cannot be read and do not count",
        "see why with salesgoal sync PLAN --full, and correct them in their own system",
    ),
    "synced-otherwise": (
        "warning",
        "上次同步之后计划有改动，台账中的记录仍按改动前的设置读取",
        "运行 salesgoal sync PLAN",
        "the plan was changed after the last sync, which read the records as it was before",
        "run salesgoal sync PLAN",
    ),
    "importer-missing": (
        "warning",
        "没有安装导入器 {importer}，无法同步；已有的导入器：{known}",
        "安装提供它的软件包，或更正名称",
        "the importer {importer} is not installed, so nothing can be synced; there are {known}",
        "install the package that offers it, or correct the name",
    ),
    "nothing-withdrawn": (
        "warning",
        "完整读取未得到可信的全部记录，台账中未再出现的记录没有撤回",
        "检查令牌的权限和导入器的选项，再运行 salesgoal sync PLAN --full",
        "a whole reading may not have shown every record, so none that it lacked was withdrawn",
        "check what the token may read and the options, then run salesgoal sync PLAN --full",
    ),
}
