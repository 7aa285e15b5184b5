"""A plan is signed, announced, kept or missed; dunning goes on where it was."""

import re
from base64 import b64encode
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..dunning_common import TODAY, DunningCommon, day


@tagged("post_install", "-at_install")
class TestPaymentPlans(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.partner = cls.customer(dunning_lang="en_US", dunning_regime="b2b")
        cls.old = cls.invoice(cls.partner, 40, 100)
        cls.young = cls.invoice(cls.partner, 10, 200)
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.reader = cls.new_user("reader", "account.group_account_readonly")

    def plan_of(self, **values):
        return (
            self.env["account.dunning.payment.plan"]
            .with_user(self.biller)
            .create({"partner_id": self.partner.id, "first_date": "2026-06-10", **values})
        )

    def running(self, **values):
        plan = self.plan_of(**values)
        plan.write({"signed_on": TODAY, "signer": "The manager"})
        plan.action_start()
        return plan

    def follow(self, on):
        with self.on(on):
            self.run_cron("plans")

    def states(self, plan, on):
        with self.on(on):
            plan.line_ids.invalidate_recordset(["state", "received"])
            return plan.line_ids.mapped("state")

    # -- Before it is signed -----------------------------------------------------------------------

    def test_it_proposes_what_is_overdue_in_three_equal_instalments(self):
        self.invoice(self.partner, -20, 70)
        plan = self.plan_of()
        self.assertEqual(plan.item_ids, self.items(self.old, self.young))
        self.assertEqual((plan.amount, plan.state), (300, "draft"))
        self.assertEqual(plan.line_ids.mapped("amount"), [100, 100, 100])
        dates = [day("2026-06-10"), day("2026-07-10"), day("2026-08-10")]
        self.assertEqual(plan.line_ids.mapped("date"), dates)
        self.assertRegex(plan.name, r"^ECH/2026/\d{4}$")

    def test_a_first_payment_and_the_rounding(self):
        plan = self.plan_of(first_amount=100.01, count=4)
        self.assertEqual(plan.line_ids.mapped("amount"), [100.01, 66.66, 66.66, 66.67])

    def test_a_plan_that_makes_no_sense_is_refused(self):
        with self.assert_refused(UserError, "cannot be cut"):
            self.plan_of(first_amount=300)
        with self.assert_refused(ValidationError, "unpaid items"):
            self.plan_of(partner_id=self.customer("Rich").id)

    def test_until_it_is_signed_dunning_goes_on(self):
        plan = self.plan_of()
        self.assertEqual(self.row(self.old).reason, "claimed")
        with self.assert_refused(UserError, "who signed"):
            plan.action_start()
        plan.write({"signed_on": "2026-06-02", "signer": "The manager"})
        with self.assert_refused(UserError, "a day to come"):
            plan.action_start()

    def test_free_instalments_must_add_up(self):
        plan = self.plan_of()
        plan.line_ids[0].amount = 90
        plan.write({"signed_on": TODAY, "signer": "The manager"})
        with self.assert_refused(UserError, "add up to"):
            plan.action_start()
        plan.line_ids[2].amount = 110
        plan.action_start()
        self.assertEqual(plan.state, "running")

    def test_a_payment_before_the_signature_asks_to_compute_again(self):
        plan = self.plan_of()
        self.pay(self.old)
        plan.write({"signed_on": TODAY, "signer": "The manager"})
        with self.assert_refused(UserError, "add up to"):
            plan.action_start()
        plan.action_compute()
        self.assertEqual((plan.amount, sum(plan.line_ids.mapped("amount"))), (200, 200))

    def test_the_agreement_says_what_it_must(self):
        plan = self.plan_of()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("account_dunning_fr.report_payment_plan", plan.ids)[0]
            .decode()
        )
        for text in (
            plan.name, "Acknowledgement of debt", "300.00", self.old.name, self.young.name,
            "10 Jul 2026", "Loss of the term", "No novation", "go on running", "on a mere notice",
            "For the debtor", "552\N{NO-BREAK SPACE}100\N{NO-BREAK SPACE}554",
        ):  # fmt: skip
            self.assertIn(text, html)
        plan.penalties = "suspended"
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("account_dunning_fr.report_payment_plan", plan.ids)[0]
            .decode()
        )
        self.assertIn("suspends late-payment penalties", html)
        self.assertNotIn("go on running", html)

    # -- While it runs -----------------------------------------------------------------------------

    def test_signed_it_holds_its_items_and_leaves_the_others(self):
        other = self.invoice(self.partner, 5, 50)
        plan = self.running(item_ids=[Command.set(self.items(self.old, self.young).ids)])
        self.assert_stopped(self.old, "hold")
        self.assertIn(plan.name, self.old.dunning_reason)
        self.assertEqual(self.row(other).reason, "claimed")
        with self.assert_refused(RedirectWarning, plan.name):
            plan._get_holds()[0].with_user(self.biller).action_release()

    def test_what_was_signed_is_kept_as_it_was(self):
        plan = self.running()
        for change in ({"item_ids": [Command.clear()]}, {"penalties": "running"}):
            with self.assert_refused(AccessError, "not written by hand"):
                plan.write(change)
        with self.assert_refused(AccessError, "not written by hand"):
            plan.line_ids[0].amount = 1
        with self.assert_refused(UserError, "evidence"):
            plan.sudo().unlink()

    def test_the_signed_file_is_kept_with_it(self):
        plan = self.plan_of()
        plan.write({"signed_file": b64encode(b"%PDF scan"), "signed_name": "signed.pdf"})
        self.assertEqual((plan.signed_id.raw, plan.signed_id.name), (b"%PDF scan", "signed.pdf"))
        self.assertEqual(plan.signed_id.res_id, plan.id)

    def test_an_item_is_in_one_running_plan_only(self):
        first = self.running()
        second = self.plan_of()
        second.write({"signed_on": TODAY, "signer": "The manager"})
        with self.assert_refused(UserError, first.name):
            second.action_start()

    def test_each_instalment_is_announced_once(self):
        plan = self.running()
        mails = self.env["mail.mail"].sudo()
        mine = [("model", "=", plan._name), ("res_id", "=", plan.id)]
        self.follow("2026-06-06")
        self.assertFalse(mails.search(mine))
        self.follow("2026-06-07")
        self.follow("2026-06-08")
        mail = mails.search(mine)
        self.assertEqual(len(mail), 1)
        self.assertIn("10 Jun 2026", mail.body_html)
        self.assertIn("100.00", mail.body_html)
        self.assertEqual(mail.recipient_ids, self.partner)
        self.assertEqual(plan.line_ids[0].reminded_on, day("2026-06-07"))

    def test_an_instalment_paid_before_is_not_announced(self):
        plan = self.running()
        with self.on("2026-06-05"):
            self.payment(self.partner, 100)
        self.follow("2026-06-08")
        self.assertFalse(plan.line_ids[0].reminded_on)

    # -- Kept --------------------------------------------------------------------------------------

    def test_the_payments_keep_the_instalments_in_their_order(self):
        plan = self.running()
        with self.on("2026-06-10"):
            self.pay(self.old)  # 100
            self.statement(self.partner, 30, on="2026-06-10")
        self.assertEqual(self.states(plan, "2026-06-11"), ["kept", "waiting", "waiting"])
        self.assertEqual(plan.line_ids.mapped("received"), [100, 30, 0])
        self.assertEqual((plan.amount_received, plan.amount_left), (130, 170))
        self.assertEqual(plan.next_date, day("2026-07-10"))

    def test_a_night_on_which_nothing_happens_costs_as_much_for_many_plans_as_for_one(self):
        plans = self.running(item_ids=[Command.set(self.items(self.old).ids)])
        self.run_cron("plans")  # what stays in memory is known from then on

        alone = self.count_queries(self.run_cron, "plans")
        for number in range(4):
            partner = self.customer(f"Other {number}", dunning_lang="en_US", dunning_regime="b2b")
            items = self.items(self.invoice(partner, 20, 100))
            plans |= self.running(partner_id=partner.id, item_ids=[Command.set(items.ids)])
        among_others = self.count_queries(self.run_cron, "plans")
        self.assertEqual(set(plans.mapped("state")), {"running"})
        self.assertLessEqual(among_others, alone)

    def test_a_plan_that_cannot_be_judged_fails_alone(self):
        broken = self.running(item_ids=[Command.set(self.items(self.old).ids)])
        partner = self.customer("Other", dunning_lang="en_US", dunning_regime="b2b")
        items = self.items(self.invoice(partner, 20, 100))
        late = self.running(partner_id=partner.id, item_ids=[Command.set(items.ids)])
        judge = type(broken)._judge

        def fail(plans, today):
            if broken in plans:
                raise ValueError("Cannot be judged")
            return judge(plans, today)

        with (
            patch.object(type(broken), "_judge", fail),
            mute_logger("odoo.addons.account_dunning_fr.models.common.account_dunning_run"),
        ):
            self.follow("2026-06-20")
        self.assertEqual((broken.state, late.state), ("running", "broken"))
        failure = self.env["account.dunning.run.failure"].search([], limit=1)
        self.assertEqual((failure.res_model, failure.res_id), (broken._name, broken.id))

    def test_the_entries_of_the_invoices_never_change(self):
        def entries():
            return (self.old | self.young).line_ids.read(["date_maturity", "balance", "account_id"])

        before = entries()
        self.running()
        self.follow("2026-06-14")
        self.assertEqual(entries(), before)

    def test_kept_in_full_it_ends_and_gives_up_the_penalties(self):
        plan = self.running(penalties="suspended")
        with self.on("2026-07-01"):
            self.pay(self.old)
            self.pay(self.young)
        self.follow("2026-07-02")
        self.assertEqual((plan.state, plan.closed_on), ("kept", day("2026-07-02")))
        self.assertFalse(plan._get_holds())
        penalties = self.env["account.dunning.penalty"].search(
            [("move_line_id", "in", plan.item_ids.ids)]
        )
        self.assertEqual(len(penalties), 2)
        for penalty in penalties:
            self.assertIn(plan.name, penalty.waive_reason)
            self.assertEqual(penalty.waived_interest, penalty.interest)

    def test_kept_by_money_on_account_that_is_cancelled_since_a_person_is_asked(self):
        plan = self.running()
        with self.on("2026-06-10"):
            payment = self.payment(self.partner, 300)
        self.follow("2026-06-10")
        self.assertEqual(plan.state, "kept")
        with self.on("2026-06-20"):
            payment.action_cancel()
        self.assertEqual(plan.state, "kept")
        self.assertIn("was cancelled", plan.activity_ids[0].summary)

    def test_a_message_that_waits_is_cancelled_as_the_plan_starts(self):
        notice = self.draft(self.partner)
        self.running()
        self.cr.precommit.run()
        self.assertEqual((notice.state, notice.cancel_reason), ("cancelled", "On hold"))

    def test_kept_by_a_payment_that_is_cancelled_since_a_person_is_asked(self):
        plan = self.running(penalties="suspended")
        with self.on("2026-07-01"):
            self.pay(self.old)
            self.pay(self.young)
        self.follow("2026-07-02")
        self.assertFalse(plan.activity_ids)
        receipts = plan.item_ids.matched_credit_ids.credit_move_id.move_id
        with self.on("2026-07-10"):
            receipts.origin_payment_id.action_cancel()
        self.assertEqual(plan.state, "kept")
        self.assertEqual(plan.activity_ids.mapped("user_id"), plan.user_id)
        self.assertEqual(len(plan.activity_ids), 1, "two payments, one question")
        self.assertIn("was cancelled", plan.activity_ids[0].summary)

    def test_where_they_go_on_running_nothing_is_given_up(self):
        self.running()
        with self.on("2026-07-01"):
            self.pay(self.old)
            self.pay(self.young)
        self.follow("2026-07-02")
        self.assertFalse(
            self.env["account.dunning.penalty"].search([("waive_reason", "!=", False)])
        )

    def test_while_they_are_suspended_none_is_booked(self):
        items = self.items(self.old, self.young)
        self.history(self.formal_notice, "2026-05-20", self.old, self.young)
        penalties = self.env["account.dunning.penalty"]
        self.assertEqual(penalties._get_items(self.company), items)
        plan = self.running(penalties="suspended")
        self.assertFalse(penalties._get_items(self.company))
        plan.action_cancel()
        self.assertEqual(penalties._get_items(self.company), items)

    # -- Missed ------------------------------------------------------------------------------------

    def test_a_missed_instalment_ends_it_after_the_tolerance_with_its_own_notice(self):
        plan = self.running()
        self.follow("2026-06-13")
        self.assertEqual(plan.state, "running")
        self.follow("2026-06-14")
        self.assertEqual((plan.state, plan.closed_on), ("broken", day("2026-06-14")))
        self.assertIn("was not paid", plan.close_reason)
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search(
                [
                    ("model", "=", plan._name),
                    ("res_id", "=", plan.id),
                    ("subject", "like", "end of"),
                ]
            )
        )
        self.assertIn("300.00", mail.body_html)
        self.assertEqual(plan.activity_ids.user_id, self.biller)
        self.assertIn(plan.name, self.old.message_ids[0].body)
        self.follow("2026-06-15")
        self.assertEqual(len(plan.activity_ids), 1)

    def test_dunning_resumes_at_the_level_where_each_item_was(self):
        self.history(self.first, "2026-04-27", self.old, deadline="2026-05-05")
        self.history(self.firm, "2026-05-10", self.old, deadline="2026-05-20")
        plan = self.running()
        with self.on("2026-06-14"):
            self.prepare()  # judges the plans as well
            self.assertEqual(plan.state, "broken")
            old, young = self.row(self.old), self.row(self.young)
            self.assertEqual(old.level_id, self.firm.id)
            self.assertEqual(old.next_level_id, self.registered.id)
            self.assertFalse(young.level_id)
            self.assertEqual(young.next_level_id, self.first.id)
            self.assertFalse(old.stop or young.stop)

    def test_a_later_instalment_missed_breaks_it_too(self):
        plan = self.running()
        with self.on("2026-06-09"):
            self.payment(self.partner, 98)  # within the tolerance
        self.follow("2026-07-13")
        self.assertEqual(plan.state, "running")
        self.follow("2026-07-14")
        self.assertEqual(plan.state, "broken")
        self.assertEqual(self.states(plan, "2026-07-20"), ["kept", "missed", "waiting"])

    def test_a_customer_without_address_is_told_by_a_person(self):
        plan = self.running()
        self.partner.email = False
        self.follow("2026-06-14")
        self.assertEqual(plan.state, "broken")
        self.assertIn("No e-mail reaches", plan.activity_ids.note)

    # -- By regime ---------------------------------------------------------------------------------

    def consumer(self, **values):
        self.partner.sudo().dunning_regime = "b2c"
        return self.running(**values)

    def test_what_a_plan_proposes_follows_the_regime(self):
        for regime, proposed in (("b2b", "running"), ("b2g", "running"), ("b2c", "none")):
            self.partner.sudo().dunning_regime = regime
            self.assertEqual(self.plan_of().penalties, proposed)
        self.partner.sudo().dunning_regime = False
        self.assertEqual(self.plan_of().penalties, "none")

    def test_a_waiver_of_interest_is_refused_to_a_public_body(self):
        self.partner.sudo().dunning_regime = "b2g"
        with self.assert_refused(ValidationError, "CCP L. 2192-14"):
            self.plan_of(penalties="suspended")
        with self.assert_refused(ValidationError, "CCP L. 2192-14"):
            self.plan_of(penalties="none")

    def test_nothing_is_added_to_the_instalments_of_a_consumer(self):
        self.partner.sudo().dunning_regime = "b2c"
        for penalties in ("running", "suspended"):
            with self.assert_refused(ValidationError, "C. civ. 1231-6"):
                self.plan_of(penalties=penalties)

    def test_what_was_signed_keeps_its_regime(self):
        plan = self.running()
        self.partner.sudo().dunning_regime = "b2c"
        self.assertEqual((plan.regime, plan.penalties), ("b2b", "running"))
        draft = self.plan_of()
        self.assertEqual((draft.regime, draft.penalties), ("b2c", "none"))

    def test_a_consumer_has_a_reasonable_time_before_his_plan_ends(self):
        plan = self.consumer()
        self.follow("2026-06-14")
        self.assertEqual((plan.state, plan.warned_on), ("running", day("2026-06-14")))
        # Thirty days end on 14 July, a public holiday.
        self.assertEqual(plan.grace_until, day("2026-07-15"))
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", plan._name), ("subject", "like", "instalment not received")])
        )
        self.assertEqual(len(mail), 1)
        for text in ("until", "15", "FR7630006000011234567890189", plan.name):
            self.assertIn(
                text, mail.body_html.replace(" ", "") if text[:2] == "FR" else mail.body_html
            )
        self.assertNotIn("payable at once", mail.body_html)
        self.follow("2026-06-20")
        self.follow("2026-07-15")
        self.assertEqual((plan.state, len(plan.activity_ids)), ("running", 1))
        self.follow("2026-07-16")
        self.assertEqual((plan.state, plan.closed_on), ("broken", day("2026-07-16")))

    def test_paid_within_that_time_the_plan_goes_on_and_the_next_miss_has_its_own(self):
        plan = self.consumer()
        self.follow("2026-06-14")
        with self.on("2026-06-30"):
            self.payment(self.partner, 100)
        self.follow("2026-07-01")
        self.assertFalse(plan.warned_on or plan.grace_until or plan.warned_line_id)
        self.follow("2026-07-14")
        self.assertEqual((plan.state, plan.warned_line_id), ("running", plan.line_ids[1]))
        self.assertEqual(plan.grace_until, day("2026-08-13"))

    def test_an_address_that_takes_no_message_starts_no_time(self):
        for fault in ("returned", "refused"):
            with self.subTest(fault):
                plan = self.consumer()
                if fault == "returned":
                    self.partner.message_bounce = 1
                else:
                    self.partner.message_bounce = 0
                    level = self.new_policy((5, "reminder")).level_ids
                    earlier = self.history(level, "2026-05-20", *plan.item_ids.move_id)
                    earlier.write({"undelivered": True, "refused_to": self.partner.email})
                self.follow("2026-06-14")
                self.assertTrue(plan.warned_line_id)
                self.assertFalse(plan.grace_until)
                plan.sudo().action_cancel()

    def test_without_address_the_time_starts_when_a_person_told_him(self):
        plan = self.consumer()
        self.partner.email = False
        self.follow("2026-06-14")
        self.assertEqual((plan.state, plan.grace_until), ("running", False))
        self.follow("2026-09-01")
        self.assertEqual(plan.state, "running")
        with self.on("2026-09-02"):
            plan.action_told()
            self.assertEqual(plan.grace_until, day("2026-10-02"))
            with self.assert_refused(UserError, "No missed instalment"):
                plan.action_told()
        self.follow("2026-10-03")
        self.assertEqual(plan.state, "broken")

    def test_the_time_left_to_a_consumer_is_a_setting_with_a_floor(self):
        self.company.dunning_plan_grace_days = 45
        plan = self.consumer()
        self.follow("2026-06-14")
        self.assertEqual(plan.grace_until, day("2026-07-29"))
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.company.dunning_plan_grace_days = 8
            self.company.flush_recordset()

    def test_the_instalments_are_shown_before_they_are_saved(self):
        form = Form(self.env["account.dunning.payment.plan"].with_user(self.biller))
        form.partner_id = self.partner
        form.count = 2
        self.assertEqual([line["amount"] for line in form.line_ids._records], [150, 150])
        form.first_amount = 50
        self.assertEqual([line["amount"] for line in form.line_ids._records], [50, 250])

    def test_a_reminder_says_how_to_pay_and_what_will_remain(self):
        self.company.phone = "04 72 00 00 00"
        plan = self.running()
        self.follow("2026-06-08")
        mail = self.env["mail.mail"].sudo().search([("model", "=", plan._name)])
        body = mail.body_html.replace("\N{NO-BREAK SPACE}", " ")
        for text in ("100.00", "200.00", plan.name, "04 72 00 00 00"):
            self.assertIn(text, body)
        self.assertIn("FR7630006000011234567890189", body.replace(" ", ""))

    def test_its_e_mails_write_amounts_as_the_letters_do(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner.dunning_lang = "fr_FR"
        items = self.items(self.invoice(self.partner, 10, 1800))
        plan = self.running(count=1, item_ids=[Command.set(items.ids)]).sudo()
        line = plan.line_ids
        plan.warned_line_id = line
        for name in ("_get_announced_line", "_get_missed_line"):
            self.startPatcher(patch.object(type(plan), name, lambda _plan: line))
        templates = self.env["mail.template"].search([("model", "=", plan._name)])
        self.assertEqual(len(templates), 4)
        for code, written in (
            ("EUR", "1 800,00 €"),
            ("USD", "1 800,00 $ US"),
            ("GBP", "1 800,00 £"),
        ):
            plan.currency_id = self.env.ref(f"base.{code}")
            for template in templates.sudo():
                with self.subTest(code=code, template=template.name):
                    body = template._render_field("body_html", plan.ids, set_lang="fr_FR")[plan.id]
                    text = re.sub(r"\s+", " ", re.sub("<[^>]*>", "", body).replace("&nbsp;", " "))
                    self.assertIn(written, text)

    def test_the_code_that_pays_an_instalment_goes_with_its_reminder(self):
        plan = self.running()
        plan.sudo().currency_id = self.env["res.currency"]._get_dunning_euro()
        self.follow("2026-06-08")
        mail = self.env["mail.mail"].sudo().search([("model", "=", plan._name)])
        (code,) = mail.attachment_ids
        self.assertTrue(code.raw.startswith(b"\x89PNG"))
        self.assertIn(plan._get_file_name(), code.name)

    def test_cancelled_its_items_are_chased_again(self):
        plan = self.running()
        plan.action_cancel()
        self.assertEqual(self.row(self.old).reason, "claimed")
        with self.assert_refused(UserError, "closed already"):
            plan.action_cancel()

    # -- Who ---------------------------------------------------------------------------------------

    def test_from_the_customer_one_gets_the_form(self):
        action = self.partner.with_user(self.biller).action_dunning_payment_plan()
        model = self.env["account.dunning.payment.plan"].with_user(self.biller)
        with Form(model.with_context(**action["context"])) as form:
            self.assertEqual(form.amount, 300)
            form.count = 2
        self.assertEqual(form.record.line_ids.mapped("amount"), [150, 150])
        self.assertEqual(form.record.first_date, day(TODAY) + timedelta(days=8))

    def test_a_reader_starts_nothing(self):
        plan = self.plan_of()
        self.assertEqual(plan.with_user(self.reader).amount, 300)
        with self.assertRaises(AccessError):
            plan.with_user(self.reader).action_cancel()

    def test_it_is_told_in_the_chronology(self):
        plan = self.running()
        self.follow("2026-06-14")
        events = self.env["account.dunning.chronology"]._get_events(self.partner, self.company)
        self.assertEqual(
            [(event.kind, event.on, event.amount) for event in events if event.record == plan],
            [("plan", day(TODAY), 300), ("plan_end", day("2026-06-14"), 0)],
        )
