"""The pages by which a partner's recall is taken in, and ours is signed and answered."""

import json

import pytest
import sqlalchemy as sa

from registry.consents.withdrawals.followup import queries as followup
from registry.custody.exchange import own, taking_in
from registry.custody.exchange.recalls import calling, obeying, queries as recalls
from registry.custody.shipments.receiving import Receipt
from registry.kernel import clock
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.withdrawals import NoticeStatus
from tests.factories.consents import make_withdrawal
from tests.factories.custody import biobank
from tests.factories.exchange import make_known, make_manifest, make_recall, make_signed
from tests.factories.shipments import make_sent, make_tubes_to_send
from tests.web.pages import text_of
from tests.web.technician import lines
from tests.web.test_foreign_shipments import hidden_of, upload

pytestmark = pytest.mark.usefixtures("app")


class TestTheirs:
    def test_it_holds_at_once_and_is_followed_tube_by_tube(self, technician, actors):
        make_known(actors)
        manifest = make_manifest(actors)
        taking_in.take_in(actors.technician, biobank(actors), manifest, Receipt(["F-0001"]))
        answer = upload(technician, "/foreign-recalls/new", make_recall(actors))
        assert answer.status_code == 303, answer.text
        shown = text_of(technician.get(answer.location))
        assert "Set apart, not to be used" in shown
        assert "Destroy what is left" in shown
        assert "To be done" in text_of(technician.get("/foreign-recalls"))
        assert "1 recall of a partner to follow" in text_of(technician.get("/shipments"))
        [bag] = taking_in.every(actors.technician)
        assert "Recalled: not to be used" in text_of(technician.get(f"/foreign-shipments/{bag.id}"))

        told = technician.post(
            answer.location,
            {
                **hidden_of(technician, answer.location),
                "codes": lines("F-0001"),
                "state": "destroyed",
                "note": "Certificate 12",
            },
        )
        assert told.status_code == 303, told.text
        page = text_of(technician.get(answer.location))
        assert "Certificate 12" in page
        assert "Record and sign" not in page
        signed = technician.get(f"{answer.location}/answer.json")
        assert json.loads(signed.json["answer"])["tubes"] == {"F-0001": "destroyed"}
        assert "Done" in text_of(technician.get("/foreign-recalls"))
        assert "to follow" not in text_of(technician.get("/shipments"))

    def test_a_manifest_of_recalled_tubes_says_so_before_it_is_taken_in(self, technician, actors):
        make_known(actors)
        obeying.take_in(actors.technician, make_recall(actors))
        preview = upload(technician, "/foreign-shipments/new", make_manifest(actors))
        assert "Recalled: not to be used" in text_of(preview)

    def test_a_refused_file_says_why(self, technician, actors):
        make_known(actors)
        answer = upload(technician, "/foreign-recalls/new", make_manifest(actors))
        assert answer.status_code == 422
        assert "no signed recall" in text_of(answer)

    def test_who_receives_nothing_only_reads(self, sign_in, actors):
        make_known(actors)
        obeying.take_in(actors.technician, make_recall(actors))
        [kept] = recalls.every(actors.technician)
        manager = sign_in(actors.data_manager).speak("en")
        assert "Record and sign" not in text_of(manager.get(f"/foreign-recalls/{kept.id}"))
        assert manager.get("/foreign-recalls/new").status_code == 403


class TestOurs:
    @pytest.fixture
    def notice(self, actors):
        [tube] = make_tubes_to_send(actors, 1)
        make_sent(actors, tube.code)
        query = sa.select(Sample).where(Sample.code == tube.code)
        withdrawal = make_withdrawal(actors, registry_session.scalars(query).one().participant)
        [found] = followup.notices(actors.dpo, withdrawal.id)
        return found

    def test_it_is_signed_for_a_key_that_came_later_and_answered(self, sign_in, actors, notice):
        officer = sign_in(actors.dpo).speak("en")
        page = f"/withdrawals/notices/{notice.id}"
        assert "For the partner’s installation" not in text_of(officer.get(page))
        make_known(actors)
        assert "Sign the recall for their key" in text_of(officer.get(page))
        pressed = officer.post(f"{page}/sign", hidden_of(officer, page))
        assert pressed.status_code == 303, pressed.text
        file = officer.get(f"{page}/recall.json")
        [tube] = json.loads(file.json["recall"])["tubes"]
        registry_session.rollback()

        said = {
            "format": obeying.FORMAT,
            "recipient_key": own.key(actors.technician).public_key,
            "recall": notice.number,
            "of": calling.newest_of(notice.id).digest,
            "answered_at": clock.now().isoformat(),
            "tubes": {tube["code"]: "set_apart"},
        }
        path = "/withdrawals/notices/answer"
        wrong = upload(officer, path, make_signed({**said, "tubes": {}}, part="answer"))
        assert wrong.status_code == 422
        assert "no signed answer" in text_of(wrong)
        taken = upload(officer, path, make_signed(said, part="answer"))
        assert taken.status_code == 303, taken.text
        shown = text_of(officer.get(taken.location))
        assert "What the partner’s installation answered" in shown
        assert "Set apart, not to be used: 1" in shown
        registry_session.rollback()
        assert followup.notice(actors.dpo, notice.id).status is NoticeStatus.ACKNOWLEDGED

    def test_who_does_not_follow_withdrawals_sees_none_of_it(self, technician, notice):
        assert technician.get(f"/withdrawals/notices/{notice.id}/recall.json").status_code == 403
        assert technician.get("/withdrawals/notices/answer").status_code == 403
