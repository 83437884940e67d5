"""Sharing out a yield: never more out than in, and no priority goes without for a lower one."""

from decimal import Decimal

from hypothesis import given, strategies as st

from registry.samples.plans.yields import Wish, asked, share_out

volumes = st.decimals(min_value="0.01", max_value=20, places=2)
wishes = st.lists(
    st.builds(Wish, volume=volumes, count=st.integers(1, 20), priority=st.integers(1, 9)),
    max_size=8,
)
amounts = st.decimals(min_value=0, max_value=200, places=3)


def taken(shares, wanted):
    return sum(
        (share * wish.volume for share, wish in zip(shares, wanted, strict=True)), Decimal(0)
    )


@given(amounts, wishes)
def test_never_more_comes_out_than_is_there_or_than_was_asked_for(available, wanted):
    shares = share_out(available, wanted)

    assert taken(shares, wanted) <= available
    assert all(0 <= share <= wish.count for share, wish in zip(shares, wanted, strict=True))


@given(amounts, wishes)
def test_what_lower_priorities_ask_for_takes_nothing_from_higher_ones(available, wanted):
    shares = share_out(available, wanted)

    for lowest in range(1, 10):
        kept = [place for place, wish in enumerate(wanted) if wish.priority <= lowest]
        alone = share_out(available, [wanted[place] for place in kept])
        assert alone == tuple(shares[place] for place in kept)


@given(amounts, wishes)
def test_nothing_that_still_fits_is_left_out(available, wanted):
    shares = share_out(available, wanted)
    left = available - taken(shares, wanted)

    for share, wish in zip(shares, wanted, strict=True):
        assert share == wish.count or wish.volume > left


@given(amounts, wishes)
def test_all_of_it_is_made_when_there_is_enough(available, wanted):
    enough = available >= asked(wanted)

    assert not enough or share_out(available, wanted) == tuple(wish.count for wish in wanted)


def test_an_exact_yield_is_used_up():
    wanted = [Wish(Decimal("0.3"), 1, 2), Wish(Decimal("0.5"), 6, 1)]

    assert share_out(Decimal("2.3"), wanted) == (1, 4)
    assert share_out(Decimal("2.2"), wanted) == (0, 4)
