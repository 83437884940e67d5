"""The demonstration before it is lived: its plan, and the command that makes room for it."""

import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry.accounts import passwords
from registry.app import create_app
from registry.cli import main
from registry.cli.demo import cohort, names, people, plan, words
from registry.cli.demo.people import SignIn
from registry.cli.demo.plan import Story
from registry.kernel.actor import Actor
from registry.persistence import unit_of_work
from registry.vocab.people import Sex

SUNDAY = date(2026, 11, 22)


class TestThePlan:
    def test_the_same_seed_tells_the_same_story(self):
        one, other = (plan.make(random.Random(7), SUNDAY, 1.0) for _ in range(2))

        assert one == other
        assert one != plan.make(random.Random(8), SUNDAY, 1.0)

    def test_it_includes_three_hundred_people_who_differ_in_name(self):
        story = plan.make(random.Random(cohort.SEED), SUNDAY, 1.0)
        people = Counter(
            (one.traits.birth_name, one.traits.given_names)
            for one in story.inclusions
            if one.number
        )

        assert 300 <= len(story.inclusions) <= 315
        # Those who are in two cohorts are in it twice.
        assert {name for name, times in people.items() if times > 1}
        assert max(people.values()) == 2

    def test_every_story_is_told_at_every_scale(self):
        for scale in (0.15, 0.5, 1.0):
            story = plan.make(random.Random(cohort.SEED), SUNDAY, scale)

            assert {one.story for one in story.inclusions} == set(Story)

    def test_nothing_lies_after_the_last_working_day_or_on_a_weekend(self):
        story = plan.make(random.Random(cohort.SEED), SUNDAY, 1.0)
        moments = [visit.at for one in story.inclusions for visit in one.visits]

        assert story.ends == date(2026, 11, 20)
        assert max(moments).date() <= story.ends
        assert all(moment.weekday() < 5 for moment in moments)

    @pytest.mark.parametrize("sex", [Sex.FEMALE, Sex.MALE])
    @pytest.mark.parametrize("year", [1921, 1938, 1985, 2008])
    def test_a_given_name_is_there_for_everybody(self, sex: Sex, year: int):
        assert names.given_names(random.Random(1), sex, year)

    def test_a_password_is_long_and_never_the_same(self):
        drawn = {words.password() for _ in range(100)}

        assert len(drawn) == 100
        assert min(map(len, drawn)) >= 15


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch):
    """A demonstration that ends once everybody is hired: the command is what is tested."""

    def hire(actor: Actor, **_told: object) -> list[SignIn]:
        with unit_of_work():
            return people.hire(actor)[1]

    cost, cheap = passwords.use_cost, {"memory_kib": 8, "passes": 1, "lanes": 1}
    monkeypatch.setattr(passwords, "use_cost", lambda **_dear: cost(**cheap))
    monkeypatch.setattr(cohort, "make", hire)


def demo(directory: Path) -> Result:
    return CliRunner().invoke(
        main,
        ["--data-dir", str(directory), "demo", "--no-serve"],
        obj=create_app,
        env={"REGISTRY_LOCALE": "en"},
        catch_exceptions=False,
    )


class TestTheCommand:
    def test_it_prints_a_sign_in_for_each_and_a_second_run_replaces_the_first(
        self, short, tmp_path
    ):
        first = demo(tmp_path / "demo")
        keys = (tmp_path / "demo" / "keys" / "identity.json").read_bytes()

        second = demo(tmp_path / "demo")

        assert first.exit_code == second.exit_code == 0
        assert "nurse2" in first.stdout
        assert "datamanager" in first.stdout
        assert first.stdout != second.stdout
        assert (tmp_path / "demo" / "keys" / "identity.json").read_bytes() != keys

    def test_a_directory_that_holds_something_else_is_left_alone(self, tmp_path):
        (tmp_path / "theses.odt").write_text("chapter one")

        result = demo(tmp_path)

        assert result.exit_code == 1
        assert "left alone" in result.stderr
        assert [path.name for path in tmp_path.iterdir()] == ["theses.odt"]
