"""What fails, or kills its process, holds nobody else: customers, companies, letters, long work."""

from unittest.mock import patch

from odoo.addons.account_dunning_fr.models.common.account_dunning_run import queued
from odoo.addons.account_dunning_fr.models.registered.account_dunning_registered_provider import (
    Posting,
)
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import TODAY, DunningCommon, day
from ..penalty_common import PenaltyCommon
from ..registered.test_registered import NUMBERS, FakeProvider, ProviderCommon

RUN_LOG = "odoo.addons.account_dunning_fr.models.common.account_dunning_run"
QUEUE = "odoo.addons.account_dunning_fr.models.common.account_dunning_run"
# Work left to the scheduler: chosen reminders.
SENDING = {"model": "account.dunning.notice", "method": "action_send", "lang": "en_US"}


class Killed(BaseException):
    """Stands for the end of a process: no code of ours catches it."""


@tagged("post_install", "-at_install")
class TestDeaths(DunningCommon):
    """A process that dies is known by what it had written down before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["account.dunning.run"].sudo()
        cls.sender = cls.new_user("sender", "account_dunning_fr.group_dunning_user")
        cls.company.partner_id.dunning_lang = "en_US"  # in which the to-dos speak

    def late(self, count):
        partners = [self.customer(f"Late {number}") for number in range(count)]
        self.invoices(*((partner, 10, 100) for partner in partners))
        self.run_cron("prepare")
        return [self.live(partner) for partner in partners]

    def die(self, kind, *records):
        """Leave the record that a process leaves which died while it worked on these."""
        before = self.Run.search([("kind", "=", kind)], limit=1)
        return self.Run.create(
            {
                "kind": kind,
                "state": "running",
                "backend": "1@0.5",
                "deaths": before._count_deaths() if before else False,
                "trying": [f"{record._name},{record.id}" for record in records],
            }
        )

    def order_of(self, call):
        """Return the ids of the groups in which messages were sent, in their order."""
        groups = []
        send = type(self.Notice)._send_scheduled

        def spy(notices, today):
            groups.append(notices.ids)
            return send(notices, today)

        with patch.object(type(self.Notice), "_send_scheduled", spy):
            call()
        return groups

    def test_what_is_tried_is_committed_before_it_is_tried(self):
        notices = self.late(2)
        seen = []
        send = type(self.Notice)._send_scheduled

        def spy(group, today):
            seen.append(self.Run.search([("kind", "=", "send")], limit=1).trying)
            return send(group, today)

        with patch.object(type(self.Notice), "_send_scheduled", spy):
            self.run_cron("send")
        self.assertEqual(seen, [[f"account.dunning.notice,{notice.id}" for notice in notices]])
        self.assertFalse(self.Run.search([("kind", "=", "send")], limit=1).trying)

    def test_what_killed_a_process_goes_last_and_alone(self):
        first, second, third = self.late(3)
        self.die("send", first, second)
        groups = self.order_of(lambda: self.run_cron("send"))
        self.assertEqual(groups, [third.ids, first.ids, second.ids])
        self.assertEqual({first.state, second.state, third.state}, {"sent"})
        self.assertFalse(self.Run.search([("kind", "=", "send")], limit=1).deaths)

    def test_what_killed_a_process_alone_is_blocked_with_its_reason_and_a_to_do(self):
        first, second = self.late(2)
        self.die("send", first, second)
        self.die("send", first)
        groups = self.order_of(lambda: self.run_cron("send"))
        self.assertEqual(groups, [second.ids])
        self.assertEqual((first.state, second.state), ("ready", "sent"))
        self.assertIn("stopped 2 times", first.blocking_reason)
        self.assertEqual(first.activity_ids.mapped("summary"), ["Reminder not sent"])
        with self.on("2026-06-02"):
            self.assertEqual(self.order_of(lambda: self.run_cron("send")), [])
        self.assertEqual(len(first.activity_ids), 1)
        self.assertEqual(first.state, "ready")

    def test_confirmed_anew_it_is_tried_once_more_and_alone(self):
        first, second = self.late(2)
        self.die("send", first, second)
        self.die("send", first)
        self.run_cron("send")
        first.action_back_to_draft()
        first.action_confirm()
        self.run_cron("send")
        self.assertEqual(first.state, "sent")

    def test_a_mail_that_killed_its_process_is_told_and_not_tried_for_ever(self):
        (notice,) = self.late(1)
        notice.action_send()
        notice.sudo().write({"delivery": "underway", "tries": 2})
        notice.mail_id.send()
        self.assertEqual(notice.delivery, "refused")
        self.assertIn("stopped 2 times", notice.delivery_reason)
        self.assertEqual(notice.activity_ids.mapped("summary"), ["Reminder not delivered"])

    def test_a_batch_that_killed_its_process_is_done_last_record_by_record(self):
        notices = self.Notice.union(*self.late(4))
        run = self.Run.create(
            {
                "kind": "print_chosen",
                "state": "running",
                "backend": "1@0.5",
                "user_id": self.sender.id,
                "company_id": self.company.id,
                "total": 4,
                "queue": {
                    "model": "account.dunning.notice",
                    "method": "_print_chosen",
                    "batches": [notices[:2].ids, notices[2:].ids],
                    "lang": "en_US",
                    "arguments": {"choices": {}},
                },
                "trying": [f"account.dunning.notice,{each}" for each in notices[:2].ids],
            }
        )
        done = []
        note = queued("print_chosen")(lambda batch, choices: done.append(batch.ids))
        with patch.object(type(self.Notice), "_print_chosen", note):
            self.run_cron("queue")
        self.assertEqual(done, [notices[2:].ids, notices[0].ids, notices[1].ids])
        self.assertEqual((run.state, run.done), ("done", 4))

    def test_a_record_that_kills_alone_is_skipped_with_its_reason(self):
        notices = self.Notice.union(*self.late(2))
        key = f"account.dunning.notice,{notices[0].id}"
        run = self.Run.create(
            {
                "kind": "send_chosen",
                "state": "running",
                "backend": "1@0.5",
                "user_id": self.sender.id,
                "company_id": self.company.id,
                "total": 2,
                "queue": {**SENDING, "batches": [notices[0].ids, notices[1].ids]},
                "trying": [key],
                "deaths": {key: 1},
            }
        )
        self.run_cron("queue")
        self.assertEqual((run.done, run.failed), (1, 1))
        self.assertIn("stopped 2 times", run.failure_ids.reason)
        self.assertEqual(notices.mapped("state"), ["ready", "sent"])

    def test_work_that_killed_its_process_does_not_hold_what_waits_behind(self):
        notices = self.Notice.union(*self.late(2))
        vals = {
            "kind": "send_chosen",
            "user_id": self.sender.id,
            "company_id": self.company.id,
            "total": 1,
        }
        deadly = self.Run.create(
            {
                **vals,
                "state": "running",
                "backend": "1@0.5",
                "queue": {**SENDING, "batches": [notices[0].ids]},
                "trying": [f"account.dunning.notice,{notices[0].id}"],
            }
        )
        sound = self.Run.create(
            {**vals, "state": "waiting", "queue": {**SENDING, "batches": [notices[1].ids]}}
        )
        order = []
        work = type(deadly)._work

        def spy(run):
            order.append(run)
            return work(run)

        with patch.object(type(deadly), "_work", spy):
            self.run_cron("queue")
        self.assertEqual(order, [sound, deadly])


@tagged("post_install", "-at_install")
class TestPenaltyDeaths(PenaltyCommon):
    """Booking goes on beside the customer of whom its process died."""

    def booked_after(self, deaths):
        """Book for three customers after so many deaths at the first; return who was tried."""
        partners = [self.customer(f"Late {number}") for number in range(3)]
        for partner in partners:
            partner.dunning_regime = "b2b"
            self.late("2026-03-31", 1000, partner=partner)
        Penalty = self.env["account.dunning.penalty"].sudo()
        Penalty._compute(self.company, day(TODAY))
        first = Penalty.search([("partner_id", "=", partners[0].id)])
        key = f"account.dunning.penalty,{first.id}"
        run = {"kind": "penalties", "state": "running", "backend": "1@0.5", "trying": [key]}
        self.env["account.dunning.run"].sudo().create({**run, "deaths": {key: deaths - 1}})
        tried = []
        book = type(Penalty)._try_to_book

        def spy(penalties, until):
            tried.extend(penalties.partner_id)
            return book(penalties, until)

        with patch.object(type(Penalty), "_try_to_book", spy):
            self.run_cron("penalties")
        run = self.env["account.dunning.run"].sudo().search([("kind", "=", "penalties")], limit=1)
        known = run.failure_ids.filtered(lambda failure: failure.res_model == "res.company")
        self.assertFalse(known.mapped("reason"))
        return partners, tried, run.failure_ids

    def test_the_customer_of_whom_a_process_died_is_booked_last(self):
        partners, tried, _failures = self.booked_after(1)
        self.assertEqual(tried, [partners[1], partners[2], partners[0]])

    def test_the_customer_of_whom_it_died_twice_is_left_with_the_reason(self):
        partners, tried, failures = self.booked_after(2)
        self.assertEqual(tried, partners[1:])
        self.assertEqual(failures.partner_id, partners[0])
        self.assertTrue(failures.reason)


@tagged("post_install", "-at_install")
class TestCompanies(DunningCommon):
    """One company fails in each scheduled action; the others are done, and it is noted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["account.dunning.run"].sudo()
        cls.broken = cls.env["res.company"].create({"name": "Broken", "sequence": -1})
        cls.broken.write({"dunning_active": True, "dunning_book_penalties": True})

    def check(self, cron, kind, model, method, position=0):
        """Let a method fail for the first company, and see that the other one is worked for."""
        done = []

        def call(_records, *args, **_kwargs):
            if args[position] == self.broken:
                raise self.error
            done.append(args[position])
            return self.answer

        with patch.object(type(self.env[model]), method, call), mute_logger(RUN_LOG):
            self.run_cron(cron)
        self.assertIn(self.company, done)
        run = self.Run.search([("kind", "=", kind)], limit=1)
        self.assertEqual(run.failure_ids.mapped("company_id"), self.broken)
        self.assertEqual(run.state, "done")
        return run

    def test_one_company_s_failure_leaves_the_others_done(self):
        both = self.broken | self.company
        counts = {"created": 0, "refreshed": 0, "cancelled": 0}
        entries = {"entries": self.env["account.move"], "failed": 0, "in_time": True}
        companies = type(self.env["res.company"])
        cases = (
            ("prepare", "prepare", "account.dunning.notice.draft", "_follow_plan", counts),
            ("penalties", "penalties", "account.dunning.penalty", "_run", entries),
            ("agreements", "promises", "account.dunning.promise", "_review", None),
            ("sleeping", "holds", "account.dunning.hold", "_review_sleeping", None),
            ("calls", "calls", "account.dunning.call", "_refresh", None),
        )
        for error in (UserError("no journal"), ValueError("broken data"), KeyError("x")):
            self.error = error
            for cron, kind, model, method, answer in cases:
                self.answer = answer
                with (
                    self.subTest(kind, error=type(error).__name__),
                    patch.object(companies, "_get_dunning_creditors", lambda *_args: both),
                    patch.object(companies, "_get_dunning_call_creditors", lambda *_args: both),
                    patch.object(
                        type(self.env["account.dunning.promise"]),
                        "_get_agreement_creditors",
                        lambda *_args: both,
                    ),
                ):
                    self.check(cron, kind, model, method)

    def test_a_run_in_which_every_company_failed_says_so(self):
        with (
            patch.object(
                type(self.env["account.dunning.notice.draft"]),
                "_follow_plan",
                side_effect=UserError("nothing works"),
            ),
            mute_logger(RUN_LOG),
        ):
            self.run_cron("prepare")
        self.assertEqual(self.Run.search([("kind", "=", "prepare")], limit=1).state, "failed")


