"""China's working days with make-up days 调休, from the extra ``cn`` (chinesecalendar).

Source: the yearly notices of the State Council 国务院办公厅关于部分节假日安排的通知, as that
package holds them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import attrs

from salesgoal.errors import MissingExtra, UnknownWorkdays

__all__ = ["ChineseWorkdays", "chinese_workdays"]


@attrs.frozen
class ChineseWorkdays:
    """The days of the notices that are out; made by `chinese_workdays`.

    Attributes:
        known_from: The first day of the first year with a notice.
        known_until: The last day of the last one. The next notice may still make one of its
            last days a workday, as it did of 2018-12-29: put such days into an overlay.
    """

    known_from: date
    known_until: date
    _worked: Callable[[date], bool] = attrs.field(eq=False, repr=False)

    def known(self, day: date) -> bool:
        """Returns whether the notice of the day's year is out."""
        return self.known_from <= day <= self.known_until

    def is_workday(self, day: date) -> bool:
        """Returns whether the day is worked, weekends that are made up for included.

        Raises:
            UnknownWorkdays: There is no notice for its year in the package.
        """
        if not self.known(day):
            raise UnknownWorkdays(day, "china", self.known_until)
        return self._worked(day)


def chinese_workdays() -> ChineseWorkdays:
    """Returns China's working days, as far as the installed package knows them.

    Raises:
        MissingExtra: The package is not installed.

    >>> from datetime import date
    >>> china = chinese_workdays()
    >>> china.is_workday(date(2023, 10, 6)), china.is_workday(date(2023, 10, 7))
    (False, True)
    """
    try:
        import chinese_calendar
    except ImportError as error:
        raise MissingExtra("chinesecalendar", "cn") from error
    years = {day.year for day in chinese_calendar.holidays}
    first, last = date(min(years), 1, 1), date(max(years), 12, 31)
    # The package looks through all its years for every day that it is asked.
    return ChineseWorkdays(first, last, cache(chinese_calendar.is_workday))
