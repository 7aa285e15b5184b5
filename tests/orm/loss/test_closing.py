"""Doubtful customers in a real French chart: closings by hand, undone, refused, still chased."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dashboard_common import Page
from ..debtor_story import Debtor, check_books
from ..loss_common import LossCommon


@tagged("post_install", "-at_install")
class TestClosing(LossCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer("Débiteur", dunning_regime="b2b")
        cls.a = cls.bill(cls.partner, "2024-05-31", (1000, cls.normal))
        cls.b = cls.bill(cls.partner, "2024-06-10", (1000, cls.normal), (100, cls.reduced))
        cls.c = cls.bill(cls.partner, "2024-06-12", (500, cls.on_payment))

    def insolvency(self, kind, opening, **values):
        return self.env["account.dunning.insolvency"].create(
            {"partner_id": self.partner.id, "kind": kind, "date_opening": opening, **values}
        )

    def test_three_closings_then_the_loss_and_what_is_paid_after_it(self):
        """By hand, one customer of three invoices; A and B are of 2024, the loss of 2026.

        A: 1,200.00 = 1,000 + 200. B: 1,310.00 = 1,100 + 200 + 10. C: 600.00 = 500 + 100 whose VAT
        is due on payment. 600 of A are paid on 15/06/25, C on 01/02/26, 655 of B on 01/03/26.

        ========  ========  ========  ======  ========  =====  ============  ========  ==========
        closing   A left    B left    C left  claim     base   reason        416       491
        ========  ========  ========  ======  ========  =====  ============  ========  ==========
        31/12/24  1,200.00  1,310.00  600.00  3,110.00  2,600  age, 25 %     3,110.00    −650.00
        31/12/25    600.00  1,310.00  600.00  2,510.00  2,100  receiv. 50 %    −600.00   −400.00
        31/05/26    600.00    655.00    0.00  1,255.00  1,050  liquid. 100 % −1,255.00      0.00
        ========  ========  ========  ======  ========  =====  ============  ========  ==========

        Loss on 01/06/26: 654400 1,050.00 (500 + 550), 445710 205.00 (100 + 100 + 5), 416000
        −1,255.00, 491000 1,050.00, 781740 −1,050.00. Paid after: 300.00 to 758300.
        """
        before = self.fec()
        first = self.close("2024-12-31", self.partner)
        self.assertEqual(
            (first.claim, first.base, first.vat, first.vat_waiting), (3110, 2600, 410, 100)
        )
        self.assertEqual((first.proposal, first.proposed_rate), ("provision", 25))
        self.assertEqual((first.late_365, first.claim), (3110, 3110))
        entry = self.book(first)
        self.assertEqual(str(entry.date), "2024-12-31")
        self.assertEqual(
            self.told(entry),
            {"416000": 3110, "411100": -3110, "681740": 650, "491000": -650},
        )

        self.pay_on("2025-06-15", self.a, 600)
        opened = self.insolvency("receivership", "2025-10-01")
        second = self.close("2025-12-31", self.partner)
        self.assertEqual((second.claim, second.base, second.moved), (2510, 2100, 3110))
        self.assertEqual((second.ground, second.proposed_rate), ("receivership", 50))
        self.assertEqual(
            self.told(self.book(second)),
            {"416000": -600, "411100": 600, "681740": 400, "491000": -400},
        )

        self.pay_on("2026-02-01", self.c, 600)
        self.pay_on("2026-03-01", self.b, 655)
        opened.write({"kind": "liquidation", "date_opening": "2026-04-01"})
        third = self.close("2026-05-31", self.partner)
        self.assertEqual((third.claim, third.base, third.vat_waiting), (1255, 1050, 0))
        self.assertEqual((third.ground, third.proposed_rate), ("liquidation", 100))
        self.assertEqual(self.told(self.book(third)), {"416000": -1255, "411100": 1255})
        after = self.fec()
        self.assertEqual(after["411"], 0)
        self.assertEqual(after["416"], 1255)
        paid = 600 + 600 + 655
        self.assertEqual(before["411"] + before["416"] - paid, after["411"] + after["416"])

        waited = self.balance("44574")
        lost = self.close("2026-06-01", self.partner)
        self.send_duplicate(self.partner)
        loss = self.book(lost, treatment="loss", takes_vat=True)
        self.assertEqual(
            self.told(loss),
            {
                "416000": -1255,
                "654400": 1050,
                "445710": 205,
                "491000": 1050,
                "781740": -1050,
            },
        )
        self.assertEqual(self.balance("44574"), waited, "no VAT fell due by the match")
        self.assertEqual((self.a | self.b).mapped("payment_state"), ["paid", "paid"])
        items = self.items(self.a, self.b)
        events = self.env["account.dunning.accrual"]._get_events(items)
        received = {item.move_id: sum(one.amount for one in events[item.id]) for item in items}
        self.assertEqual(received, {self.a: 600, self.b: 655}, "what moves back is no money")
        tagged_vat = loss.line_ids.filtered("tax_tag_ids")
        self.assertEqual(sum(tagged_vat.mapped("balance")), 205)
        self.assertEqual(
            {tag.with_context(lang="en_US").name for tag in tagged_vat.tax_tag_ids},
            {"08_taxe", "9B_taxe"},
        )
        self.assertEqual(
            [self.balance(code, self.partner) for code in ("411", "416", "491")], [0, 0, 0]
        )

        self.payment(self.partner, 300)
        with self.on("2026-06-30"):
            later = self.close("2026-06-30", self.partner)
            self.assertEqual((later.recoverable, later.claim), (300, 0))
            self.assertEqual(self.told(self.book(later)), {"411100": 300, "758300": -300})
            self.assertEqual(self.balance("411", self.partner), 0)
            again = self.close("2026-07-31", self.partner)
            self.assertFalse(again, "nothing is left to say")

    def test_made_twice_it_books_nothing(self):
        record = self.close("2024-12-31", self.partner)
        self.book(record)
        self.assertEqual(self.close("2024-12-31", self.partner), record)
        record.action_prepare()
        later = self.close("2025-01-31", self.partner)
        later.write({"treatment": "provision", "rate": 25})
        later.action_prepare()
        self.assertEqual((later.state, later.entry_id.id), ("posted", False))
        self.assertEqual(self.balance("416", self.partner), 3110)
        self.assertEqual(self.balance("491", self.partner), -650)

    def test_what_stands_on_416_is_chased_disputed_and_paid_as_before(self):
        row = self.row(self.a)
        aged = self.env["account.dunning.balance"]
        ledger = aged._get_ledger_balance(self.company, self.today())
        self.book(self.close("2024-12-31", self.partner))
        after = self.row(self.a)
        self.assertEqual((after.residual, after.reason), (row.residual, row.reason))
        self.assertEqual(self.a.payment_state, "not_paid")
        (told,) = aged._get_aged_rows(self.company, self.today(), self.partner)
        self.assertEqual((told["credit"], float(told["total"])), (0, 3110))
        self.assertEqual(aged._get_ledger_balance(self.company, self.today()), ledger)
        dispute = self.env["account.dunning.dispute"].create({"move_id": self.a.id, "amount": 200})
        self.assertEqual(self.row(self.a).held_amount, 200)
        dispute.sudo()._release_holds()
        transfer = self.env["account.move.line"].search(
            [
                ("dunning_moved_item_id", "=", self.items(self.a).id),
                ("account_type", "=", "asset_receivable"),
            ]
        )
        with self.assertRaisesRegex(UserError, "pays nothing"), self.cr.savepoint():
            (transfer | self.items(self.a)).reconcile()
        self.pay_on("2026-05-31", self.a, 1200)
        self.assertEqual(self.a.payment_state, "paid")
        record = self.close("2026-06-01", self.partner)
        self.assertEqual(self.told(self.book(record))["416000"], -1200)

    def test_undone_it_leaves_the_books_and_the_invoice_as_they_were(self):
        before = self.fec()
        record = self.close("2026-05-31", self.partner)
        self.send_duplicate(self.partner)
        self.book(record, treatment="loss", takes_vat=True)
        self.assertEqual(self.a.payment_state, "paid")
        with self.assertRaisesRegex(UserError, "Say first why"):
            record.action_undo()
        record.undo_reason = "The debtor was found"
        record.action_undo()
        self.assertEqual((record.state, self.a.payment_state), ("undone", "not_paid"))
        self.assertEqual(
            {code: amount for code, amount in self.fec().items() if amount},
            {code: amount for code, amount in before.items() if amount},
        )
        anew = self.close("2026-05-31", self.partner)
        self.assertEqual((anew.claim, anew.moved, anew.state), (3110, 0, "proposed"))
        entry = self.book(anew)
        entry.button_draft()
        self.assertEqual(anew.state, "prepared")
        entry.unlink()
        self.assertEqual((anew.state, anew.entry_id.id), ("proposed", False))
        entry = self.book(anew)
        entry._reverse_moves([{"date": entry.date}], cancel=True)
        self.assertEqual(anew.state, "undone")
        self.assertEqual(self.balance("416", self.partner), 0)

    def test_a_loss_takes_the_vat_that_waits_off_and_leaves_the_declared_in_the_charge(self):
        """Without the VAT back: 654400 1,000 + 200 + 1,310 + 500; the 100 that wait are no loss."""
        record = self.close("2026-05-31", self.partner)
        entry = self.book(record, treatment="loss")
        self.assertEqual(self.told(entry), {"411100": -3110, "654400": 3010, "445740": 100})
        self.assertEqual(self.balance("44574"), 0)

    def test_money_not_allocated_and_a_credit_note_lower_the_claim(self):
        """500 not allocated cover the oldest: A keeps 700 of 1,200, so 583.33 and 116.67 of VAT."""
        self.payment(self.partner, 500, date="2024-12-01")
        record = self.close("2024-12-31", self.partner)
        self.assertEqual((record.credits, record.claim), (500, 2610))
        self.assertEqual((record.vat, record.base), (326.67, 2183.33))
        self.assertEqual(self.told(self.book(record))["416000"], 2610)

    def test_a_claim_in_another_currency_moves_in_its_own(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "rate": 2.0, "name": "2024-01-01"}
        )
        partner = self.customer("Importer")
        bill = self.bill(partner, "2024-05-31", (1000, self.normal), currency_id=dollar.id)
        record = self.close("2024-12-31", partner)
        self.assertEqual((record.claim, record.base), (600, 500))
        entry = self.book(record)
        moved = entry.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.assertEqual((moved.balance, moved.amount_currency), (-600, -1200))
        self.assertEqual(moved.currency_id, dollar)
        record = self.close("2026-05-31", partner)
        self.send_duplicate(partner)
        self.book(record, treatment="loss", takes_vat=True)
        self.assertEqual(bill.payment_state, "paid")
        self.assertEqual(self.balance("416", partner), 0)

    def test_faults_are_told_and_the_others_go_on(self):
        other = self.customer("Autre")
        self.bill(other, "2024-05-31", (100, self.normal))
        records = self.close("2024-12-31")
        self.assertEqual(len(records), 2)
        self.company.fiscalyear_lock_date = "2025-01-31"
        other.action_archive()
        records.action_prepare()
        self.assertEqual(
            {str(day) for day in records.entry_id.mapped("date")}, {"2025-02-01"}, "first open day"
        )
        for record in records:
            record.undo_reason = "Again"
        records.action_undo()
        self.env["account.account"].search([("code", "=like", "416%")]).active = False
        records = self.close("2024-12-31")
        records.action_prepare()
        self.assertEqual(set(records.mapped("state")), {"proposed"})
        self.assertRegex(records[0].problem, "no account 416")

    def test_a_later_closing_holds_the_earlier_one(self):
        self.book(self.close("2025-12-31", self.partner))
        early = self.close("2024-12-31", self.partner)
        with self.assertRaisesRegex(UserError, "later closing"):
            early.action_prepare()

    def test_two_customers_booked_at_one_closing_become_one_and_the_books_stay(self):
        other = self.customer("Débiteur, agence", dunning_regime="b2b")
        self.bill(other, "2024-06-10", (2000, self.normal))
        closed = self.close("2024-12-31")
        mine, theirs = (
            closed.filtered(lambda r, who=who: r.partner_id == who) for who in (self.partner, other)
        )
        entries = self.book(mine) | self.book(theirs)
        before = {code: self.balance(code) for code in ("411", "416", "491")}
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((self.partner + other).ids, self.partner)
        self.env.invalidate_all()
        self.assertEqual((mine | theirs).partner_id, self.partner)
        self.assertEqual((mine.state, theirs.state), ("posted", "posted"))
        self.assertEqual((mine.merged_into_id, theirs.merged_into_id), (mine.browse(), mine))
        self.assertEqual({code: self.balance(code) for code in before}, before)
        self.assertEqual(self.balance("416", self.partner), before["416"])
        self.assertEqual(self.close("2024-12-31", self.partner), mine)
        # A later closing goes on from both entries.
        later = self.close("2025-12-31", self.partner)
        self.assertEqual((later.moved, later.provided), (before["416"], -before["491"]))
        self.assertEqual(later.claim, before["416"])
        # Each is undone by itself; what is proposed anew books what the books do not say.
        mine.undo_reason = "Not the right rate"
        mine.action_undo()
        self.assertEqual(theirs.state, "posted")
        self.assertEqual(self.balance("416"), 2400)
        again = self.close("2024-12-31", self.partner)
        self.assertNotIn(again, mine | theirs)
        self.book(again)
        self.assertEqual(self.balance("416"), before["416"])
        self.assertEqual(len(entries | again.entry_id), 3)

    def test_who_proposes_who_posts_who_undoes(self):
        accountant = self.new_user("accountant", "account.group_account_user")
        biller = self.new_user("biller", "account.group_account_invoice")
        record = self.close("2024-12-31", self.partner)
        with self.assertRaises(AccessError):
            record.with_user(biller).action_prepare()
        with self.assertRaises(AccessError):
            record.with_user(biller).write({"rate": 10})
        mine = record.with_user(accountant)
        mine.rate = 30
        mine.action_prepare()
        self.assertEqual(record.state, "prepared")
        for name in ("state", "claim", "entry_id", "moved"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                mine.write({name: False})
        for method in ("action_post", "action_undo"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(mine, method)()
        with self.assertRaises(AccessError):
            mine.write({"rate": 40})

    def test_another_company_sees_and_closes_nothing_of_it(self):
        other = self.env["res.company"].create({"name": "Autre société"})
        stranger = self.new_user("stranger", "account.group_account_manager", company=other)
        record = self.close("2024-12-31", self.partner)
        self.assertFalse(self.Impairment.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.Impairment.with_user(stranger)._close(self.company, record.date)

    def test_a_closing_of_many_asks_as_often_as_one_of_few(self):
        def asked(count):
            partners = self.env["res.partner"].create(
                [{"name": f"Client {count} {n}", "is_company": True} for n in range(count)]
            )
            for partner in partners:
                self.bill(partner, "2024-05-31", (100, self.normal))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records = self.close("2024-12-31").filtered(lambda r: r.partner_id in partners)
            records.action_prepare()
            self.env.flush_all()
            self.assertEqual(set(records.mapped("state")), {"prepared"})
            return self.env.cr.sql_log_count - before

        few = asked(4)
        many = asked(24)
        self.assertLess(many - few, 20 * 12, f"{few} for 4, {many} for 24: Odoo's own entries")
        proposals = self.env.cr.sql_log_count
        self.close("2024-11-30")
        self.assertLess(self.env.cr.sql_log_count - proposals, 45)

    def test_the_matrix_is_the_house_s_own(self):
        rules = self.env["account.dunning.impairment.rule"]
        rules.create({"company_id": self.company.id, "ground": "age", "days": 30, "percent": 40})
        record = self.close("2024-12-31", self.partner)
        self.assertEqual((record.proposed_rate, record.ground), (40, "age"))
        with self.assertRaises(IntegrityError), self.cr.savepoint(), mute_logger("odoo.sql_db"):
            rules.create({"ground": "age", "percent": 140})

    def test_a_formal_notice_of_what_is_due_later_now_is_no_ground(self):
        rules = self.env["account.dunning.impairment.rule"]
        vals = {"company_id": self.company.id, "ground": "formal_notice", "percent": 35}
        rules.create(vals)
        customer = self.customer("Given time")
        move = self.bill(customer, "2024-10-31", (1000, self.normal))
        self.history(self.formal_notice, "2024-11-20", move, deadline="2024-12-05")
        for due, ground in (
            ("2024-10-31", "formal_notice"),
            ("2024-11-19", "formal_notice"),  # by then too, it was due
            ("2024-12-15", False),
        ):
            with self.subTest(due):
                self.items(move).date_maturity = due
                self.assertEqual(self.close("2024-12-31", customer).ground, ground)

    def test_a_formal_notice_that_reached_nobody_or_another_is_no_ground(self):
        vals = {"company_id": self.company.id, "ground": "formal_notice", "percent": 35}
        self.env["account.dunning.impairment.rule"].create(vals)
        customer = self.customer("Refused")
        move = self.bill(customer, "2024-10-31", (1000, self.normal))
        notice = self.history(self.formal_notice, "2024-11-20", move, deadline="2024-12-05")
        for delivery, ground in (("taken", "formal_notice"), ("refused", False)):
            with self.subTest(delivery):
                notice.sudo().delivery = delivery
                self.assertEqual(self.close("2024-12-31", customer).ground, ground)
        notice.sudo().delivery = "taken"
        self.bill(customer, "2024-11-30", (500, self.normal))
        self.items(move).partner_id = self.customer("Who owes it now")
        self.assertFalse(self.close("2024-12-31", customer).ground)

    def test_the_dialog_opens_the_list_of_its_day(self):
        dialog = self.env["account.dunning.closing"].create({"date": "2024-12-31"})
        action = dialog.action_show()
        records = self.Impairment.search(action["domain"])
        self.assertEqual(records.partner_id, self.partner)
        default = self.env["account.dunning.closing"].create({})
        self.assertEqual(str(default.date), "2025-12-31")

    # -- One customer from trust to liquidation, as ``./sandbox demo`` plays him -------------------

    def test_a_customer_goes_from_trust_to_liquidation_with_every_entry_and_paper(self):
        """The entries computed by hand stand in ``data/debtor_entries.csv``."""
        self.company.sudo().dunning_risk = True
        debtor = self.customer("Vallès", dunning_regime="b2b", company_registry="00000038000014")
        representative, liquidator = self.customer("Mandataire"), self.customer("Liquidateur")
        people = {"representative": representative, "liquidator": liquidator}
        before = self.fec("2023-01-01")
        Debtor(self.env, self.company, debtor, self.env.user, people).play()
        check_books(self.company, debtor)
        for code in ("411", "416", "491"):
            self.assertEqual(self.balance(code, debtor), 0, code)
        after = self.fec("2023-01-01")
        self.assertEqual(after["411"] + after["416"], before["411"] + before["416"])
        with self.on("2026-10-05"):
            self.check_papers(debtor)
            for day, told in (
                ("2024-12-31", {"doubtful": "3,030", "provided": "1,275", "losses": "0 €"}),
                (
                    "2026-02-28",
                    {"doubtful": "2,706", "provided": "1,710", "vat_back": "426", "losses": "0 €"},
                ),
                ("2026-03-31", {"doubtful": "2,280", "provided": "1,710", "losses": "0 €"}),
                ("2026-06-30", {"losses": "2,280"}),
            ):
                with self.subTest(day):
                    self.check_figures(day, told)

    def check_papers(self, debtor):
        """The letters with their proofs, the check, the proceedings, the duplicate, the story."""
        ours = [("partner_id", "=", debtor.id)]
        notices = self.env["account.dunning.notice"].search([*ours, ("state", "=", "sent")])
        self.assertTrue({"reminder", "registered", "formal_notice"} <= set(notices.mapped("kind")))
        letters = notices.registered_ids
        self.assertEqual(set(letters.mapped("state")), {"delivered"})
        self.assertTrue(all(letter.deposit_ids and letter.receipt_ids for letter in letters))
        self.assertTrue(all(notices.filtered("posted_on").mapped("letter_id")))
        check = self.env["account.dunning.check"].search([*ours, ("kind", "=", "solvency")])
        self.assertTrue(check.result.startswith("Classe A"), check.result)
        insolvency = self.env["account.dunning.insolvency"].search(ours)
        self.assertEqual(
            (insolvency.state, str(insolvency.date_opening), str(insolvency.liquidation_on)),
            ("declared", "2024-06-11", "2026-02-03"),
        )
        self.assertEqual((insolvency.amount_declared, insolvency.to_confirm), (3244.87, False))
        self.assertEqual(insolvency.dividend_ids.sorted("date")[:1].state, "kept")
        lost = self.env["account.partial.reconcile"].search(
            [
                ("debit_move_id.partner_id", "=", debtor.id),
                ("debit_move_id.move_id.move_type", "=", "out_invoice"),
                ("credit_move_id.dunning_moved_item_id", "!=", False),
            ]
        )  # settled on the day of the loss, not of the transfer to 416
        self.assertEqual({str(partial.max_date) for partial in lost}, {"2026-05-31"})
        relief = self.env["account.dunning.vat.relief"].search(ours)
        self.assertEqual((relief.state, relief.amount_vat), ("booked", 425.92))
        self.assertEqual((relief.repaid, relief.due_again), (18.89, 0))
        self.assertTrue(relief.sudo().document_id)
        events = self.env["account.dunning.chronology"]._get_events(debtor, self.company)
        told = {"invoice", "payment", "notice", "registered", "penalty", "insolvency"}
        told |= {"claim_declared", "insolvency_step", "closing", "vat_duplicate", "vat_back"}
        self.assertEqual(told - {event.kind for event in events}, set())

    def check_figures(self, day, told):
        """The dashboard of a day and the monthly report say these figures of bad debts alone."""
        dashboard = self.env["account.dunning.dashboard"]
        data = Page(dashboard, {"as_of": day})
        tiles = {tile["key"]: tile for group in data["tiles"] for tile in group["tiles"]}
        report = dashboard._get_monthly_report(date.fromisoformat(day), {})
        printed = {row["key"]: row for group in report["groups"] for row in group["rows"]}
        self.assertTrue(data["control"]["agrees"], data["control"]["text"])
        self.assertEqual(
            {"doubtful", "provided", "vat_back", "losses"} & set(tiles), set(told), tiles.keys()
        )
        for name, amount in told.items():
            tile = tiles[name]
            shown = f"{tile['value']} {tile['note']}".replace("\N{NO-BREAK SPACE}", " ")
            self.assertIn(amount, shown)
            self.assertEqual(
                (printed[name]["value"], printed[name]["note"]), (tile["value"], tile["note"])
            )
            self.assertTrue(tile["action"]["domain"])
