"""The errors that salesgoal raises when it is misused or cannot go on.

Faults in people's data are not errors but `Problem` values; an error that stands for many of
them carries them in ``problems``. Each error keeps its facts as attributes.

    SalesgoalError
    ├── UsageError              the call is wrong, whatever the data
    │   ├── KindRefused         another kind of value than the call takes
    │   ├── FloatRefused        a binary float where an exact number is needed
    │   ├── NumberRefused       a number that the metric cannot hold
    │   ├── AllocationRefused   parts that cannot add up to their total
    │   ├── LabelRefused        a text that names no period of the calendar
    │   ├── NotNested           a period cannot be cut into that level
    │   ├── OutOfCalendar       a day or period that the calendar does not know
    │   ├── UnknownWorkdays     a day that the work calendar does not know
    │   ├── MissingExtra        a package that an extra of salesgoal installs is not there
    │   ├── CalendarMismatch    a period that is not this calendar's, though its label may be
    │   └── UnknownName         a name that is not there, with the nearest one
    ├── CalendarRefused         rows that do not make a calendar
    ├── PlanRefused             a plan with problems
    ├── SourceRefused           a file or source that cannot be read at all
    ├── SourceError             a service that cannot be read now
    │   ├── AuthError           it does not let us in; never tried again
    │   ├── Unavailable         it did not answer, after all tries
    │   ├── BadResponse         it answered, but not by its protocol
    │   └── ConfigError         an option of its connector is missing or wrong
    ├── LedgerRefused           what should be a ledger is none, is damaged or is too new
    ├── LedgerBusy              another writer held the ledger all the while
    ├── RevisionRefused         a change of targets that the rules do not allow
    ├── PluginError             a plugin that broke its contract
    ├── OutputError             a report that could not be written
    └── NotConserved            something was lost or counted twice: our bug
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesgoal.error_words import KINDS_ZH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from salesgoal.domain.problem import Problem

__all__ = [
    "AllocationRefused",
    "AuthError",
    "BadResponse",
    "CalendarMismatch",
    "CalendarRefused",
    "ConfigError",
    "FloatRefused",
    "KindRefused",
    "LabelRefused",
    "LedgerBusy",
    "LedgerRefused",
    "MissingExtra",
    "NotConserved",
    "NotNested",
    "NumberRefused",
    "OutOfCalendar",
    "OutputError",
    "PlanRefused",
    "PluginError",
    "RevisionRefused",
    "SalesgoalError",
    "SourceError",
    "SourceRefused",
    "Unavailable",
    "UnknownName",
    "UnknownWorkdays",
    "UsageError",
]


_SHOWN = 60
"""How much of a value a message shows."""


class SalesgoalError(Exception):
    """Any error of this library.

    Attributes:
        zh: What it says in Chinese; None where it was said in English alone.
    """

    zh: str | None = None

    def message(self, lang: str = "en") -> str:
        """Returns what it says, in ``zh`` or ``en``.

        >>> LedgerBusy("plan.ledger.db", 30).message("zh")
        'plan.ledger.db 正由别人写入，已等待 30 秒 - 稍后再试'
        """
        return self.zh if lang == "zh" and self.zh is not None else str(self)


class UsageError(SalesgoalError):
    """The call is wrong, whatever the data; said in English, and in Chinese by ``zh``."""

    def __init__(self, message: str = "", zh: str | None = None) -> None:
        self.zh = zh
        super().__init__(message)


class KindRefused(UsageError, TypeError, ValueError):
    """Another kind of value than the call takes: a text for a day, a set for a list."""

    def __init__(self, what: str, value: object, remedy: str, remedy_zh: str) -> None:
        self.what = what
        self.value = value
        shown, kind = repr(value), type(value).__name__
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
        super().__init__(
            f"{what} is {shown}, {'an' if kind[0] in 'aeiou' else 'a'} {kind} - {remedy}",
            f"{what} 为 {shown}（{kind}） - {remedy_zh}",
        )


class FloatRefused(UsageError, TypeError):
    """A binary float stands where an exact number is needed."""

    def __init__(self, value: object) -> None:
        self.value = value
        super().__init__(
            f"{value!r} is a float and may be off by a fraction of a fen - "
            f"give Decimal({str(value)!r}) or a whole number",
            f"{value!r} 是二进制小数，可能差几分之一分 - 写成 Decimal({str(value)!r}) 或整数",
        )


class NumberRefused(UsageError, ValueError):
    """A number that the metric cannot hold: too many decimals, too large, not finite.

    ``code`` is the code of the problem that it makes in people's data, ``decimals`` how many
    decimals arrived; ``zh`` is the reason in Chinese.
    """

    def __init__(
        self, value: object, reason: str, code: str, decimals: int = 0, *, zh: str
    ) -> None:
        self.value = value
        self.reason = reason
        self.code = code
        self.decimals = decimals
        super().__init__(f"{value} {reason}", f"{value} {zh}")


class AllocationRefused(UsageError, ValueError):
    """Parts that cannot add up to their total, or weights that are not what they claim.

    ``code`` is the code of the problem that it makes in people's data; of its ``facts``,
    whole numbers are amounts in smallest units and texts are said as they are.
    """

    def __init__(
        self, message: str, code: str, facts: Mapping[str, int | str], *, zh: str
    ) -> None:
        self.code = code
        self.facts = dict(facts)
        super().__init__(message, zh)


class LabelRefused(UsageError, ValueError):
    """A text that names no period of the calendar."""

    def __init__(self, text: object, reason: str, reason_zh: str) -> None:
        self.text = text
        self.reason = reason
        self.reason_zh = reason_zh
        super().__init__(f"{text!r} {reason}", f"{text!r} {reason_zh}")


class NotNested(UsageError, ValueError):
    """A period whose borders are not borders of the finer level."""

    def __init__(self, label: str, level: str) -> None:
        self.label = label
        self.level = level
        super().__init__(
            f"{label} cannot be cut into whole periods of level {level} - "
            f"ask for a level that nests in it",
            f"{label} 不能按{getattr(level, 'zh', level)}恰好分完 - 改用能整分它的级别",
        )


class OutOfCalendar(UsageError, ValueError):
    """A day or a level that the calendar does not know."""

    def __init__(self, what: object, known: str) -> None:
        self.what = what
        self.known = known
        super().__init__(
            f"{what} is outside the calendar, which knows {known}",
            f"{what} 不在日历之内，日历只有 {known.replace(' to ', ' 至 ')}",
        )


class UnknownWorkdays(UsageError, LookupError):
    """A day of which nobody said whether it is worked; nothing is guessed in silence."""

    def __init__(self, day: date, calendar: str, known_until: date | None) -> None:
        self.day = day
        self.calendar = calendar
        self.known_until = known_until
        until = f", which covers days until {known_until}" if known_until else ""
        super().__init__(
            f"{day} is not known to the work calendar {calendar}{until} - "
            f"give the day in an overlay, or an estimate with Provisional",
            f"工作日历 {calendar} 不知道 {day} 是否上班"
            + (f"，它只到 {known_until}" if known_until else "")
            + " - 在 overlay 中写出这一天，或设置 provisional",
        )


class MissingExtra(UsageError, ImportError):
    """A package that is not installed, because its extra was not asked for."""

    def __init__(self, package: str, extra: str) -> None:
        self.package = package
        self.extra = extra
        self.command = f"pip install 'salesgoal[{extra}]'"
        super().__init__(
            f"the package {package} is not installed - run {self.command}",
            f"软件包 {package} 未安装 - 运行 {self.command}",
        )


class CalendarMismatch(UsageError, ValueError):
    """A period of another calendar: 2023-10w1 and FY2024 mean different days in each."""

    def __init__(self, label: str, found: str, calendar: str) -> None:
        self.label = label
        self.found = found
        self.calendar = calendar
        super().__init__(
            f"{label} is {found}, not so in calendar {calendar} - "
            f"use the calendar that the period was made with",
            f"{label} 不是日历 {calendar} 的期间 - 请用得出该期间的日历",
        )


class UnknownName(UsageError, LookupError):
    """A name that is not there."""

    def __init__(self, kind: str, name: str, nearest: Sequence[str] = ()) -> None:
        self.kind = kind
        self.name = str(name)
        self.nearest = tuple(map(str, nearest))
        shown = ", ".join(map(repr, self.nearest))
        super().__init__(
            f"no {kind} is called {self.name!r}"
            + (f" - did you mean {shown}?" if shown else ""),
            f"没有名为 {self.name!r} 的{KINDS_ZH.get(kind, kind)}"
            + (f" - 是否为 {shown}？" if shown else ""),
        )


class _WithProblems(SalesgoalError):
    """Many problems at once; the text shows each on a line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def message(self, lang: str = "en") -> str:
        """Returns every problem on a line, in ``zh`` or ``en``."""
        return "\n".join(problem.text(lang) for problem in self.problems)


