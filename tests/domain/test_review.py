from __future__ import annotations

from salesgoal.domain.review import Review


def test_a_review_says_nothing_until_told():
    review = Review(period="2023-10")
    assert (review.cause, review.action, review.due_on, review.hint) == (None,) * 4
    assert review.scope == {}