@tagged("post_install", "-at_install")
class TestProviderFailures(ProviderCommon):
    """What a provider took stays taken."""

    def answer(self, number):
        """Let the provider take letters and give each this number."""
        self.taken = []

        def send(_provider, letter):
            self.taken.append(letter)
            return Posting(f"order-{letter.id}", number)

        return patch.object(self.registry[FakeProvider._name], "_send", send)

    def test_the_reference_is_kept_whatever_the_number_is_worth(self):
        other = self.printed(self.debtor("Other"))
        other.number = NUMBERS[1]
        for number in ("not a number!", NUMBERS[1], "é" * 13):
            with self.subTest(number):
                letter = self.printed(self.debtor("Debtor"))
                with self.answer(number):
                    letter.with_user(self.clerk).action_send_by_provider()
                self.assertEqual(letter.provider_ref, f"order-{letter.id}")
                self.assertEqual(letter.state, "posted")
                self.assertFalse(letter.number)
                self.assertIn(letter.provider_ref, letter.provider_problem)

    def test_a_letter_that_was_taken_is_not_given_a_second_time(self):
        letter = self.printed()
        letter.sudo().provider_ref = "taken before the process died"
        with self.answer(NUMBERS[0]):
            letter.with_user(self.clerk).action_send_by_provider()
        self.assertFalse(self.taken)
        self.assertEqual(letter.state, "posted")

    def test_what_was_taken_is_committed_letter_by_letter(self):
        letters = self.printed() | self.printed(self.debtor("Second"))
        commits = []
        commit = lambda letter: commits.append((letter, letter.provider_ref))  # noqa: E731
        with self.answer(""), patch.object(type(letters), "_commit_letter", commit):
            letters.with_user(self.clerk).action_send_by_provider()
        self.assertEqual([letter for letter, _ref in commits[::2]], list(letters))
        self.assertTrue(all(reference for _letter, reference in commits))

    def test_a_failure_after_the_letter_was_taken_keeps_its_reference(self):
        letter = self.printed()
        with (
            self.answer(NUMBERS[0]),
            patch.object(type(letter), "_take_number", side_effect=ValidationError("no")),
        ):
            letter.with_user(self.clerk).action_send_by_provider()
        self.assertEqual(letter.provider_ref, f"order-{letter.id}")
