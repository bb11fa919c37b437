"""Chinese words that errors are made of."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["KINDS_ZH"]

KINDS_ZH: Mapping[str, str] = {
    "action": "措施",
    "breakdown": "目标分解",
    "cause": "原因",
    "column role": "列角色",
    "country": "国家",
    "dimension": "维度",
    "document": "文件",
    "engine": "数据框引擎",
    "goal": "目标",
    "goal of this breakdown": "目标",
    "importer": "导入器",
    "level": "级别",
    "level of the calendar": "日历级别",
    "level or dimension": "级别或维度",
    "level of this plan": "计划级别",
    "measure": "数值种类",
    "metric": "指标",
    "metric that adds up": "可加总的指标",
    "owner": "责任人",
    "owner of a goal; split by a dimension": "目标责任人；请改按维度拆分",
    "owner or member": "责任人或成员",
    "part": "部分",
    "period of this plan": "计划内的期间",
    "problem": "问题代码",
    "renderer": "输出格式",
    "source of the ledger": "台账来源",
    "subdivision": "地区",
    "unit": "单位",
    "weight": "权重",
}
"""What a name may be of, in Chinese; the name of a dimension stays as the plan writes it."""
