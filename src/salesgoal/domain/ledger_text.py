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
}
