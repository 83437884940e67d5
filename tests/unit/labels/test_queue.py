"""Labels sent to a printer: after the commit, once, to the right machine; nothing is lost."""

from datetime import timedelta
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from registry.jobs import Worker, printing as working
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.labels import contents, printers, queue, sending, templates
from registry.labels.design import STARTERS
from registry.labels.models import PrintJob
from registry.persistence import db, registry_session, unit_of_work
from registry.vocab import limits
from registry.vocab.printing import LabelPurpose, PrintFailure, PrintState, PrintSubject
from tests.factories.custody import make_aliquots
from tests.factories.labels import ENGLISH
from tests.factories.printers import make_printer, read_zpl, switched_on, unused_port
from tests.factories.storage import make_box

pytestmark = pytest.mark.usefixtures("app")

WORKER = Actor.system("printing")


@pytest.fixture
def codes(actors) -> list[str]:
    return [sample.code for sample in make_aliquots(actors, "1", "1")]


@pytest.fixture
def send(actors, codes):
    """The technician sends the labels of two aliquots."""

    def send() -> PrintJob:
        ready = contents.of_samples(actors.technician, codes, ENGLISH)
        [job] = queue.send(actors.technician, ready)
        return job

    return send


def now(job: PrintJob) -> PrintJob:
    registry_session.rollback()
    return registry_session.get_one(PrintJob, job.id, populate_existing=True)


