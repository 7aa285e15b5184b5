"""What no person starts happens on the day of the creditor, not on that of the job's user."""

import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.modules.module import get_module_path
from odoo.tests import tagged

from ..case_common import CaseCommon
from ..dunning_common import day

ISLAND = "America/Martinique"
LATE = "2026-06-01 03:30:00"  # half past eleven in the evening there; the next day in Paris
THERE = "2026-05-31"
NETWORK = ("bodacc", "register")  # asked only where a creditor wants it, and never from a test
# The rule itself, also asked for other creditors of the database; what is of no creditor.
RULE = ("_get_dunning_day", "_get_dunning_french_today", "_split_dunning_days")
ADDON = get_module_path("account_dunning_fr")


@tagged("post_install", "-at_install")
class TestScheduledDays(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = ISLAND
        cls.env.ref("base.user_root").tz = False

    @contextmanager
    def watched(self):
        """Note where our code asks for the day of another time zone, or gives a to-do its day."""
        real, found = fields.Date.context_today, set()

        def watch(record, timestamp=None):
            code = sys._getframe(1).f_code
            zone = record.env.context.get("tz") or record.env.user.tz
            ours = code.co_filename.startswith(ADDON) and code.co_name not in RULE
            if (ours or code.co_name == "activity_schedule") and zone != ISLAND:
                found.add((Path(code.co_filename).name, code.co_name))
            return real(record, timestamp)

        with patch.object(fields.Date, "context_today", staticmethod(watch)):
            yield found

    def promise(self, move, promised):
        return self.env["account.dunning.promise"].create(
            {
                "partner_id": move.partner_id.id,
                "item_ids": [Command.set(self.items(move).ids)],
                "amount": 50,
                "date_promised": promised,
            }
        )

    def populate(self):
        """Leave each scheduled action something to do."""
        self.company.sudo().write(
            {
                "dunning_book_penalties": True,
                "dunning_risk": True,
                "dunning_retention_active": True,
                "dunning_monthly_user_ids": [Command.set(self.env.user.ids)],
            }
        )
        case = self.ready_case()
        self.hand_case_over(case)
        for late in (3, 10, 25, 60):
            partner = self.customer(f"Late {late}", dunning_regime="b2b")
            self.invoice(partner, late, 500)
        promised = self.customer("Promised")
        self.promise(self.invoice(promised, 20, 100), "2026-06-02")
        self.invoice(self.customer("Excluded"), 200, 100).line_ids.no_followup = True
        instalments = self.customer("Instalments", dunning_regime="b2b")
        plan = self.env["account.dunning.payment.plan"].create(
            {
                "partner_id": instalments.id,
                "item_ids": [Command.set(self.items(self.invoice(instalments, 20, 300)).ids)],
                "first_date": "2026-06-05",
            }
        )
        plan.write({"signed_on": THERE, "signer": "The debtor"})
        plan.action_start()
        warned = self.customer("Warned", dunning_regime="b2b")
        self.history(
            self.formal_notice, "2026-05-01", self.invoice(warned, 60, 900), deadline="2026-05-20"
        )

    def test_no_scheduled_action_asks_for_another_day_than_the_creditors(self):
        self.populate()
        crons = self.env["ir.model.data"].search(
            [
                ("model", "=", "ir.cron"),
                ("module", "=", "account_dunning_fr"),
            ]
        )
        names = {name.removeprefix("ir_cron_") for name in crons.mapped("name")} - {*NETWORK}
        self.assertGreater(len(names), 15)
        for name in sorted(names):
            for at in (LATE, "2026-07-16 03:30:00"):
                with self.subTest(name, at=at), freeze_time(at), self.watched() as found:
                    self.run_cron(name)
                    self.assertFalse(found)

    def test_a_message_is_dated_and_counted_on_the_creditors_day(self):
        partner = self.customer("Late")
        self.invoice(partner, 10, 100)
        with freeze_time(LATE):
            self.run_day()
        notice = self.Notice.search([("partner_id", "=", partner.id)])
        self.assertEqual((notice.state, notice.date), ("sent", day(THERE)))

    def test_an_item_is_not_late_a_day_too_early(self):
        partner = self.customer("Late")
        level = self.policy.level_ids.sorted("days")[0]
        move = self.invoice(partner, level.days - 1, 100)  # due so many days before the 1st of June
        move.invoice_date_due = day(THERE) - timedelta(days=level.days - 1)
        with freeze_time(LATE):
            self.run_cron("prepare")
            self.assertFalse(self.Notice.search([("partner_id", "=", partner.id)]))
        with freeze_time("2026-06-01 04:30:00"):
            self.run_cron("prepare")
            self.assertTrue(self.Notice.search([("partner_id", "=", partner.id)]))

    def test_a_promise_is_kept_until_the_creditors_day_is_over(self):
        self.company.dunning_promise_days = 0
        partner = self.customer("Promised")
        with freeze_time("2026-05-30 08:00:00"):
            promise = self.promise(self.invoice(partner, 20, 100), THERE)
        with freeze_time(LATE):
            self.run_cron("agreements")
        self.assertEqual(promise.state, "running")
        with freeze_time("2026-06-01 04:30:00"):
            self.run_cron("agreements")
        self.assertEqual((promise.state, promise.closed_on), ("broken", day("2026-06-01")))

    def test_a_formal_notice_expires_after_the_creditors_day(self):
        move = self.invoice(self.customer("Warned"), 60, 900)
        notice = self.history(self.formal_notice, "2026-05-01", move, deadline=THERE)
        with freeze_time(LATE):
            self.run_cron("expire")
        self.assertFalse(notice.expired_on)
        with freeze_time("2026-06-01 04:30:00"):
            self.run_cron("expire")
        self.assertEqual(notice.expired_on, day("2026-06-01"))
