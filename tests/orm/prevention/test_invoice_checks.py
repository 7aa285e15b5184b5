"""The look at an invoice as it is posted: what it finds, what stops whom, and at what price."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..dunning_common import DunningCommon

COMPLETE = {"company_registry": "40483304800022"}


@tagged("post_install", "-at_install")
class TestInvoiceChecks(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_mentions = True
        cls.partner = cls.customer("Menuiserie", **COMPLETE)
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.goods = cls.tax("consu")

    @classmethod
    def tax(cls, scope, amount=0, **values):
        vals = {"name": f"{scope} {amount} {values}", "tax_scope": scope, "amount": amount}
        return cls.env["account.tax"].create(vals | values)

    def line(self, tax, price=100, **values):
        return Command.create({"price_unit": price, "tax_ids": [Command.set(tax.ids)], **values})

    def draft(self, due="2026-02-01", issued="2026-01-01", **values):
        """Create an invoice that says what it sells."""
        values.setdefault("partner", self.partner)
        line = self.line(self.goods, values.pop("amount", 100))
        values.setdefault("invoice_line_ids", [line])
        return self.invoice(values.pop("partner"), due, post=False, invoice_date=issued, **values)

    def rules(self, move):
        """Return the level that the form shows, and its text."""
        move.invalidate_recordset(["dunning_findings", "dunning_findings_now"])
        return move.dunning_findings_now, " ".join(str(move.dunning_findings or "").split())

    def end_of_month(self, delay_type, days=45, **values):
        line = {"value": "percent", "value_amount": 100, "delay_type": delay_type}
        return self.env["account.payment.term"].create(
            {"name": delay_type, "line_ids": [Command.create({**line, "nb_days": days, **values})]}
        )

    # -- What is found -----------------------------------------------------------------------------

    def test_a_term_that_is_too_long_is_told_and_kept(self):
        move = self.draft("2026-03-03")
        level, text = self.rules(move)
        self.assertEqual(level, "red")
        self.assertIn("03/02/2026", text)
        self.assertIn("L. 441-10 I", text)
        move.with_user(self.biller).action_post()
        self.assertEqual((move.state, move.dunning_findings_level), ("posted", "red"))
        in_order = self.draft("2026-03-02")
        self.assertEqual(self.rules(in_order), (False, ""))
        in_order.action_post()
        self.assertFalse(in_order.dunning_findings_level)
        against = self.env["account.move"].search([("dunning_findings_level", "=", "red")])
        self.assertIn(move, against)
        self.assertNotIn(in_order, against)
        move.button_draft()
        move.invoice_date_due = "2026-03-02"
        move.action_post()
        self.assertFalse(move.dunning_findings_level, "it was corrected")

    def test_the_two_ways_in_which_odoo_counts_an_end_of_month(self):
        found = {}
        for kind, more in (
            ("days_end_of_month_on_the", {"days_next_month": "0"}),
            ("days_after_end_of_month", {}),
        ):
            term = self.end_of_month(kind, **more)
            move = self.draft()
            move.invoice_payment_term_id = term
            found[str(move.invoice_date_due)] = self.rules(move)[0]
        self.assertEqual(found, {"2026-02-28": False, "2026-03-17": "orange"})
        term = self.end_of_month("days_after_end_of_month", 60)
        longer = self.draft()
        longer.invoice_payment_term_id = term
        self.assertEqual(self.rules(longer)[0], "red")

    def test_the_kind_of_customer_or_of_product_shortens_the_term(self):
        parent = self.env["product.category"].create(
            {"name": "Freight", "dunning_term_kind": "transport"}
        )
        category = self.env["product.category"].create({"name": "Road", "parent_id": parent.id})
        product = self.env["product.product"].create({"name": "Ride", "categ_id": category.id})
        line = self.line(self.goods, 10, product_id=product.id)
        carried = self.draft("2026-02-10", invoice_line_ids=[line])
        self.assertIn("L. 441-11", self.rules(carried)[1])
        periodic = self.customer("Periodic", dunning_term_kind="periodic", **COMPLETE)
        self.assertEqual(self.rules(self.draft("2026-02-15", partner=periodic))[0], False)
        self.assertEqual(self.rules(self.draft("2026-02-16", partner=periodic))[0], "red")
        public = self.customer("Commune", company_registry="216901231")
        self.assertIn("R. 2192-10", self.rules(self.draft("2026-02-15", partner=public))[1])

    def test_what_the_invoice_lacks_is_told(self):
        place = {"parent_id": self.partner.id, "type": "other", "name": "Depot"}
        depot = self.env["res.partner"].create(place)
        self.company.dunning_deposit_from = 500
        cases = {
            "SIREN": {"partner": self.customer("Without number")},
            "no reference of the customer": {"invoice_origin": "S0001"},
            "another address": {"partner_shipping_id": depot.id},
            "a deposit": {"amount": 600},
            "another rate": {"narration": "<p>Pénalités de retard : 3 % l’an</p>"},
        }
        for words, values in cases.items():
            with self.subTest(words=words):
                level, text = self.rules(self.draft(**values))
                self.assertIn(words, text)
                self.assertEqual(level, "red" if words == "another rate" else "orange")
        self.assertFalse(self.rules(self.draft(invoice_origin="S1", ref="PO 7"))[0])
        self.partner.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 4})
        self.assertIn("three times", self.rules(self.draft())[1])
        self.company.dunning_mentions = False
        self.assertIn("Nothing on it states", self.rules(self.draft())[1])

    def test_what_the_e_invoice_is_to_say_of_what_is_sold_is_told(self):
        plain = self.env["account.tax"].create({"name": "No scope", "amount": 0})
        unsaid, service = self.line(plain), self.tax("service")
        text = "neither goods nor services"
        self.assertIn(text, self.rules(self.draft(invoice_line_ids=[unsaid]))[1])
        both = [self.line(self.goods), unsaid]
        self.assertIn(text, self.rules(self.draft(invoice_line_ids=both))[1])
        for lines in ([self.line(service)], [self.line(service), self.line(self.goods)]):
            self.assertFalse(self.rules(self.draft(invoice_line_ids=lines))[0])
        abroad = self.customer("Werkstatt", country_id=self.env.ref("base.de").id)
        foreign = self.draft(partner=abroad, invoice_line_ids=[unsaid])
        self.assertNotIn(text, self.rules(foreign)[1])

    def test_what_was_delivered_long_ago_is_invoiced_late(self):
        delivered = {"delivery_date": "2025-12-22"}
        self.assertFalse(self.rules(self.draft(**delivered))[0])
        self.company.dunning_invoice_within = 10
        self.assertFalse(self.rules(self.draft(**delivered))[0], "ten days")
        self.company.dunning_invoice_within = 9
        self.assertIn("12/31/2025", self.rules(self.draft(**delivered))[1])
        self.assertFalse(self.rules(self.draft())[0], "no delivery is known")
        periodic = self.customer("Periodic", dunning_term_kind="periodic", **COMPLETE)
        self.assertFalse(self.rules(self.draft(partner=periodic, **delivered))[0])

    def test_a_consumer_a_credit_note_and_a_bill_are_not_looked_at(self):
        consumer = self.customer("Particulier", is_company=False)
        bill = self.env["account.move"].create(
            {"move_type": "in_invoice", "partner_id": self.partner.id}
        )
        credit_note = self.draft("2026-12-31", move_type="out_refund")
        for move in (self.draft("2026-12-31", partner=consumer), bill, credit_note):
            self.assertEqual(self.rules(move), (False, ""))
        self.company.dunning_checks = "off"
        self.assertEqual(self.rules(self.draft("2026-12-31")), (False, ""))

    # -- Who is stopped ----------------------------------------------------------------------------

    def test_a_company_may_let_a_person_be_stopped(self):
        self.company.dunning_checks = "stop"
        late, orange = self.draft("2026-03-03"), self.draft(invoice_origin="S0001")
        late.with_user(self.biller).check_access("write")
        together = (late + orange).with_user(self.biller)
        for post in (together.action_post, together.action_validate_moves_with_confirmation):
            with self.assertRaisesRegex(UserError, "03/02/2026"):
                post()
        orange.with_user(self.biller).action_post()
        self.assertEqual((late.state, orange.state), ("draft", "posted"))

    def test_what_posts_by_itself_is_never_stopped(self):
        self.company.dunning_checks = "stop"
        by_code, by_server = self.draft("2026-03-03"), self.draft("2026-03-03")
        planned = self.draft("2026-03-03", auto_post="at_date")
        by_code._post(soft=False)
        by_server.sudo().action_post()
        planned.action_post()
        for move in by_code + by_server + planned:
            self.assertEqual((move.state, move.dunning_findings_level), ("posted", "red"))

    def test_of_what_is_posted_the_tab_tells_what_speaks_against_it(self):
        move, in_order = self.draft("2026-03-03"), self.draft("2026-03-02")
        (move + in_order)._post(soft=False)
        self.assertEqual(self.rules(move), (False, ""), "the form of a posted invoice waits for it")

        def told(move):
            groups = move.with_user(self.biller).get_dunning_facts()
            return " ".join(note["text"] for group in groups for note in group.get("notes", ()))

        self.assertIn("L. 441-10 I", told(move))
        self.assertNotIn("L. 441-10 I", told(in_order))

    # -- In bulk -----------------------------------------------------------------------------------

    def test_many_invoices_take_the_queries_of_few(self):
        moves = self.env["account.move"].union(*[self.draft("2026-03-03") for _ in range(22)])
        moves._post(soft=False)

        def count(moves):
            return self.count_queries(moves._keep_dunning_findings, {})

        few, many = moves[:2], moves[2:]
        count(few)  # what is read once a server
        self.assertEqual(count(few), count(many))
