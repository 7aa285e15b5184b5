"""Each scheduled action, and long work started by hand, leaves a record of what became of it."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import DunningCommon

QUEUE = "odoo.addons.account_dunning_fr.models.common.account_dunning_run"
SENDING = "odoo.addons.account_dunning_fr.models.notice.account_dunning_notice_sending"


@tagged("post_install", "-at_install")
class TestRuns(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["account.dunning.run"].sudo()
        cls.reader = cls.new_user("reader", "account.group_account_readonly")
        cls.sender = cls.new_user("sender", "account_dunning_fr.group_dunning_user")
        cls.manager = cls.new_user("manager", "account_dunning_fr.group_dunning_manager")
        cls.other_company = cls.env["res.company"].create({"name": "Other company"})
        cls.stranger = cls.new_user(
            "stranger", "account_dunning_fr.group_dunning_manager", company=cls.other_company
        )

    def late_customers(self, count, **values):
        customers = [self.customer(f"Late {number}", **values) for number in range(count)]
        self.invoices(*((partner, 10, 100) for partner in customers))
        return customers

    def last(self, kind):
        return self.Run.search([("kind", "=", kind)], limit=1)

    def figures(self, run):
        return run.total, run.done, run.failed, run.left

    def at_once(self, count):
        """Leave more than so many to the scheduler."""
        is_long = type(self.Run)._is_long

        def is_more(runs, number, at_once):
            return is_long(runs, number, count)

        return patch.object(type(self.Run), "_is_long", is_more)

    def chosen(self, count):
        customers = self.late_customers(count)
        self.prepare()
        notices = self.Notice.search([("partner_id", "in", [c.id for c in customers])], order="id")
        self.assertEqual(len(notices), count)
        return notices

    # -- Scheduled actions -------------------------------------------------------------------------

    def test_a_scheduled_run_says_what_it_did_for_how_long_and_for_whom(self):
        self.late_customers(3)
        self.run_day()
        prepared, sent = self.last("prepare"), self.last("send")
        self.assertEqual(prepared.counts, {"created": 3, "refreshed": 0, "cancelled": 0})
        self.assertIn("3", prepared.summary)
        self.assertEqual((sent.state, self.figures(sent)), ("done", (3, 3, 0, 0)))
        self.assertEqual((sent.progress, sent.user_id), (100, self.env.ref("base.user_root")))
        self.assertTrue(sent.started_on and sent.ended_on)

    def test_what_failed_is_listed_with_its_reason_and_its_record(self):
        good, bad = self.late_customers(2)
        self.run_cron("prepare")
        bad.email = False
        self.run_cron("send")
        run = self.last("send")
        self.assertEqual(self.figures(run), (2, 1, 1, 0))
        failure = run.failure_ids
        self.assertEqual((failure.partner_id, failure.company_id), (bad, self.company))
        self.assertIn(bad.name, failure.reason)
        action = failure.with_user(self.reader).action_open()
        self.assertEqual(action["res_model"], "account.dunning.notice")
        self.assertEqual(self.Notice.browse(action["res_id"]).partner_id, bad)
        self.assertEqual(self.Notice.search([("partner_id", "=", good.id)]).state, "sent")

    def test_old_bank_statements_are_told_as_the_failure_of_the_company(self):
        self.late_customers(1)
        self.run_cron("prepare")
        stale = self.bank
        with patch.object(
            type(self.company), "_get_dunning_stale_bank_journals", lambda _company, _today: stale
        ):
            self.run_cron("send")
        failure = self.last("send").failure_ids
        self.assertEqual((failure.res_model, failure.res_id), ("res.company", self.company.id))
        self.assertIn(stale.name, failure.reason)

    def test_every_scheduled_action_leaves_its_record(self):
        crons = self.env["ir.cron"].search([("name", "like", "Dunning:")])
        queue = self.env.ref("account_dunning_fr.ir_cron_queue")
        self.assertGreater(len(crons - queue), 10)
        with self.enter_registry_test_mode():
            for cron in crons - queue:
                before = self.Run.search_count([])
                cron.method_direct_trigger()
                with self.subTest(cron=cron.name):
                    self.assertEqual(self.Run.search_count([]), before + 1)

    @mute_logger("odoo.addons.base.models.ir_cron", SENDING)
    def test_a_run_that_breaks_says_why_and_keeps_no_technical_text(self):
        cases = {
            UserError("The journal is missing."): "The journal is missing.",
            ValueError("secret detail"): "your administrator finds it in the log",
        }
        for error, reason in cases.items():
            with (
                self.subTest(reason=reason),
                patch.object(
                    type(self.env["account.dunning.notice.draft"]),
                    "_follow_plan",
                    side_effect=error,
                ),
            ):
                self.run_cron("prepare")
            run = self.last("prepare")
            self.assertEqual(run.state, "failed")
            self.assertIn(reason, " ".join([run.error, *run.failure_ids.mapped("reason")]))

    def test_why_a_run_of_all_the_companies_stopped_is_told_to_its_own_company_only(self):
        error = UserError("Peculiar Debtor has no account.")
        with patch.object(
            type(self.env["account.dunning.notice.draft"]), "_follow_plan", side_effect=error
        ):
            self.run_cron("prepare")
        run = self.last("prepare")
        ours, theirs = run.with_user(self.reader), run.with_user(self.stranger)
        for record in (ours, theirs):
            self.assertNotIn("Peculiar", record.error)
            self.assertIn("one of the companies", record.error)
        self.assertEqual(ours.failure_ids.mapped("reason"), ["Peculiar Debtor has no account."])
        failures = self.env["account.dunning.run.failure"].with_user(self.stranger)
        self.assertFalse(failures.search([("run_id", "=", run.id)]))

    def test_a_run_that_ran_out_of_time_is_continued_in_the_same_record(self):
        self.late_customers(3)
        self.run_cron("prepare")
        spent = iter([60, 0])
        commit = type(self.env["ir.cron"])._commit_progress

        def hurry(cron, processed=0, **kwargs):
            left = commit(cron, processed, **kwargs)
            return next(spent, left) if processed else left

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", hurry):
            self.run_cron("send")
        runs = self.Run.search([("kind", "=", "send")])
        self.assertEqual(len(runs), 1)
        self.assertEqual((runs.state, self.figures(runs)), ("done", (3, 3, 0, 0)))

    def test_a_run_whose_process_was_killed_shows_as_interrupted(self):
        killed = self.Run.create({"kind": "send", "backend": "1@0.5"})
        living = self.Run.create({"kind": "send"})
        living._take()
        self.assertEqual((killed.status, living.status), ("interrupted", "running"))
        found = self.Run.search([("status", "=", "interrupted")])
        self.assertIn(killed, found)
        self.assertNotIn(living, found)
        self.assertIn(living, self.Run.search([("status", "=", "running")]))
        self.Run._gc_runs()
        self.assertEqual((killed.state, living.state), ("interrupted", "running"))

    def test_old_records_are_removed_after_the_days_of_the_settings(self):
        old, young = self.Run.create([{"kind": "send", "state": "done"}] * 2)
        unfinished = self.Run.create({"kind": "send_chosen", "state": "waiting"})
        self.env["ir.config_parameter"].set_param("account_dunning_fr.run_days", "30")
        self.env.flush_all()
        for run, days in ((old, 31), (young, 29), (unfinished, 400)):
            moment = fields.Datetime.subtract(fields.Datetime.now(), days=days)
            self.env.cr.execute(
                "UPDATE account_dunning_run SET create_date = %s WHERE id = %s", (moment, run.id)
            )
        for odd in ("999999999", "-1", "many", "30"):  # a setting that is no number of days is none
            self.env["ir.config_parameter"].set_param("account_dunning_fr.run_days", odd)
            self.Run._gc_runs()
        self.assertEqual((old | young | unfinished).exists(), young | unfinished)

    # -- Rights ------------------------------------------------------------------------------------

    def test_another_company_sees_no_failure_nor_the_work_of_ours(self):
        bad = self.late_customers(1)[0]
        self.run_cron("prepare")
        bad.email = False
        self.run_cron("send")
        failure = self.last("send").failure_ids
        with self.assertRaises(AccessError):
            failure.with_user(self.stranger).read(["reason"])
        with self.assertRaises(AccessError):
            failure.with_user(self.stranger).action_open()
        ours = self.Run.create({"kind": "send_chosen", "company_id": self.company.id})
        self.assertFalse(self.Run.with_user(self.stranger).search([("id", "=", ours.id)]))
        self.assertTrue(self.Run.with_user(self.reader).search([("id", "=", ours.id)]))

    # -- Long work started by hand -----------------------------------------------------------------

    def test_few_messages_are_sent_at_once_and_many_are_left_to_the_scheduler(self):
        notices = self.chosen(3)
        with self.at_once(3):
            self.assertIsNone(notices[:1].with_user(self.sender).action_send())
        self.assertEqual(notices[:1].state, "sent")
        others = notices[1:]
        with self.at_once(1):
            action = others.with_user(self.sender).action_send()
        run = self.Run.browse(action["res_id"])
        self.assertEqual((run.status, self.figures(run)), ("waiting", (2, 0, 0, 2)))
        self.assertEqual(set(others.mapped("state")), {"ready"})
        self.run_cron("queue")
        self.assertEqual((run.status, self.figures(run)), ("done", (2, 2, 0, 0)))
        self.assertEqual(set(others.mapped("state")), {"sent"})
        self.assertEqual(others.sent_by, self.sender)

    def test_one_message_that_cannot_leave_does_not_hold_the_others(self):
        notices = self.chosen(3)
        notices[1].partner_id.email = False
        with self.at_once(1):
            action = notices.with_user(self.sender).action_send()
        self.run_cron("queue")
        run = self.Run.browse(action["res_id"])
        self.assertEqual(self.figures(run), (3, 2, 1, 0))
        self.assertEqual(run.failure_ids.partner_id, notices[1].partner_id)
        self.assertEqual(notices.mapped("state"), ["sent", "ready", "sent"])

    def test_work_that_was_killed_goes_on_where_it_stopped(self):
        notices = self.chosen(3)
        with self.at_once(1):
            run = self.Run.browse(notices.with_user(self.sender).action_send()["res_id"])
        notices[0].with_user(self.sender).action_send()
        run.write({"state": "running", "backend": "1@0.5", "position": 1, "processed": 1})
        self.run_cron("queue")
        self.assertEqual((run.state, self.figures(run)), ("done", (3, 3, 0, 0)))
        self.assertEqual(set(notices.mapped("state")), {"sent"})

    def test_the_rights_of_the_author_hold_when_the_work_is_done(self):
        notices = self.chosen(2)
        with self.at_once(1):
            run = self.Run.browse(notices.with_user(self.sender).action_send()["res_id"])
        self.sender.group_ids -= self.env.ref("account_dunning_fr.group_dunning_user")
        self.run_cron("queue")
        self.assertEqual(self.figures(run), (2, 0, 2, 0))
        self.assertIn("not allowed", run.failure_ids[0].reason)
        self.assertNotIn("sent", notices.mapped("state"))

    @mute_logger(QUEUE)
    def test_work_that_breaks_does_not_hold_the_next(self):
        first, second = self.chosen(2)
        with self.at_once(0):
            broken = self.Run.browse(first.with_user(self.sender).action_send()["res_id"])
            sound = self.Run.browse(second.with_user(self.sender).action_send()["res_id"])
        broken.queue = {"batches": "nonsense", "lang": None}
        broken.kind = "rates"
        self.run_cron("queue")
        self.assertEqual((broken.status, sound.status), ("failed", "done"))
        self.assertEqual((first.state, second.state), ("ready", "sent"))

    def test_waiting_work_is_stopped_by_its_author_or_a_manager_only(self):
        notices = self.chosen(2)
        with self.at_once(1):
            run = self.Run.browse(notices.with_user(self.sender).action_send()["res_id"])
        with self.assert_refused(UserError, "who started it"):
            run.with_user(self.reader).action_cancel()
        run.with_user(self.manager).action_cancel()
        self.run_cron("queue")
        self.assertEqual((run.status, run.processed), ("interrupted", 0))
        self.assertNotIn("sent", notices.mapped("state"))

    def test_many_letters_are_printed_in_batches_and_found_again_as_one_file(self):
        notices = self.chosen(3)
        notices.sudo().write({"send_email": False, "send_letter": True})
        letters = (
            self.env["account.dunning.letters"]
            .with_user(self.sender)
            .create({"notice_ids": notices.ids, "with_list": False})
        )
        with (
            self.at_once(1),
            patch(
                "odoo.addons.account_dunning_fr.wizards.notice.account_dunning_letters.PRINTED_TOGETHER",
                2,
            ),
        ):
            run = self.Run.browse(letters.action_print()["res_id"])
        self.assertEqual([len(batch) for batch in run.queue["batches"]], [2, 1])
        with patch.object(type(self.Notice), "_merge_pdfs", lambda *_args: b"%PDF-1.4 merged"):
            self.run_cron("queue")
        self.assertEqual((run.state, self.figures(run)), ("done", (3, 3, 0, 0)))
        self.assertEqual(run.result_id.with_user(self.sender).raw, b"%PDF-1.4 merged")
        self.assertTrue(all(notices.mapped("letter_id")))