class CalendarRefused(_WithProblems, ValueError):
    """Rows with a gap, an overlap or children that do not tile their parent."""


class PlanRefused(_WithProblems, ValueError):
    """A plan that cannot stand; every problem found is in ``problems``."""


class SourceRefused(_WithProblems):
    """A file or source that cannot be read at all; nothing of it counts."""


class SourceError(SalesgoalError):
    """A service that cannot be read now; what was taken over before stays.

    Connectors raise its kinds. ``detail`` says what came back, without secrets, whole rows or
    the query of an address; ``zh`` of the detail may be given beside it.
    """

    says = "cannot be read"
    says_zh = "无法读取"
    remedy = "look at the detail, then run it again"
    remedy_zh = "查看详情后重新运行"

    def __init__(self, source: str, detail: str, detail_zh: str | None = None) -> None:
        self.source = source
        self.detail = detail
        self.zh = f"{source} {self.says_zh}：{detail_zh or detail} - {self.remedy_zh}"
        super().__init__(f"{source} {self.says}: {detail} - {self.remedy}")


class AuthError(SourceError):
    """It does not let us in; trying again would not help.

    >>> print(AuthError("hubspot", "401"))
    hubspot does not let us in: 401 - check the token and what it may read
    """

    says = "does not let us in"
    says_zh = "拒绝访问"
    remedy = "check the token and what it may read"
    remedy_zh = "检查令牌及其权限"


