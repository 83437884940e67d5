"""Lists narrowed by consent: each wanted row on one page, none twice, bounded work for a page."""

from dataclasses import dataclass

import pytest
from hypothesis import given, strategies as st

from registry.consents.decision import listing
from registry.consents.decision.listing import consenting, narrowed
from registry.kernel import clock
from registry.participants import queries as participants
from registry.vocab import limits
from registry.vocab.consent import Answer, Consenting, Use
from tests.factories.accounts import People
from tests.factories.consents import make_consent
from tests.factories.participants import make_participant


@dataclass(frozen=True)
class Line:
    code: str
    person: int


@dataclass(frozen=True)
class Lines:
    rows: list[Line]
    next_after: str | None


@dataclass(frozen=True)
class Said:
    is_allowed: bool


@given(
    allowed=st.lists(st.booleans(), max_size=30),
    page_rows=st.integers(1, 5),
    at_once=st.integers(1, 6),
    turns=st.integers(1, 3),
)
def test_every_page_together_holds_each_wanted_row_once(
    allowed: list[bool], page_rows: int, at_once: int, turns: int
):
    lines = [Line(str(at), at) for at in range(len(allowed))]
    asked: list[int] = []

    def fetch(after: str | None, most: int) -> Lines:
        begin = 0 if after is None else int(after) + 1
        rows = lines[begin : begin + most]
        asked.append(len(rows))
        return Lines(rows, rows[-1].code if begin + most < len(lines) else None)

    found, after = [], None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "PAGE_ROWS", page_rows)
        patch.setattr(limits, "NARROWED_ROWS_AT_ONCE", at_once)
        patch.setattr(limits, "NARROWING_TURNS_MAX", turns)
        patch.setattr(
            listing, "decide_many", lambda ids, *_asked: {one: Said(allowed[one]) for one in ids}
        )
        while True:
            asked.clear()
            page = narrowed(
                fetch,
                consenting(lambda line: line.person, Use.STORE, Consenting.ALLOWS, clock.today()),
                after=after,
            )
            assert len(page.rows) <= page_rows
            assert len(asked) <= turns
            assert len(page.rows) == page_rows or page.is_cut_short or page.next_after is None
            found += page.rows
            if (after := page.next_after) is None:
                break

    assert found == [line for line in lines if allowed[line.person]]


@pytest.mark.usefixtures("app")
def test_who_consents_and_who_does_not_are_the_whole_list(actors: People):
    yes, no, never = (make_participant(actors) for _ in range(3))
    make_consent(actors, yes)
    make_consent(actors, no, answers={"genetics": Answer.REFUSED})

    def listed(side: Consenting) -> set[str]:
        page = narrowed(
            lambda after, most: participants.page(
                actors.nurse, participants.Wanted(), after=after, most=most
            ),
            consenting(lambda one: one.id, Use.GENETICS, side, clock.today()),
        )
        return {one.code for one in page.rows}

    assert listed(Consenting.ALLOWS) == {yes.code}
    assert listed(Consenting.DOES_NOT) == {no.code, never.code}
