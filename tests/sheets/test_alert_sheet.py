"""提醒, cell by cell."""

from __future__ import annotations

from datetime import date

from salesgoal.domain.action import Action
from salesgoal.domain.alert import Alert, AlertKind
from salesgoal.domain.metric import Metric
from salesgoal.domain.period import Level, Period
from salesgoal.sheets.alert_sheet import alert_sheet
from salesgoal.sheets.scale import Scale
from salesgoal.sheets.sheet import shown, written

SALES = Metric(id="sales", name="销售额", decimals=2)
OCTOBER = Period(date(2023, 10, 1), date(2023, 11, 1), Level.MONTH, "2023-10")


def cells(one):
    sheet = alert_sheet([one], "10月", date(2023, 10, 7), date(2023, 10, 14))
    (line,) = sheet.lines
    return {
        column.key: (shown(sheet, line, at), written(sheet, line, at))
        for at, column in enumerate(sheet.columns)
    }


def test_a_forecast_is_an_amount():
    kind = AlertKind.FORECAST
    found = cells(
        Alert(kind=kind, goal="", metric=SALES, period=OCTOBER, before=None, after=123_450)
    )
    assert found["kind"][0] == "预计完不成 !"
    assert found["goal_name"][0] == "10月"
    assert found["after_words"][0] == "1,234.50"
    assert found["after"][1] == "1234.50"
    assert found["before"][1] is None


def test_a_forecast_is_shown_in_the_scale_of_the_amounts_beside_it():
    money = Metric(id="sales", name="销售额", unit="元", decimals=2)
    one = Alert(
        kind=AlertKind.FORECAST,
        goal="",
        metric=money,
        period=OCTOBER,
        before=245_237_180,
        after=221_690_371,
        target=225_000_000,
    )
    sheet = alert_sheet([one], "10月", date(2023, 10, 7), date(2023, 10, 14))
    keys = [column.key for column in sheet.columns]
    (line,) = sheet.lines
    in_wan = {key: shown(sheet, line, at, scale=Scale.WAN) for at, key in enumerate(keys)}
    said = [in_wan[key] for key in ("before_words", "after_words", "target")]
    assert said == ["245.24", "221.69", "225.00"]
    assert in_wan["after"] == "2216903.71"


def test_an_action_is_named_with_its_due_day():
    visit = Action(
        number=3,
        codes=(),
        metric="sales",
        period=OCTOBER,
        what="拜访",
        due_on=date(2023, 10, 10),
    )
    kind = AlertKind.OVERDUE
    found = cells(Alert(kind=kind, goal="华东", metric=SALES, period=OCTOBER, action=visit))
    assert [found[key][0] for key in ("number", "action", "due_on")] == [
        "3",
        "拜访",
        "2023-10-10",
    ]