class TestDelivery:
    def test_the_printer_receives_each_label_in_order_and_the_job_says_so(
        self, actors, sites, codes, send, audit_tags
    ):
        with switched_on() as printer:
            make_printer(actors, site_id=sites.biobank, port=printer.port)
            job = send()
            assert sending.send_next(WORKER)
            [stream] = printer.switch_off()

        assert [label.symbol.data for label in read_zpl(stream)] == codes
        assert (now(job).state, now(job).payload) == (PrintState.SENT, None)
        assert audit_tags()[-3:] == ["printer:set_up", "labels:printed", "labels:sent"]
        assert not sending.send_next(WORKER)

    def test_nothing_is_sent_for_what_was_undone(self, actors, sites, send):
        with switched_on() as printer:
            make_printer(actors, site_id=sites.biobank, port=printer.port)
            with pytest.raises(NotFound), unit_of_work():
                queue.get(actors.technician, send().id + 1)
            assert not sending.send_next(WORKER)

            assert printer.switch_off() == []

    def test_the_same_labels_waiting_are_not_asked_for_twice(self, actors, sites, send):
        make_printer(actors, site_id=sites.biobank, port=unused_port())

        assert send().id == send().id

    def test_the_worker_delivers_beside_its_tasks(self, app, actors, sites, send):
        stopping = Event()
        with switched_on() as printer:
            make_printer(actors, site_id=sites.biobank, port=printer.port)
            job = send()
            worker = Thread(target=Worker(app, stopping=stopping).run)
            worker.start()
            while now(job).state in (PrintState.WAITING, PrintState.SENDING):
                stopping.wait(0.02)
            stopping.set()
            worker.join()

            assert len(printer.switch_off()) == 1

    def test_several_workers_deliver_each_job_once(self, app, actors, sites):
        samples = [sample.code for sample in make_aliquots(actors, *["0.1"] * 6)]
        with switched_on() as printer:
            make_printer(actors, site_id=sites.biobank, port=printer.port)
            for code in samples:
                ready = contents.of_samples(actors.technician, [code], ENGLISH)
                queue.send(actors.technician, ready)

            def deliver() -> None:
                while working.run_one(app):
                    continue

            threads = [Thread(target=deliver) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            streams = printer.switch_off()

        delivered = [label.symbol.data for stream in streams for label in read_zpl(stream)]
        assert sorted(delivered) == sorted(samples)


class TestFailure:
    def test_a_printer_that_is_off_loses_nothing(self, actors, sites, codes, send, audit_tags):
        make_printer(actors, site_id=sites.biobank, port=unused_port())
        job = send()
        sending.send_next(WORKER)

        assert (now(job).state, job.failure) == (PrintState.FAILED, PrintFailure.UNREACHABLE)
        assert audit_tags()[-1] == "labels:failed"
        again = queue.contents_of(actors.technician, now(job), ENGLISH)
        assert [content.code for content in again] == codes

    def test_switched_on_again_it_prints_what_is_tried_again(self, actors, sites, codes, send):
        port = unused_port()
        made = make_printer(actors, site_id=sites.biobank, port=port)
        job = send()
        sending.send_next(WORKER)
        with switched_on() as printer:
            facts = {
                name: getattr(made, name) for name in printers.PrinterFacts.__dataclass_fields__
            }
            moved = printers.PrinterFacts(**{**facts, "port": printer.port})
            printers.change(actors.admin, made.id, moved)
            queue.retry(actors.technician, job.id, ENGLISH)
            sending.send_next(WORKER)
            [stream] = printer.switch_off()

        assert [label.symbol.data for label in read_zpl(stream)] == codes
        assert (now(job).state, job.attempts) == (PrintState.SENT, 2)

    def test_what_was_delivered_is_not_tried_again(self, actors, sites, send):
        with switched_on() as printer:
            make_printer(actors, site_id=sites.biobank, port=printer.port)
            job = send()
            sending.send_next(WORKER)

        with pytest.raises(RuleBroken, match="Sent to the printer"):
            queue.retry(actors.technician, job.id, ENGLISH)

    def test_a_worker_that_died_over_labels_is_told_of(self, actors, sites, send):
        make_printer(actors, site_id=sites.biobank, port=unused_port())
        job = send()
        long_ago = clock.now() - timedelta(seconds=limits.PRINT_SILENT_SECONDS + 1)
        with db.engines["registry"].begin() as connection:
            connection.execute(
                sa.update(PrintJob).values(state=PrintState.SENDING, taken_at=long_ago, attempts=1)
            )
        registry_session.rollback()

        assert not sending.send_next(WORKER)
        assert (now(job).state, job.failure) == (PrintState.FAILED, PrintFailure.INTERRUPTED)

    def test_nobody_but_the_worker_delivers(self, actors, sites, send):
        make_printer(actors, site_id=sites.biobank, port=unused_port())
        send()

        with pytest.raises(NotPermitted):
            sending.send_next(actors.admin)


class TestChoice:
    ALIQUOT = STARTERS[LabelPurpose.ALIQUOT]

    def test_a_label_goes_to_the_printer_with_a_roll_of_its_size(self, actors, sites):
        small = make_printer(actors, site_id=sites.biobank, port=9100)
        large = make_printer(
            actors, site_id=sites.biobank, port=9100, name="Z2", label_width=51.0, label_height=25.0
        )

        place = STARTERS[LabelPurpose.PLACE]
        assert printers.default_for(actors.technician, self.ALIQUOT).id == small.id
        assert printers.default_for(actors.technician, place).id == large.id

    def test_with_printers_at_several_sites_one_says_where_one_is(self, actors, sites):
        make_printer(actors, site_id=sites.paris, port=9100)
        there = make_printer(actors, site_id=sites.biobank, port=9100)

        assert printers.default_for(actors.technician, self.ALIQUOT) is None
        found = printers.default_for(actors.technician, self.ALIQUOT, site_id=sites.biobank)
        assert found.id == there.id

    def test_nobody_prints_at_another_site(self, actors, sites):
        make_printer(actors, site_id=sites.biobank, port=9100)

        found = printers.default_for(actors.nurse, self.ALIQUOT, site_id=sites.biobank)
        assert found is None

    def test_a_new_default_printer_takes_the_place_of_the_old_one(self, actors, sites):
        old = make_printer(actors, site_id=sites.biobank, port=9100)
        new = make_printer(actors, site_id=sites.biobank, port=9100, name="Z2")

        assert (old.is_default, new.is_default) == (False, True)

    def test_out_of_use_it_is_nobodys_default(self, actors, sites):
        make_printer(actors, site_id=sites.biobank, port=9100, is_used=False)

        assert printers.default_for(actors.technician, self.ALIQUOT) is None

    def test_without_a_printer_the_sentence_says_what_to_do(self, send):
        with pytest.raises(RuleBroken, match="No label printer here takes labels of 33 × 13"):
            send()

    def test_two_printers_of_one_name_at_a_site_are_refused(self, actors, sites):
        make_printer(actors, site_id=sites.biobank, port=9100)

        with pytest.raises(InvalidInput, match="this name already"):
            make_printer(actors, site_id=sites.biobank, port=9101)

    @pytest.mark.parametrize("who", ["technician", "nurse", "data_manager", "dpo"])
    def test_only_an_administrator_says_where_labels_may_go(self, actors, sites, who):
        facts = printers.PrinterFacts("x", "h", 9100, "300", "direct", 33.0, 13.0, is_default=True)
        with pytest.raises(NotPermitted):
            printers.set_up(getattr(actors, who), site_id=sites.biobank, facts=facts)


class TestReading:
    def test_another_sites_labels_are_not_seen(self, actors, sites, send):
        make_printer(actors, site_id=sites.biobank, port=unused_port())
        job = send()

        assert queue.page(actors.other_site_nurse) == []
        with pytest.raises(NotFound):
            queue.get(actors.other_site_nurse, job.id)
        assert [one.id for one in queue.page(actors.technician)] == [job.id]

    def test_a_boxs_label_is_sent_too(self, actors, sites):
        make_printer(actors, site_id=sites.biobank, port=9100, label_width=51.0, label_height=25.0)
        box = make_box(actors)
        ready = contents.of_places(actors.technician, [box.id], ENGLISH)
        [job] = queue.send(actors.technician, ready)

        assert (job.subject, job.codes) == (PrintSubject.PLACE, [box.unit.code])
        assert queue.contents_of(actors.technician, job, ENGLISH) == ready

    def test_what_is_sent_follows_the_template_in_force(self, actors, sites, send):
        make_printer(actors, site_id=sites.biobank, port=9100)
        design = STARTERS[LabelPurpose.DERIVATIVE]
        templates.write(
            actors.admin,
            LabelPurpose.DERIVATIVE,
            type(design)(**{**vars(design), "lines": design.lines[:1]}),
            after=0,
        )

        assert [len(label.texts) for label in read_zpl(send().payload)] == [1, 1]
