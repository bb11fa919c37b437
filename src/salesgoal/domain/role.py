"""Roles: what a column says, where no header of its own names it."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Role"]


class Role(StrEnum):
    """What a column or field says; its value is the key by which plans and code know it.

    A problem bears a role where it stands under no header: a target given in code, or one in
    a table whose headers are periods.

    >>> Role.PERIOD.text("zh"), Role.PERIOD.text("en"), Role.PERIOD == "period"
    ('期间', 'period', True)
    """

    ON = "date"
    PERIOD = "period"
    GOAL = "goal"
    SCOPE = "scope"
    METRIC = "metric"
    DIMENSION = "dimension"
    TARGET = "target"
    FLOOR = "floor"
    STRETCH = "stretch"
    COMMIT = "commit"
    OWNER = "owner"
    DUE_ON = "due_on"
    PARENT = "parent"
    WEIGHT = "weight"
    CODE = "code"
    KIND = "kind"
    AMOUNT = "amount"
    ACTION = "action"
    NUMBER = "number"
    KEY = "key"
    STATE = "state"
    RECOVERY = "recovery"
    OUTCOME = "outcome"
    CORRECTS = "corrects"

    @property
    def zh(self) -> str:
        """The Chinese word."""
        return _ZH[self]

    def text(self, lang: str) -> str:
        """Returns the word, in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.value


_ZH = {
    Role.ON: "日期",
    Role.PERIOD: "期间",
    Role.GOAL: "目标",
    Role.SCOPE: "范围",
    Role.METRIC: "指标",
    Role.DIMENSION: "维度",
    Role.TARGET: "目标值",
    Role.FLOOR: "保底目标",
    Role.STRETCH: "挑战目标",
    Role.COMMIT: "承诺值",
    Role.OWNER: "责任人",
    Role.DUE_ON: "完成时限",
    Role.PARENT: "上级",
    Role.WEIGHT: "权重",
    Role.CODE: "原因代码",
    Role.KIND: "原因类别",
    Role.AMOUNT: "金额",
    Role.ACTION: "改进措施",
    Role.NUMBER: "编号",
    Role.KEY: "标识",
    Role.STATE: "措施状态",
    Role.RECOVERY: "预计挽回",
    Role.OUTCOME: "实际挽回",
    Role.CORRECTS: "更正",
}
