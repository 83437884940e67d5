"""Days and moments: one meaning, or none."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st
from marshmallow import ValidationError

from registry.kernel.clock import PARIS
from schemas.dates import FrenchDate, FrenchDateTime


def refusal(field: FrenchDate | FrenchDateTime, written: str) -> str:
    with pytest.raises(ValidationError) as caught:
        field.deserialize(written)
    return " ".join(str(message) for message in caught.value.messages)


class TestFrenchDate:
    field = FrenchDate()

    @pytest.mark.parametrize(
        "written", ["05/03/1985", "05.03.1985", "05-03-1985", " 05/03/1985 ", "1985-03-05"]
    )
    def test_it_reads_day_month_year_and_iso(self, written: str):
        assert self.field.deserialize(written) == date(1985, 3, 5)

    @pytest.mark.parametrize("written", ["05/03/85", "5/3/85", "05-03-85"])
    def test_it_refuses_years_of_two_digits(self, written: str):
        assert "four digits" in refusal(self.field, written)

    @pytest.mark.parametrize("written", ["5/3/1985", "05/3/1985", "5/03/1985"])
    def test_it_refuses_single_digits_that_may_be_in_american_order(self, written: str):
        assert "two digits each" in refusal(self.field, written)

    def test_it_says_that_a_month_cannot_be(self):
        assert "no month 31" in refusal(self.field, "12/31/2024")

    @pytest.mark.parametrize("written", ["31/02/2024", "29/02/2023", "00/01/2020", "1985-02-30"])
    def test_it_refuses_days_that_never_were(self, written: str):
        assert "no such day" in refusal(self.field, written)

    def test_it_refuses_a_spreadsheets_day_number(self):
        assert "spreadsheet" in refusal(self.field, "45321")

    @pytest.mark.parametrize(
        "written", ["mars 1985", "1985", "05/03", "1985/03/05", "0\u0665/03/1985"]
    )
    def test_it_refuses_anything_else(self, written: str):
        assert "day/month/year" in refusal(self.field, written)

    def test_it_takes_a_date_of_a_spreadsheet_cell(self):
        assert self.field.deserialize(datetime(2026, 3, 5)) == date(2026, 3, 5)  # noqa: DTZ001
        assert self.field.deserialize(date(2026, 3, 5)) == date(2026, 3, 5)

    @given(st.dates(min_value=date(1875, 1, 1)))
    def test_every_day_is_read_back(self, day: date):
        assert self.field.deserialize(day.strftime("%d/%m/") + f"{day.year:04d}") == day
        assert self.field.deserialize(day.isoformat()) == day


class TestFrenchDateTime:
    field = FrenchDateTime()

    @pytest.mark.parametrize(
        "written",
        [
            "12/03/2026 08:30",
            "12/03/2026 8:30",
            "12/03/2026 08h30",
            "12/03/2026 08:30:00",
            "2026-03-12T08:30",
            "2026-03-12 08:30",
            "2026-03-12T07:30Z",
            "2026-03-12T08:30+01:00",
        ],
    )
    def test_it_reads_a_paris_wall_clock_or_an_offset(self, written: str):
        assert self.field.deserialize(written) == datetime(2026, 3, 12, 7, 30, tzinfo=UTC)

    def test_summer_time_counts(self):
        assert self.field.deserialize("12/07/2026 08:30") == datetime(
            2026, 7, 12, 6, 30, tzinfo=UTC
        )

    def test_it_refuses_an_hour_that_the_clocks_skipped(self):
        assert "did not exist" in refusal(self.field, "29/03/2026 02:30")

    def test_it_refuses_an_hour_that_came_twice(self):
        assert "came twice" in refusal(self.field, "25/10/2026 02:30")

    def test_the_offset_tells_the_two_apart(self):
        first = self.field.deserialize("2026-10-25T02:30+02:00")
        second = self.field.deserialize("2026-10-25T02:30+01:00")

        assert second - first == timedelta(hours=1)

    @pytest.mark.parametrize(
        ("written", "sentence"),
        [
            ("12/03/2026", "Add the time"),
            ("12/03/2026 25:00", "no such time"),
            ("12/03/2026 noon", "hours:minutes"),
            ("31/02/2026 08:30", "no such day"),
            ("2026-13-12T08:30Z", "Write the date"),
        ],
    )
    def test_it_says_what_is_wrong(self, written: str, sentence: str):
        assert sentence in refusal(self.field, written)

    def test_it_takes_the_moment_of_a_spreadsheet_cell_as_paris_time(self):
        cell = datetime(2026, 3, 12, 8, 30)  # noqa: DTZ001

        assert self.field.deserialize(cell) == datetime(2026, 3, 12, 7, 30, tzinfo=UTC)

    @given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2060, 1, 1)))  # noqa: DTZ001
    def test_what_is_read_is_what_the_wall_clock_showed(self, wall: datetime):
        wall = wall.replace(second=0, microsecond=0)
        try:
            moment = self.field.deserialize(wall.strftime("%d/%m/%Y %H:%M"))
        except ValidationError:
            offsets = {wall.replace(tzinfo=PARIS, fold=fold).utcoffset() for fold in (0, 1)}
            assert len(offsets) == 2
        else:
            assert moment.astimezone(PARIS).replace(tzinfo=None) == wall
