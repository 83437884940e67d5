"""Reading the files that temperature loggers write."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.storage.temperatures.reading import Clock, read

PARIS = Clock(clock.PARIS)
WINTER = Clock(timezone(timedelta(hours=1)))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT_NINE = datetime(2026, 11, 13, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now():
    with clock.frozen(NOW):
        yield


def only(text, how=PARIS, encoding="utf-8"):
    [found] = read(text.encode(encoding), how)
    return found.at, found.celsius


def refusal(text, how=PARIS):
    with pytest.raises(InvalidInput) as refused:
        read(text.encode(), how)
    return [str(one) for one in refused.value.errors["file"]]


@pytest.mark.parametrize(
    "text",
    [
        "Date;°C\n13/11/2026 09:00;-71,5\n",
        "Time,Celsius(°C)\n2026-11-13 09:00:00,-71.5\n",
        'Time,Temperature\n2026-11-13T08:00:00Z,"-71,5"\n',
        "Date\tHeure\tTempérature\n13.11.2026\t09:00\t-71,5 °C\n",
        "Timestamp;Temp\n2026-11-13T09:00:00+01:00;\u221271.5\n",
        "Serial;12345\nProbe;A\n\nNo;Date/Time;Temp (°C)\n1;11/13/2026 9:00;-71.50\n",
    ],
)
def test_what_common_loggers_write_is_read(text):
    assert only(text) == (AT_NINE, Decimal("-71.5"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_of_loggers_are_read(encoding):
    assert only("Date;Température °C\n13/11/2026 09:00;-71,5\n", encoding=encoding)[0] == AT_NINE


def test_a_day_that_can_be_two_days_is_refused():
    text = "Date;°C\n03/04/2026 09:00;4\n"
    assert "say whether the day comes first" in refusal(text)[0]
    assert only(text, Clock(clock.PARIS, day_first=True))[0].month == 4
    assert only(text, Clock(clock.PARIS, day_first=False))[0].month == 3


def test_what_the_file_shows_is_not_overruled():
    text = "Date;°C\n13/11/2026 09:00;4\n"
    assert "in the way that was said" in refusal(text, Clock(clock.PARIS, day_first=False))[0]


def test_an_hour_that_the_clock_change_repeats_is_refused_unless_the_zone_is_fixed():
    text = "Date;°C\n25.10.2026 02:30;4\n"
    assert "repeats this hour" in refusal(text)[0]
    assert only(text, WINTER)[0] == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_hour_that_the_clock_change_leaves_out_is_refused():
    assert "leaves this hour out" in refusal("Date;°C\n29.03.2026 02:30;4\n")[0]


def test_each_line_that_cannot_be_read_is_named():
    text = (
        "Date;°C\n13.11.2026 09:00;-70\nyesterday;-70\n13.11.2026 09:10;warm\n"
        "31.02.2026 09:00;4\n13.11.2026 09:00;-60\n13.11.2027 09:00;-70\n13.11.2026 09:20;-70;1\n"
    )
    found = refusal(text)
    assert sorted(int(one.split()[1].rstrip(":")) for one in found) == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no headings"),
        ("13/11/2026 09:00;-70\n", "no headings"),
        ("Date;°C\n", "no readings"),
        ("Date;Temp °F\n13.11.2026 09:00;-70\n", "°F"),
        ("Date;Temp 1;Temp 2\n13.11.2026 09:00;4;5\n", "one probe"),
    ],
)
def test_a_file_without_a_table_of_one_probe_in_celsius_is_refused(text, why):
    assert why in refusal(text)[0]


def test_a_quote_left_open_spoils_its_own_line_alone():
    found = refusal('Date;°C\n13.11.2026 09:00;"4\n"13.11.2026 09:10;4\n13.11.2026 09:20;4\n')
    assert [one.split()[1] for one in found] == ["3:"]


def test_a_line_written_twice_is_one_reading():
    assert only("Date;°C\n13.11.2026 09:00;4\n13.11.2026 09:00;4,0\n")[1] == 4


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    with suppress(InvalidInput):
        assert read(content, PARIS)


@given(st.text(st.sampled_from('0123456789-/.: TZ+,;"\n°C\0'), max_size=120))
def test_any_table_is_read_or_refused(table):
    with suppress(InvalidInput):
        assert read(f"Date;°C\n{table}".encode(), PARIS)


@given(
    st.integers(0, 2_000_000).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    st.decimals(-200, 100, places=2),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d.%m.%Y;%H:%M:%S", "%Y-%m-%dT%H:%M:%S+01:00"]),
)
def test_what_is_written_is_what_is_read(local, celsius, style):
    written = str(celsius).replace(".", ",")
    headings = "Date;Heure;°C" if ";" in style else "Date;°C"
    [found] = read(f"{headings}\n{local.strftime(style)};{written}\n".encode(), WINTER)
    assert found.celsius == celsius
    assert found.at == local.replace(tzinfo=WINTER.zone)
