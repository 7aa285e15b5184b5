"""What arose before the judgment is declared, no longer chased nor charged; the rest goes on."""

from decimal import Decimal

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import DunningCommon, day
from ..penalty_common import PenaltyCommon

JUDGMENT = "2026-05-15"


@tagged("post_install", "-at_install")
class TestInsolvency(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.company.country_id = cls.env.ref("base.fr")
        cls.partner = cls.customer(dunning_regime="b2b", company_registry="732829320")
        cls.old = cls.invoice(cls.partner, "2026-04-15", 1000)  # dated 16 March
        cls.later = cls.invoice(cls.partner, "2026-06-10", 500)  # dated 11 May: to fall due
        cls.after = cls.invoice(cls.partner, "2026-05-25", 70, invoice_date="2026-05-20")
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.reader = cls.new_user("reader", "account.group_account_readonly")

    def proceedings(self, **values):
        return (
            self.env["account.dunning.insolvency"]
            .with_user(self.biller)
            .create({"partner_id": self.partner.id, "date_opening": JUDGMENT, **values})
        )

    def claims(self, record):
        return [
            (claim["item"].move_id, claim["principal"], claim["due"])
            for claim in record._get_claims()
        ]

    def document(self, record):
        report = self.env["ir.actions.report"]
        html, _type = report._render_qweb_html(
            "account_dunning_fr.report_claim_declaration", record.ids
        )
        return html.decode()

    # -- What stops, and what goes on --------------------------------------------------------------

    def test_dunning_stops_for_what_arose_before_and_goes_on_for_the_rest(self):
        self.proceedings()
        self.assert_stopped(self.old, "hold")
        self.assert_stopped(self.later, "hold")
        self.assertEqual(self.row(self.after).reason, "claimed")
        self.assertIn("Insolvency", self.old.dunning_reason)

    def test_penalties_stop_on_the_eve_of_the_judgment(self):
        accrual = self.env["account.dunning.accrual"]
        item = self.items(self.old)
        running = accrual._compute_items(item, day("2026-06-01"))[item.id].interest
        record = self.proceedings()
        stopped = accrual._compute_items(item, day("2026-06-01"))[item.id]
        self.assertEqual(stopped.statement.segments[-1].end, day("2026-05-14"))
        self.assertLess(stopped.interest, running)
        record.date_opening = "2026-05-01"
        again = accrual._compute_items(item, day("2026-06-01"))[item.id]
        self.assertEqual(again.statement.segments[-1].end, day("2026-04-30"))

    def test_what_another_company_recorded_shows_nowhere(self):
        item = self.items(self.old)
        accrual = self.env["account.dunning.accrual"]

        def owed():
            accrued = accrual._compute_items(item, day("2026-06-01"))[item.id]
            return accrued.interest, accrued.indemnity, self.row(self.old).reason

        before = owed()
        stranger = self.setup_other_company(name="Stranger")["company"]
        records = self.env["account.dunning.insolvency"].sudo()
        vals = {"partner_id": self.partner.id, "date_opening": "2026-04-10"}
        records.create({**vals, "company_id": stranger.id})
        self.assertEqual(owed(), before)
        own = self.proceedings()
        accrued = accrual._compute_items(item, day("2026-06-01"))[item.id]
        self.assertEqual(accrued.statement.segments[-1].end, day("2026-05-14"))
        own.action_cancel()
        self.assertEqual(owed(), before)

    def test_a_branch_goes_by_what_its_creditor_recorded(self):
        of_ours = {"parent_id": self.company.id, "country_id": self.company.country_id.id}
        branch, apart = self.env["res.company"].create(
            [
                {"name": "Branch", **of_ours},
                {"name": "Apart", "company_registry": "404833048", **of_ours},
            ]
        )
        self.assertEqual((branch + apart).dunning_creditor_id, self.company + apart)
        self.cr.precommit.run()  # Odoo gives a branch its accounts at the end of the transaction
        self.env.user.company_ids += branch + apart
        accrual = self.env["account.dunning.accrual"]
        self.proceedings()
        for company, end in ((branch, "2026-05-14"), (apart, "2026-06-01")):
            with self.subTest(company.name):
                move = self.invoice(self.partner, "2026-04-15", 1000, company_id=company.id)
                item = self.items(move)
                accrued = accrual._compute_items(item, day("2026-06-01"))[item.id]
                self.assertEqual(accrued.statement.segments[-1].end, day(end))

    def test_a_message_being_prepared_drops_the_earlier_items(self):
        notice = self.draft(self.partner)
        self.assertIn(self.old, notice.move_ids)
        self.proceedings()
        self.prepare()
        self.assertEqual(notice.move_ids, self.after)

    def test_its_hold_ends_with_it(self):
        record = self.proceedings()
        with self.assert_refused(RedirectWarning, "close it"):
            record._get_holds().with_user(self.biller).action_release()
        record.action_cancel()
        self.assertFalse(self.row(self.old).stop)
        self.assertFalse(record.activity_ids)
        with self.assert_refused(UserError, "closed already"):
            record.action_declared()

    def test_what_the_judgment_stopped_does_not_run_again_once_they_ended(self):
        """C. com. L. 622-28, L. 441-10 II; recorded by mistake, they stopped nothing."""
        accrual = self.env["account.dunning.accrual"]
        items = self.items(self.old) + self.items(self.later)

        def owed():
            accrued = accrual._compute_items(items, day("2026-07-31"))
            return [(accrued[item.id].interest, accrued[item.id].indemnity) for item in items]

        before = owed()
        record = self.proceedings()
        # 1,000 at 12.15 % for the 29 days up to 14 May; the later one fell due after the judgment.
        stopped = [(Decimal("9.65"), 40), (0, 0)]
        self.assertEqual(owed(), stopped)
        record.action_close()
        self.assertFalse(self.row(self.old).stop)
        self.assertEqual(owed(), stopped)
        # A mistake is no judgment.
        self.proceedings(date_opening="2026-04-01").action_cancel()
        self.assertEqual(owed(), stopped)
        record.sudo().state = "cancelled"
        self.assertEqual(owed(), before)

    def test_the_closing_of_a_liquidation_tells_what_it_leaves(self):
        self.company.partner_id.dunning_lang = "en_US"
        record = self.proceedings(kind="liquidation")
        self.assertFalse(self.partner.dunning_liquidated_warning or record.closing_note)
        record.action_close()
        todo = record.activity_ids.filtered(lambda act: "L. 643-11" in act.summary)
        self.assertEqual((len(todo), todo.user_id), (1, record.user_id))
        self.partner.invalidate_recordset()
        page = self.env["account.dunning.customer"]._get_insolvency_parts(
            self.partner, self.company, day("2026-06-01")
        )
        for told in (
            str(todo.note),
            str(record.message_ids.mapped("body")),
            record.closing_note,
            self.partner.dunning_liquidated_warning,
            str(page),
        ):
            self.assertIn("C. com. L. 643-11", told)
            self.assertIn("R. 643-20", told)
            self.assertIn("A person decides", told)
        record._sync_todos()
        self.assertIn(todo, record.activity_ids)
        todo.action_feedback()
        record._sync_todos()
        self.assertFalse(record.activity_ids.filtered(lambda act: "643-11" in (act.summary or "")))

    def test_what_a_closed_liquidation_leaves_is_held_until_a_person_ends_it(self):
        record = self.proceedings(kind="liquidation")
        holds = record._get_holds()
        record.action_close()
        hold = holds.search([("partner_id", "=", self.partner.id), ("released_on", "=", False)])
        self.assertEqual((hold.user_id, hold & holds), (record.user_id, holds.browse()))
        for move in (self.old, self.later):
            self.assert_stopped(move, "hold")
        self.assertEqual(self.row(self.after).reason, "claimed")
        self.assertIn("L. 643-11", self.old.dunning_reason)
        self.assertIn("ends that hold", str(record.activity_ids.note))
        self.assertIn(hold, hold._get_endless(self.company))  # of the weekly review
        hold.with_user(self.biller).action_release()
        self.assertFalse(self.row(self.old).stop)

    def test_the_closing_of_a_liquidation_that_leaves_nothing_holds_nothing(self):
        for move in (self.old, self.later):
            self.pay(move)
        record = self.proceedings(kind="liquidation")
        record.action_close()
        holds = self.env["account.dunning.hold"].search([("partner_id", "=", self.partner.id)])
        self.assertFalse(holds.filtered("is_current") or record.activity_ids)

    def test_the_closing_of_other_proceedings_tells_nothing_of_a_liquidation(self):
        record = self.proceedings()
        record.action_close()
        self.assertFalse(record.activity_ids or record.closing_note)
        self.assertFalse(self.partner.dunning_liquidated_warning)
        converted = self.proceedings(date_opening="2026-05-16")
        self.env["account.dunning.insolvency.step"].create(
            {"insolvency_id": converted.id, "kind": "liquidation", "date": "2026-05-20"}
        )
        converted.action_close()
        self.assertTrue(converted.activity_ids and converted.closing_note)

    def test_each_claim_is_stopped_by_the_first_judgment_after_it_arose(self):
        self.proceedings(date_opening="2026-03-10").action_close()
        self.proceedings()
        accrual = self.env["account.dunning.accrual"]
        item = self.items(self.old)  # dated 16 March: after the first
        accrued = accrual._compute_items(item, day("2026-06-01"))[item.id]
        self.assertEqual(accrued.statement.segments[-1].end, day("2026-05-14"))

    # -- The legal date ----------------------------------------------------------------------------

    def test_the_declaration_is_due_two_months_after_the_publication(self):
        record = self.proceedings(date_published="2026-05-20")
        self.assertEqual(record.date_deadline, day("2026-07-20"))
        self.assertEqual(record.activity_ids.date_deadline, day("2026-07-20"))
        self.assertEqual(record.activity_ids.user_id, self.biller)

    def test_a_creditor_abroad_has_four_months(self):
        self.company.country_id = self.env.ref("base.be")
        record = self.proceedings(date_published="2026-05-20")
        self.assertEqual(record.date_deadline, day("2026-09-20"))

    def test_before_the_publication_one_is_asked_to_look_for_it(self):
        record = self.proceedings()
        self.assertFalse(record.date_deadline)
        self.assertIn("BODACC", record.activity_ids.summary)
        self.assertEqual(record.activity_ids.date_deadline, day("2026-06-01"))
        record.date_published = "2026-05-28"
        self.assertEqual(record.activity_ids.summary, "Declare the claim")
        self.assertEqual(record.activity_ids.date_deadline, day("2026-07-28"))

    def test_sent_the_to_do_is_done(self):
        record = self.proceedings(date_published="2026-05-20")
        with self.on("2026-06-20"):
            record.action_declared()
        self.assertEqual((record.state, record.declared_on), ("declared", day("2026-06-20")))
        self.assertFalse(record.activity_ids)
        with self.on("2026-08-01"):
            record.invalidate_recordset(["is_late"])
            self.assertFalse(record.is_late)

    def test_past_the_date_it_says_so(self):
        record = self.proceedings(date_published="2026-05-20")
        with self.on("2026-07-21"):
            record.invalidate_recordset(["is_late"])
            self.assertTrue(record.is_late)

    # -- The sums ----------------------------------------------------------------------------------

    def test_the_claim_is_what_was_owed_at_the_opening(self):
        record = self.proceedings()
        self.assertEqual(self.claims(record), [(self.old, 1000, True), (self.later, 500, False)])
        self.assertEqual(record.amount_company, 1500)

    def test_what_was_paid_before_counts_and_what_was_paid_after_does_not(self):
        with self.on("2026-05-10"):
            self.pay(self.old, 300)
        record = self.proceedings()
        with self.on("2026-05-30"):
            self.pay(self.old, 200)
        self.assertEqual(self.claims(record)[0], (self.old, 700, True))

    def test_an_invoice_paid_late_before_the_opening_still_owes_its_penalties(self):
        with self.on("2026-05-10"):
            self.pay(self.old)
        claim = self.proceedings()._get_claims()[0]
        self.assertEqual((claim["item"].move_id, claim["principal"]), (self.old, 0))
        self.assertGreater(claim["interest"], 0)
        self.assertEqual(claim["indemnity"], 40)

    def test_penalties_are_those_from_before(self):
        claims = self.proceedings()._get_claims()
        # 29 days, from 16 April to 14 May, at the rate of the half-year.
        accrued = self.env["account.dunning.accrual"]._compute_items(
            self.items(self.old), day("2026-05-14")
        )[self.items(self.old).id]
        self.assertEqual(sum(segment.days for segment in accrued.statement.segments), 29)
        self.assertEqual(claims[0]["interest"], float(accrued.interest))
        self.assertEqual((claims[0]["indemnity"], claims[1]["indemnity"]), (40, 0))

    def test_the_declaration_says_what_it_must(self):
        mandataire = self.env["res.partner"].create({"name": "Étude Exemple", "city": "Lyon"})
        record = self.proceedings(
            date_published="2026-05-20", representative_id=mandataire.id, court="TC Lyon"
        )
        html = self.document(record)
        siren = self.partner._get_dunning_siren_text()
        for text in ("Étude Exemple", siren, self.old.name, self.later.name, "TC Lyon"):
            self.assertIn(text, html)
        self.assertNotIn(self.after.name, html)
        self.assertRegex(html, r"1.?000[.,]00")
        self.assertRegex(html, r"\b500[.,]00")
        self.assertIn("L. 622-25", html)
        self.assertIn("Total declared", html)

    def in_dollars(self, *rates):
        """Give the debtor a claim of 600 dollars, and these rates: (day, dollars for a euro)."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        dollar.rate_ids = [Command.create({"name": on, "rate": rate}) for on, rate in rates]
        self.company.currency_id = self.env["res.currency"]._get_dunning_euro()
        partner = self.customer("Dollars", dunning_regime="b2b")
        self.invoice(partner, "2026-04-15", 600, currency_id=dollar.id)
        return self.proceedings(partner_id=partner.id)

    def test_a_claim_in_another_currency_is_declared_in_euros_of_the_day_of_the_opening(self):
        record = self.in_dollars(("2026-01-01", 2), ("2026-05-15", 1.2), ("2026-05-16", 3))
        totals = record._get_totals(record._get_claims(with_penalties=False))
        self.assertEqual((totals["due"], totals["total"]), (500, 500))
        html = self.document(record)
        for text in ("600.00", "500.00", "0.833333", "L. 622-25"):
            self.assertIn(text, html)

    def test_the_day_of_an_older_rate_is_told(self):
        record = self.in_dollars(("2026-05-13", 1.2))
        (rate,) = record._get_opening_rates(record._get_claims(with_penalties=False))
        self.assertEqual(rate["date"], day("2026-05-13"))
        self.assertIn("last rate known", self.document(record))

    def test_without_a_rate_nothing_is_declared(self):
        record = self.in_dollars(("2026-05-16", 1.2))
        with self.assert_refused(UserError, "enter the rate of USD"):
            record.action_print()

    def test_without_confirmed_regime_the_draft_says_that_penalties_are_missing(self):
        self.partner.sudo().dunning_regime = False
        record = self.proceedings()
        self.assertTrue(all(claim["problem"] for claim in record._get_claims()))
        self.assertEqual(self.claims(record)[0], (self.old, 1000, True))

    def test_nothing_owed_nothing_to_declare(self):
        record = self.proceedings(partner_id=self.customer("Rich").id)
        with self.assert_refused(UserError, "nothing to declare"):
            record.action_print()

    # -- Payments of earlier claims ----------------------------------------------------------------

    def warnings(self, record):
        return record.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == self.env.ref("mail.mail_activity_data_warning")
            )
        )

    def test_a_payment_after_the_judgment_of_an_earlier_claim_warns(self):
        record = self.proceedings()
        with self.on("2026-05-29"):
            self.give_up(self.old, "416000", 100)
        self.assertFalse(self.warnings(record), "moved to 416, not paid")
        with self.on("2026-05-30"):
            self.pay(self.old, 200)
        warning = self.warnings(record)
        self.assertEqual(len(warning), 1)
        self.assertIn(self.old.name, warning.summary)
        self.assertIn("L. 622-7", warning.note)

    def test_other_payments_warn_of_nothing(self):
        record = self.proceedings()
        with self.on("2026-05-30"):
            self.pay(self.after)
            self.pay(self.invoice(self.customer("Other"), "2026-04-15"))
        with self.on("2026-05-10"):
            self.pay(self.old, 100)
        self.invoice(
            self.partner, "2026-05-30", 50, move_type="out_refund", reversed_entry_id=self.old.id
        )
        self.assertFalse(self.warnings(record))

    # -- Who ---------------------------------------------------------------------------------------

    def test_the_customer_shows_them(self):
        self.assertFalse(self.partner.dunning_insolvency_warning)
        record = self.proceedings(kind="liquidation")
        self.assertIn("Liquidation", self.partner.dunning_insolvency_warning)
        action = self.partner.with_user(self.biller).action_dunning_insolvency()
        self.assertEqual(action["res_id"], record.id)

    def test_once_a_customer_and_in_order(self):
        self.proceedings()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.proceedings()

    def test_published_before_the_judgment_is_refused(self):
        with self.assert_refused(ValidationError, "published after"):
            self.proceedings(date_published="2026-05-14")

    def test_a_judgment_that_was_not_given_yet_is_refused(self):
        with self.assert_refused(ValidationError, "once it was given"):
            self.proceedings(date_opening="2027-05-15")

    def test_a_reader_changes_nothing(self):
        record = self.proceedings()
        self.assertEqual(record.with_user(self.reader).amount_company, 1500)
        with self.assertRaises(AccessError):
            record.with_user(self.reader).action_declared()


@tagged("post_install", "-at_install")
class TestDeclaredPenalties(PenaltyCommon):
    """What a declaration, which is certified sincere, adds to the principal."""

    def declared(self):
        [claim] = (
            self.env["account.dunning.insolvency"]
            .create(
                {
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                    "date_opening": "2026-06-01",
                }
            )
            ._get_claims()
        )
        return claim["principal"], claim["interest"], claim["indemnity"]

    def test_penalties_that_were_paid_or_waived_are_not_declared(self):
        invoice = self.late("2026-03-31", 1000)
        entries = self.book("2026-05-31")
        paid = self.payment(self.partner, 40).move_id
        indemnity = entries.line_ids.filtered(lambda line: line.dunning_penalty_part == "indemnity")
        credit = paid.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        (indemnity + credit).reconcile()
        self.penalty(invoice)._waive("Gesture", interest=Decimal("20.00"))
        # 1 000 × 12.15 % × 61 / 365 = 20.3055
        self.assertEqual(self.declared(), (1000, 0.31, 0))

    def test_what_is_disputed_is_declared_with_its_interest(self):
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        self.hold(
            self.partner,
            move_id=invoice.id,
            reason="dispute",
            amount_held=400,
            date_from="2026-04-15",
        )
        self.assertEqual(self.declared(), (1000, 20.31, 40))