class Unavailable(SourceError):
    """It did not answer, or asked to wait, after all tries."""

    says = "is out of reach"
    says_zh = "无法连接"
    remedy = "run it again later; it goes on where it stopped"
    remedy_zh = "稍后重新运行，将从中断处继续"


class BadResponse(SourceError):
    """It answered, but not by its protocol."""

    says = "gave an answer that is not by its protocol"
    says_zh = "的应答不符合其协议"
    remedy = "check base_url and the version of its interface"
    remedy_zh = "检查 base_url 和接口版本"


class ConfigError(SourceError):
    """An option of its connector is missing or wrong."""

    says = "is not set up"
    says_zh = "设置有误"
    remedy = "correct the option"
    remedy_zh = "更正该选项"


class LedgerRefused(SalesgoalError):
    """What should be a ledger is none, is damaged, cannot be reached or is too new."""

    def __init__(self, target: str, reason: str, reason_zh: str) -> None:
        self.target = target
        self.reason = reason
        self.zh = f"{target}：{reason_zh}"
        super().__init__(f"{target}: {reason}")


class LedgerBusy(SalesgoalError):
    """Another writer held the ledger all the while; nothing was recorded."""

    def __init__(self, target: str, waited: int) -> None:
        self.target = target
        self.waited = waited
        self.zh = f"{target} 正由别人写入，已等待 {waited} 秒 - 稍后再试"
        super().__init__(
            f"{target} is being written to by someone else; waited {waited} s - try again"
        )


class RevisionRefused(_WithProblems, ValueError):
    """A change of targets that the rules do not allow: closed, stale, or below zero."""


class PluginError(SalesgoalError):
    """A plugin that raised, or handed over what its contract does not allow."""

    def __init__(self, plugin: str, stage: str, detail: str) -> None:
        self.plugin = plugin
        self.stage = stage
        self.detail = detail
        self.zh = f"插件 {plugin} 在 {stage} 一步出错：「{detail}」"
        super().__init__(f"plugin {plugin} failed at {stage}: {detail}")


class OutputError(SalesgoalError):
    """A report that could not be written; what was there before is untouched."""

    def __init__(self, target: str, detail: str, detail_zh: str) -> None:
        self.target = target
        self.detail = detail
        self.zh = f"{target} 没有写入：{detail_zh}"
        super().__init__(f"{target} was not written: {detail}")


class NotConserved(SalesgoalError, AssertionError):
    """What was read is not what was accounted for: a bug of salesgoal, never of the data."""
