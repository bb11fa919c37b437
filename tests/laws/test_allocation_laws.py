"""Allocation, DESIGN section 4.

"parts sum to the whole, for any total and weights; each part is floor or ceil of its quota; a
larger remainder never gets less; scaling weights changes nothing; ties are stable." and
"with over-assignment %, floors, caps and rounding steps that still sum exactly".
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesgoal.domain.allocation import allocate
from salesgoal.domain.number import EvenSplit, apportion, apportion_each, round_units, weigh
from salesgoal.domain.share_rule import ShareRule, share_out
from salesgoal.errors import AllocationRefused

TOTALS = st.integers(-50, 50) | st.integers(-(10**15), 10**15)
WEIGHT = (
    st.integers(0, 9)
    | st.integers(0, 10**12)
    | st.decimals(0, 10**6, places=4)
    | st.fractions(0, 100, max_denominator=97)
)
WEIGHTS = st.lists(WEIGHT, min_size=1, max_size=12).filter(any)


def quotas(total, weights):
    exact = [Fraction(weight) for weight in weights]
    return [total * weight / sum(exact) for weight in exact]


@given(TOTALS, WEIGHTS)
def test_parts_sum_to_the_whole(total, weights):
    parts = apportion(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)


@given(TOTALS, WEIGHTS)
def test_each_part_is_floor_or_ceil_of_its_quota(total, weights):
    for part, quota in zip(apportion(total, weights), quotas(total, weights), strict=True):
        assert part in {floor(quota), ceil(quota)}


@given(TOTALS, WEIGHTS)
def test_a_larger_remainder_never_gets_less_and_ties_go_to_the_earlier(total, weights):
    sizes = [abs(quota) for quota in quotas(total, weights)]
    remainders = [size - floor(size) for size in sizes]
    given_on_top = [
        abs(part) - floor(size)
        for part, size in zip(apportion(total, weights), sizes, strict=True)
    ]
    pairs = list(zip(remainders, given_on_top, strict=True))
    for (earlier, more), (later, less) in combinations(pairs, 2):
        if earlier >= later:
            assert more >= less
        else:
            assert less >= more


@given(TOTALS, WEIGHTS, st.fractions(Fraction(1, 1000), 1000))
def test_scaling_the_weights_changes_nothing(total, weights, factor):
    scaled = [Fraction(weight) * factor for weight in weights]
    assert apportion(total, scaled) == apportion(total, weights)


@given(TOTALS, WEIGHTS)
def test_a_negative_total_mirrors_a_positive_one(total, weights):
    assert apportion(-total, weights) == [-part for part in apportion(total, weights)]


@given(TOTALS, WEIGHTS)
def test_a_weight_of_zero_gets_nothing(total, weights):
    assert apportion(total, [*weights, 0]) == [*apportion(total, weights), 0]


@given(TOTALS, st.integers(1, 12))
def test_zero_weights_split_evenly_and_say_so(total, size):
    with pytest.warns(EvenSplit):
        parts = apportion(total, [0] * size)
    assert parts == apportion(total, [1] * size)
    assert max(parts) - min(parts) in {0, 1}


@pytest.mark.filterwarnings("ignore::salesgoal.domain.number.EvenSplit")
@given(st.lists(TOTALS), WEIGHTS | st.lists(st.just(0), min_size=1, max_size=3))
def test_weights_made_ready_once_share_every_total_alike(totals, weights):
    ready = weigh(weights)
    rows = [apportion(total, weights) for total in totals]
    assert [apportion(total, ready) for total in totals] == rows
    columns = apportion_each(totals, ready)
    assert len(columns) == len(weights)
    assert [list(row) for row in zip(*columns, strict=True)] == rows


SMALL = st.integers(0, 60)
BOUNDED = st.integers(1, 5).flatmap(
    lambda size: st.fixed_dictionaries(
        {
            "weights": st.lists(st.integers(0, 6), min_size=size, max_size=size).filter(any),
            "typed": st.dictionaries(st.integers(0, size - 1), st.integers(-5, 40), max_size=2),
            "floors": st.dictionaries(st.integers(0, size - 1), st.integers(-5, 30)),
            "caps": st.dictionaries(st.integers(0, size - 1), st.integers(0, 40)),
        }
    )
)
NAMES = ("typed", "floors", "caps")


def attempt(total, asked, step=1):
    """The parts, or None where they are refused."""
    try:
        return allocate(total, **asked, step=step)
    except AllocationRefused:
        return None


def limits(asked, total, size):
    """The bounds of every part: what is typed is both of its own."""
    for at in range(size):
        floor, cap = (asked[name].get(at) for name in ("floors", "caps"))
        if at in asked["typed"]:
            yield asked["typed"][at], asked["typed"][at]
        else:
            least = floor if floor is not None else min(0, cap or 0)
            most = cap if cap is not None or total else max(0, floor or 0)
            yield least, most


@pytest.mark.filterwarnings("ignore::salesgoal.domain.number.EvenSplit")
@given(SMALL, BOUNDED)
def test_bounded_parts_sum_to_the_whole_or_none_could(total, asked):
    parts = attempt(total, asked)
    bounds = list(limits(asked, total, len(asked["weights"])))
    open_ended = any(most is None for _, most in bounds)
    crossed = any(most is not None and least > most for least, most in bounds)
    room = open_ended or total <= sum(most for _, most in bounds if most is not None)
    feasible = not crossed and sum(least for least, _ in bounds) <= total and room
    assert (parts is not None) == feasible
    if parts is not None:
        assert sum(parts) == total
        for part, (least, most) in zip(parts, bounds, strict=True):
            assert least <= part
            assert most is None or part <= most


@pytest.mark.filterwarnings("ignore::salesgoal.domain.number.EvenSplit")
@given(SMALL, BOUNDED)
def test_between_bounds_parts_follow_one_proportion(total, asked):
    """Water filling: one rate serves all; who has more than its share stands on its floor."""
    parts = attempt(total, asked)
    bounds = list(limits(asked, total, len(asked["weights"])))
    free = [
        at for at, weight in enumerate(asked["weights"]) if weight and at not in asked["typed"]
    ]
    for one, other in product(free, free) if parts else ():
        more = Fraction(parts[one] - 1, asked["weights"][one])
        less = Fraction(parts[other] + 1, asked["weights"][other])
        if more > less:
            stuck = parts[one] == bounds[one][0] or parts[other] == bounds[other][1]
            assert stuck


@pytest.mark.filterwarnings("ignore::salesgoal.domain.number.EvenSplit")
@given(st.integers(-60, 60), BOUNDED, st.integers(1, 9))
def test_bounded_parts_of_a_negative_total_mirror_those_of_a_positive_one(total, asked, step):
    turned = {name: {at: -each for at, each in asked[name].items()} for name in NAMES}
    mirrored = {**asked, **turned, "floors": turned["caps"], "caps": turned["floors"]}
    parts = attempt(total, asked, step) if total else None
    expected = None if parts is None else [-part for part in parts]
    if total:
        assert attempt(-total, mirrored, step) == expected


@pytest.mark.filterwarnings("ignore::salesgoal.domain.number.EvenSplit")
@given(SMALL, BOUNDED, st.integers(2, 9))
def test_in_steps_every_part_but_one_is_a_multiple(total, asked, step):
    parts = attempt(total, asked, step)
    if parts is None:
        return
    assert sum(parts) == total
    odd = [
        (part, at) for at, part in enumerate(parts) if part % step and at not in asked["typed"]
    ]
    assert len(odd) <= 1
    for part, at in odd:
        low = part - part % step
        rest = (total - sum(asked["typed"].values())) % step
        assert part - low == rest
        room = [
            other
            for other, each in enumerate(parts)
            if other != at
            and other not in asked["typed"]
            and asked["weights"][other]
            and (other not in asked["caps"] or each + rest <= asked["caps"][other])
        ]
        assert all(parts[other] <= low for other in room if asked["weights"][at])
    for part, (least, most) in zip(parts, limits(asked, total, len(parts)), strict=True):
        assert least <= part
        assert most is None or part <= most


@pytest.mark.filterwarnings("ignore::salesgoal.domain.number.EvenSplit")
@given(SMALL, BOUNDED)
def test_what_is_typed_stays_and_the_rest_is_shared_among_the_others(total, asked):
    typed = {**asked, "floors": {}, "caps": {}}
    parts = attempt(total, typed)
    rest = total - sum(asked["typed"].values())
    free = [at for at in range(len(asked["weights"])) if at not in asked["typed"]]
    if parts is not None:
        assert all(parts[at] == units for at, units in asked["typed"].items())
        shared = [parts[at] for at in free]
        assert shared == (
            apportion(rest, [asked["weights"][at] for at in free]) if free else []
        )
    else:
        assert rest < 0 or not total or (rest and not free)


@given(TOTALS, WEIGHTS, st.randoms(use_true_random=False))
def test_whoever_is_alike_is_served_alike_in_any_order(total, weights, chance):
    """Apart from equal remainders, where the earlier comes first, order changes nothing."""
    order = list(range(len(weights)))
    chance.shuffle(order)
    parts = apportion(total, weights)
    moved = apportion(total, [weights[at] for at in order])
    assert sorted(parts) == sorted(moved)
    exact = [Fraction(weight) for weight in weights]
    if len({abs(total) * weight % sum(exact) for weight in exact}) == len(weights):
        assert moved == [parts[at] for at in order]


@given(TOTALS, WEIGHTS, st.sampled_from([1, 10, 100, 10**6]))
def test_a_larger_weight_never_gets_less(total, weights, step):
    parts = [abs(part) for part in allocate(total, weights, step=step)]
    pairs = list(zip(map(Fraction, weights), parts, strict=True))
    for (one, more), (other, less) in product(pairs, pairs):
        if one > other:
            assert more >= less


@given(TOTALS, WEIGHTS, st.decimals(-50, 300, places=3))
def test_over_assigned_parts_sum_to_the_total_and_its_surplus_half_up(total, weights, percent):
    share = Fraction(percent) * Fraction(1, 100)
    rule = ShareRule(weights=weights, over_assignment=share)
    parts = share_out(total, range(len(weights)), rule)
    assert sum(parts) == round_units(total * (1 + share))
    assert parts == apportion(sum(parts), weights)
