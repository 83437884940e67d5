"""The chain notices every change, removal, insertion and reordering."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from registry.audit import chain

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def _entries(count: int) -> list[dict]:
    entries, previous = [], chain.GENESIS
    for seq in range(1, count + 1):
        entry = {
            "seq": seq,
            "at": START + timedelta(minutes=seq),
            "actor_id": 1,
            "actor_login": "nurse",
            "tag": "sample:received",
            "object_ref": f"sample:{seq}",
            "site_id": None,
            "reason": "é\n\x1b[31m",
            "request_id": None,
            "details": {"count": seq},
        }
        entry["previous"] = previous
        previous = entry["digest"] = chain.digest(previous, entry)
        entries.append(entry)
    return entries


def test_an_untouched_chain_holds():
    entries = _entries(5)
    found = chain.verify(entries)
    assert found == chain.Verification(5, entries[-1]["digest"], None)


def test_an_empty_chain_holds():
    assert chain.verify([]).broken is None


@given(st.integers(0, 9), st.sampled_from([name for name in chain.FIELDS if name != "seq"]))
def test_changing_any_field_of_any_entry_is_noticed(place, name):
    entries = _entries(10)
    entries[place] = {**entries[place], name: START if name == "at" else "other"}
    broken = chain.verify(entries).broken
    assert broken is not None
    assert broken.seq == place + 1


@given(st.integers(0, 8))
def test_removing_an_entry_is_noticed(place):
    entries = _entries(10)
    del entries[place]
    assert chain.verify(entries).broken == chain.Break(place + 1, "missing")


@given(st.integers(0, 8))
def test_swapping_two_entries_is_noticed(place):
    entries = _entries(10)
    entries[place], entries[place + 1] = entries[place + 1], entries[place]
    assert chain.verify(entries).broken is not None


def test_an_entry_rewritten_with_a_fresh_digest_detaches_the_next():
    entries = _entries(3)
    entries[1] = {**entries[1], "details": {"count": 99}}
    entries[1]["digest"] = chain.digest(entries[1]["previous"], entries[1])
    assert chain.verify(entries).broken == chain.Break(3, "detached")
