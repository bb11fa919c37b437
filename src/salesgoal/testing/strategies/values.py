"""Amounts, names, places, problems, metrics, dimensions and rules of sharing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from string import Formatter

from hypothesis import strategies as st

from salesgoal.domain.attainment import Attainment, judge
from salesgoal.domain.dimension import Dimension, Member
from salesgoal.domain.goal_tree import Breakdown
from salesgoal.domain.metric import Aggregation, Direction, Metric, Ratio
from salesgoal.domain.problem import Place, Problem, problem
from salesgoal.domain.problem_text import TEXTS
from salesgoal.domain.share_rule import ShareRule
from salesgoal.domain.target import Ownership

__all__ = [
    "amounts",
    "attainments",
    "breakdowns",
    "dimension_sets",
    "dimensions",
    "metric_sets",
    "metrics",
    "names",
    "ownerships",
    "places",
    "problems",
    "share_rules",
]

_MOST = 10**9
_ODD_NAMES = ("华东", "华东电子", "Müller & Söhne", "𠮷野家 🏬", "=SUM(A1)", "a/b", "A|B")
_IDS = ("region", "rep", "product")
_MOVED_ON = date(2024, 2, 10)


def amounts(
    decimals: int = 2, *, least: int = -_MOST, most: int = _MOST
) -> st.SearchStrategy[Decimal]:
    """Amounts in whole units with so many decimals, of so many smallest units."""
    return st.integers(least, most).map(lambda units: Decimal(units).scaleb(-decimals))


def names() -> st.SearchStrategy[str]:
    """Names as people and programs spoil them: Chinese, signs of formulas, slashes, emoji."""
    return st.sampled_from(_ODD_NAMES)


def places() -> st.SearchStrategy[Place]:
    """Addresses of files, sheets, rows, cells and records."""
    sources, sheets = st.sampled_from(["日报.xlsx", "orders.csv"]), st.just("10月")
    rows = st.integers(1, 1_048_576)
    return st.one_of(
        st.builds(Place, sources, row=rows),
        st.builds(Place, sources, sheet=sheets, row=rows),
        st.builds(Place, sources, sheet=sheets, row=rows, cell=rows.map("E{}".format)),
        st.builds(Place, st.just("crm"), key=st.sampled_from(["D-1", "sales"])),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Problems of every code of the catalogue, with whatever fills the gaps of their texts."""
    code = draw(st.sampled_from(sorted(TEXTS)))
    text = TEXTS[code]
    said = [*text.message.values(), *text.remedy.values()]
    gaps = {name for each in said for _, name, _, _ in Formatter().parse(each) if name}
    facts = {name.split("[")[0].split(".")[0]: "7" for name in sorted(gaps)}
    facts.pop("value", None)
    column, value = draw(st.none() | st.just("金额")), draw(st.none() | names())
    return problem(code, draw(places()), column=column, value=value, **facts)


def metrics(name: str = "sales") -> st.SearchStrategy[Metric]:
    """One metric of any way to combine, but for ratios, which need their parts beside them."""
    return st.builds(
        Metric,
        id=st.just(name),
        unit=st.sampled_from(["元", "个", ""]),
        decimals=st.integers(0, 4),
        aggregation=st.sampled_from(Aggregation),
        direction=st.sampled_from(Direction),
    )


@st.composite
def metric_sets(draw: st.DrawFn) -> tuple[Metric, ...]:
    """Metrics that stand in one plan: sums first, a ratio only with both its parts."""
    decimals = draw(st.integers(0, 2))
    found = [Metric(id="sales", name="销售额", unit="元", decimals=decimals)]
    if draw(st.booleans()):
        found.append(
            Metric(id="cash", name="回款额", unit="元", decimals=draw(st.integers(0, 2)))
        )
        if draw(st.booleans()):
            ratio = Ratio("cash", "sales")
            found.append(Metric(id="rate", name="回款率", unit="%", aggregation=ratio))
    others = [each for each in Aggregation if each is not Aggregation.SUM]
    chosen = draw(st.lists(st.sampled_from(others), unique=True, max_size=2))
    found += [Metric(id=str(each), aggregation=each) for each in chosen]
    if draw(st.integers(0, 4)) == 4:  # noqa: PLR2004 - the last of five
        found.append(Metric(id="days", direction=Direction.MINIMISE))
    return tuple(found)


@st.composite
def dimensions(
    draw: st.DrawFn, name: str = "region", *, most: int = 4, moves: bool = False
) -> Dimension:
    """A dimension with up to ``most`` members: ragged parents, aliases, and people who move.

    Members are called by the name of the dimension and a number, so that none is like another.
    """
    members: list[Member] = []
    for at in range(draw(st.integers(1, most))):
        above = draw(st.none() | st.integers(0, at - 1)) if at else None
        parent = None if above is None else members[above].name
        aliases = ("别名-" + name + str(at),) if draw(st.booleans()) else ()
        members.append(Member(f"{name}{at}", aliases, parent))
    if moves and len(members) > 1 and draw(st.booleans()):
        members.append(Member("mover", parent=members[0].name, until=_MOVED_ON))
        after = date.fromordinal(_MOVED_ON.toordinal() + 1)
        members.append(Member("mover", parent=members[1].name, since=after))
    return Dimension(name, members)


@st.composite
def dimension_sets(draw: st.DrawFn, *, most: int = 3, moves: bool = False) -> list[Dimension]:
    """Up to ``most`` dimensions of one plan; people move in one of them at most."""
    many = draw(st.integers(1, most))
    return [draw(dimensions(each, moves=moves and each == "rep")) for each in _IDS[:many]]


@st.composite
def breakdowns(draw: st.DrawFn, ids: Sequence[str]) -> list[Breakdown]:
    """One or two breakdowns of the same dimensions, in any order."""
    first = Breakdown(draw(st.permutations(ids)), every_member=draw(st.booleans()))
    if draw(st.booleans()):
        other = draw(st.permutations(ids))[: draw(st.integers(1, len(ids)))]
        return [first, Breakdown(other, every_member=True)]
    return [first]


def ownerships() -> st.SearchStrategy[Ownership]:
    """Who answers for a goal, each part said or not."""
    return st.builds(
        Ownership,
        owner=st.none() | st.sampled_from(["张三", "李四"]),
        department=st.none() | st.just("销售部"),
        due_on=st.none() | st.dates(date(2024, 1, 1), date(2024, 12, 31)),
    )


@st.composite
def share_rules(draw: st.DrawFn, names: Sequence[str] = ("a", "b", "c")) -> ShareRule:
    """Rules that any total of these parts can keep: weights not all zero, over-assignment."""
    weight = st.integers(0, 20) | st.fractions(0, 5, max_denominator=7)
    weights = st.fixed_dictionaries(dict.fromkeys(names, weight))
    given = draw(st.none() | weights.filter(lambda found: any(found.values())))
    over = draw(st.sampled_from([Fraction(0), Fraction(1, 20), Fraction(1, 10)]))
    return ShareRule(weights=given, over_assignment=over)


def attainments() -> st.SearchStrategy[Attainment]:
    """Every status, with its ratio or without."""
    units = st.none() | st.integers(-100, 100)
    started = st.booleans()
    return st.builds(
        lambda metric, target, actual, started: judge(metric, target, actual, started=started),
        *(metrics(), units, units, started),
    )
