"""Headers that mean the same: the words by which people name one and the same column.

A row stands for one meaning. A role, dimension or metric that bears any name of a row is also
found by the others, where no column bears its own name.
"""

from __future__ import annotations

from collections.abc import Iterable

from salesgoal.domain.dimension import fold_name

__all__ = ["SYNONYMS", "fold_header", "synonyms_of"]

SYNONYMS: tuple[tuple[str, ...], ...] = (
    # When.
    (
        "日期",
        "date",
        "业务日期",
        "成交日期",
        "销售日期",
        "订单日期",
        "下单日期",
        "签约日期",
        "签单日期",
        "签单日",
        "合同日期",
        "开单日期",
        "order date",
    ),
    ("完成时限", "due_on", "截止日期", "due", "due on", "due date"),
    ("期间", "period", "月份", "周期", "统计期间"),
    # How much.
    (
        "销售额",
        "sales",
        "amount",
        "revenue",
        "金额",
        "销售金额",
        "成交金额",
        "成交额",
        "订单金额",
        "营业额",
        "业绩",
    ),
    ("回款", "payments", "回款额", "回款金额", "收款金额", "到账金额", "payment"),
    ("订单数", "orders", "订单量", "成交单数", "单数"),
    ("销量", "quantity", "qty", "数量", "销售数量", "件数"),
    ("新客户数", "new_customers", "新增客户数", "新签客户数", "新客户", "新客户签约数"),
    ("拜访量", "visits", "客户拜访量", "客户拜访数", "拜访次数", "拜访数"),
    ("应收余额", "receivables", "应收账款", "应收账款余额"),
    # Targets.
    ("目标", "target", "目标值", "预计", "计划", "预算", "目标额", "budget"),
    ("保底", "floor", "保底目标"),
    ("挑战", "stretch", "挑战目标"),
    ("承诺", "commit", "承诺值"),
    # Who and what.
    ("区域", "region", "大区", "地区", "销售区域", "片区"),
    ("产品", "product", "产品线", "商品", "产品名称", "商品名称", "品类"),
    (
        "销售员",
        "salesperson",
        "业务员",
        "销售代表",
        "销售人员",
        "责任人",
        "负责人",
        "店员",
        "sales rep",
    ),
    ("客户", "customer", "客户名称", "客户简称", "customer name", "client"),
    ("客户类型", "customer_type", "客户类别", "客户分类"),
    ("渠道", "channel", "销售渠道"),
    ("部门", "department", "责任部门", "销售部门", "团队"),
)
"""One row a meaning; capitals, width and spaces do not matter."""


def fold_header(text: str) -> str:
    """Returns a header as it is compared: width, spaces and capitals evened out.

    >>> fold_header(" Order　Date ")
    'order date'
    """
    return fold_name(text).casefold()


_GROUPS: dict[str, tuple[str, ...]] = {
    fold_header(name): group for group in SYNONYMS for name in group
}


def synonyms_of(names: Iterable[str]) -> tuple[str, ...]:
    """Returns the other names of what bears these names, folded.

    >>> "成交金额" in synonyms_of(["sales", "销售额"])
    True
    """
    own = {fold_header(name) for name in names}
    found = (fold_header(each) for name in own for each in _GROUPS.get(name, ()))
    return tuple(dict.fromkeys(each for each in found if each not in own))
