"""One partner's code recorded for two persons at the same instant."""

from datetime import date

from flask import Flask

from registry.identity.pseudonyms import service
from registry.kernel.errors import RuleBroken
from tests.concurrency.racing import race, won
from tests.factories.accounts import People
from tests.factories.identity import make_partner, make_person

PEOPLE = (("Martin", "Paul"), ("Bernard", "Odile"), ("Dubois", "Yves"), ("Moreau", "Zoé"))


def test_a_code_becomes_one_persons_however_many_record_it_at_once(
    application: Flask, actors: People
):
    with application.app_context():
        make_partner("UNI")
        uids = [
            make_person(
                actors.nurse,
                number=f"{year}0{year}",
                birth_name=name,
                given_names=given,
                birth_date=date(1900 + year, 1, 1),
            ).person_uid
            for year, (name, given) in enumerate(PEOPLE, start=40)
        ]

    with application.app_context():
        outcomes = race(
            application,
            *(
                lambda uid=uid: service.add(actors.nurse, uid, partner="UNI", code="U-1")
                for uid in uids
            ),
        )

    assert won(outcomes) == [True]
    assert all(isinstance(one, RuleBroken) for one in outcomes if one is not True)
