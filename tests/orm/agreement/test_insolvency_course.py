"""Proceedings to the end: goods claimed back, the claim admitted, dividends, conversion."""

from base64 import b64encode

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import format_amount

from ..dunning_common import DunningCommon, day

JUDGMENT = "2025-01-15"
TODAY = "2026-06-01"


@tagged("post_install", "-at_install")
class TestInsolvencyCourse(DunningCommon):
    """A debtor in receivership since January 2025, looked at on days up to June 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.company.country_id = cls.env.ref("base.fr")
        cls.company.dunning_promise_days = 3
        cls.partner = cls.customer(dunning_regime="b2b", company_registry="732829320")
        cls.old = cls.invoice(cls.partner, "2024-12-15", 900)
        cls.other = cls.invoice(cls.partner, "2025-01-30", 300, invoice_date="2024-12-31")
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.reader = cls.new_user("reader", "account.group_account_readonly")
        cls.mandataire = cls.env["res.partner"].create({"name": "Étude Exemple"})
        cls.judge = cls.env["res.partner"].create({"name": "Juge-commissaire"})
        cls.record = (
            cls.env["account.dunning.insolvency"]
            .with_user(cls.biller)
            .create(
                {
                    "partner_id": cls.partner.id,
                    "date_opening": JUDGMENT,
                    "date_published": "2025-01-28",
                    "representative_id": cls.mandataire.id,
                }
            )
        )

    def step(self, kind, date, **values):
        steps = self.env["account.dunning.insolvency.step"].with_user(self.biller)
        return steps.create({"insolvency_id": self.record.id, "kind": kind, "date": date, **values})

    def declared(self):
        self.record.declared_on = "2025-02-20"
        self.record.action_declared()

    def admitted(self, amount=1200):
        self.declared()
        self.step("admitted", "2025-06-10", amount=amount, by_id=self.judge.id)

    def planned(self, years=3, first="2026-01-10", amount=1200):
        """The claim is admitted, a plan of equal dividends adopted."""
        self.admitted(amount)
        self.step("plan", "2025-09-01")
        self.record.write({"plan_first_on": first, "plan_years": years})
        self.record.action_compute_dividends()
        return self.record.dividend_ids.sorted("date")

    def todos(self):
        activities = self.record.activity_ids
        return {(activity.summary, activity.date_deadline) for activity in activities}

    def acts(self, today=TODAY):
        acts = self.env["account.dunning.today"]._get_insolvency_acts(self.company, day(today))
        return [(act.label, act.detail) for act in acts]

    def clocks(self):
        self.record.invalidate_recordset(["clocks_html"])
        return str(self.record.clocks_html)

    # -- The claim ---------------------------------------------------------------------------------

    def test_what_was_declared_is_kept_and_its_steps_say_how_it_stands(self):
        record = self.record
        self.assertEqual(record.claim_state, "to_declare")
        total = record._get_totals(record._get_claims())["total"]
        self.assertGreater(total, 1200)
        self.declared()
        self.assertEqual((record.claim_state, record.amount_declared), ("declared", total))
        self.step("contested", "2025-04-01", amount=300, by_id=self.mandataire.id)
        self.assertEqual(record.claim_state, "contested")
        self.assertEqual(
            self.todos(), {("Answer the contestation of the claim", day("2025-05-01"))}
        )
        self.assertEqual(
            self.acts("2025-04-02"),
            [
                (
                    "Answer the contestation of the claim",
                    "by 05/01/2025 (C. com. L. 622-27, to check)",
                )
            ],
        )
        self.step("answered", "2025-04-15", registered_number="1A 000 000 0000 0")
        self.assertFalse(self.todos())
        self.step("admitted", "2025-06-10", amount=900, by_id=self.judge.id)
        self.assertEqual((record.claim_state, record.amount_admitted), ("partly", 900))
        self.step("admitted", "2025-07-10", amount=total)
        self.assertEqual((record.claim_state, record.amount_admitted), ("admitted", total))
        self.step("rejected", "2025-08-10")
        self.assertEqual((record.claim_state, record.amount_admitted), ("rejected", 0))

    def test_a_step_is_a_fact_written_once(self):
        for kind, values, refused in (
            ("contested", {"date": "2026-06-02"}, "not before"),
            ("contested", {"date": "2025-01-14"}, "before they opened"),
            ("admitted", {"date": "2025-06-10"}, "sum that was admitted"),
        ):
            with self.subTest(values=values), self.assert_refused(ValidationError, refused):
                self.step(kind, **values)
        step = self.step("contested", "2025-04-01")
        with self.assertRaises(AccessError):
            step.date = "2025-04-02"
        with self.assertRaises(AccessError):
            step.unlink()
        with self.assertRaises(AccessError):
            step.with_user(self.reader).copy()
        step.sudo().unlink()
        self.assertEqual(self.record.claim_state, "to_declare")
        self.assertNotIn("Answer the contestation of the claim", dict(self.todos()))
        self.record.action_cancel()
        with self.assert_refused(UserError, "closed already"):
            self.step("contested", "2025-04-01")

    def test_relief_is_told_once_the_declaration_is_late(self):
        self.assertFalse(self.acts("2025-03-28"))
        (relief,) = self.acts("2025-03-29")
        self.assertEqual(
            relief,
            (
                "Ask for relief: the claim was not declared in time",
                "by 07/28/2025 (C. com. L. 622-26)",
            ),
        )
        self.step("relief", "2025-04-10")
        self.assertFalse(self.acts("2025-04-11"))

    # -- Goods -------------------------------------------------------------------------------------

    def accept_terms(self, on="2024-06-01", **values):
        terms = (
            self.env["account.dunning.terms"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "name": "Terms 2024",
                    "date_from": "2024-01-01",
                    "file": b64encode(b"Terms"),
                    "retention_of_title": True,
                    **values,
                }
            )
        )
        self.env["account.dunning.terms.acceptance"].create(
            {"terms_id": terms.id, "partner_id": self.partner.id, "date": on}
        )
        return terms

    def again(self):
        """Record the proceedings anew."""
        self.record.action_cancel()
        return self.env["account.dunning.insolvency"].create(
            {
                "partner_id": self.partner.id,
                "date_opening": JUDGMENT,
                "date_published": "2025-01-28",
            }
        )

    def test_the_clause_is_known_from_the_terms_accepted_before(self):
        self.assertFalse(self.record.retention_of_title)
        terms = self.accept_terms()
        self.record = self.again()
        self.assertTrue(self.record.retention_of_title)
        self.assertEqual(self.record.retention_terms_id, terms)
        self.assertIn(("Claim the goods under retention of title", day("2025-04-28")), self.todos())

    def test_terms_without_the_clause_or_accepted_later_are_none(self):
        for values, on in (
            ({"retention_of_title": False}, "2024-06-01"),
            ({"date_from": "2024-02-01"}, "2025-01-15"),
        ):
            with self.subTest(on=on):
                self.accept_terms(on, **values)
                self.record = self.again()
                self.assertFalse(self.record.retention_of_title)

    def goods(self):
        """Two goods on the older invoice, a service on the other."""
        chair = self.env["product.product"].create({"name": "Chair", "type": "consu"})
        advice = self.env["product.product"].create({"name": "Advice", "type": "service"})
        for move, lines in (
            (self.old, [(chair, "Chairs", 6, 100), (chair, "Tables", 2, 150)]),
            (self.other, [(advice, "Advice", 1, 300)]),
        ):
            move.button_draft()
            move.invoice_line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "product_id": product.id,
                            "name": name,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for product, name, quantity, price in lines
                ),
            ]
            move.action_post()

    def letter(self):
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_retention_letter", self.record.ids
        )
        return " ".join(html.decode().split())

    def test_goods_are_listed_claimed_and_asked_of_the_judge(self):
        self.goods()
        record = self.record
        self.step("relief", "2025-04-10")
        record.write({"retention_of_title": True, "retention_file": b64encode(b"Clause")})
        self.assertEqual(
            self.todos(),
            {
                ("Declare the claim", day("2025-03-28")),
                ("Claim the goods under retention of title", day("2025-04-28")),
            },
        )
        with self.assert_refused(UserError, "List the goods first"):
            record.action_print_retention()
        record.action_list_goods()
        listed = record.good_ids
        self.assertEqual(listed.mapped("name"), ["Chairs", "Tables"])
        self.assertEqual(listed.mapped("amount"), [600, 300])
        listed[1].write({"whereabouts": "resold", "lots": "T-17, T-18"})
        record.action_list_goods()
        self.assertEqual(record.good_ids, listed)
        letter = self.letter()
        for text in ("L. 624-9", "R. 624-13", "L. 624-18", self.old.name, "Chairs", "T-17, T-18"):
            self.assertIn(text, letter)
        self.assertRegex(letter, "unpaid at the opening: .*900[.]00")
        self.assertIn("Étude Exemple", letter)
        record.administrator_id = self.judge
        self.assertNotIn("Étude Exemple", self.letter())
        self.assertNotIn("Advice", letter)
        self.step("goods_asked", "2025-02-20", registered_number="1A 000 000 0000 0")
        self.assertIn(("Ask the juge-commissaire for the goods", day("2025-04-20")), self.todos())
        self.step("goods_refused", "2025-03-05")
        self.assertIn(("Ask the juge-commissaire for the goods", day("2025-04-05")), self.todos())
        clocks = self.clocks()
        self.assertIn("to check", clocks)
        self.step("goods_judge", "2025-03-20")
        self.assertEqual(self.todos(), {("Declare the claim", day("2025-03-28"))})

    def test_goods_paid_or_left_out_are_not_claimed(self):
        self.goods()
        with self.on("2025-01-10"):
            self.pay(self.old)
        self.record.retention_of_title = True
        with self.assert_refused(UserError, "No goods stand"):
            self.record.action_list_goods()
        self.env["account.dunning.insolvency.good"].create(
            {"insolvency_id": self.record.id, "name": "Shelf", "claimed": False}
        )
        self.assertFalse(self.record._claims_goods())
        with self.assert_refused(UserError, "List the goods first"):
            self.record.action_print_retention()

    # -- After the judgment ------------------------------------------------------------------------

    def test_what_is_unpaid_since_the_judgment_is_told_within_a_year(self):
        after = self.invoice(self.partner, "2025-05-25", 70, invoice_date="2025-04-20")
        self.assertEqual(self.record.amount_later, 70)
        self.assertEqual(self.record.action_view_later()["res_id"], self.items(after).id)
        self.declared()
        self.assertNotIn("L. 622-17", self.clocks())
        self.step("observation", "2025-07-01")
        self.assertIn("L. 622-17", self.clocks())
        self.assertFalse(self.acts("2026-05-01"))
        self.assertEqual(
            self.acts("2026-05-20"),
            [
                (
                    "Tell the representative what is unpaid since the judgment",
                    "by 07/01/2026 (C. com. L. 622-17, to check)",
                )
            ],
        )
        self.step("later", "2026-05-25")
        self.assertFalse(self.acts("2026-05-26"))

    # -- Dividends ---------------------------------------------------------------------------------

    def test_dividends_are_a_plan_of_the_proceedings(self):
        lines = self.planned()
        self.assertEqual(
            [(str(line.date), line.percent, line.amount) for line in lines],
            [
                ("2026-01-10", 33.33, 399.96),
                ("2027-01-10", 33.33, 399.96),
                ("2028-01-10", 33.34, 400.08),
            ],
        )
        self.assertEqual(
            self.todos(),
            {
                (self.missed(399.96), day("2026-01-13")),
                ("Look whether the dividend came", day("2027-01-13")),
            },
        )

    def missed(self, amount):
        told = format_amount(self.env, amount, self.record.euro_id)
        return f"Dividend of 01/10/2026: {told} did not come"

    def test_a_payment_is_matched_and_warns_of_nothing(self):
        lines = self.planned()
        warnings = self.record.activity_ids
        with self.on("2026-01-09"):
            self.pay(self.old, 399.96)
        self.assertEqual(self.todos(), {("Look whether the dividend came", day("2027-01-13"))})
        lines.invalidate_recordset()
        self.assertEqual(lines.mapped("state"), ["kept", "waiting", "waiting"])
        self.assertEqual(self.record.amount_dividends, 399.96)
        self.assertFalse((self.record.activity_ids - warnings).filtered("note"))
        self.assertFalse(self.acts())

    def test_what_was_paid_before_the_plan_is_no_dividend(self):
        with self.on("2025-05-01"):
            self.pay(self.old, 300)
        lines = self.planned()
        self.assertEqual(lines.mapped("received"), [0, 0, 0])

    def test_a_missed_dividend_is_a_to_do_and_never_a_reminder(self):
        self.planned()
        mails = self.env["mail.mail"].search_count([])
        self.assertEqual(self.acts("2026-01-13"), [])
        self.assertEqual(
            self.acts("2026-01-14"), [("Dividend not received", "expected on 01/10/2026")]
        )
        self.prepare()
        self.assert_stopped(self.old, "hold")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_each_night_the_dividends_that_did_not_come_are_named_once(self):
        self.planned()
        look = "Look whether the dividend came"
        with self.on("2026-01-14"):
            for _night in range(2):
                self.run_cron("plans")
                self.assertEqual(
                    self.todos(),
                    {
                        (self.missed(399.96), day("2026-01-13")),
                        (look, day("2027-01-13")),
                    },
                )
                self.assertEqual(len(self.record.activity_ids), 2)
            kept = self.record.activity_ids
            self.run_cron("plans")
            self.assertEqual(self.record.activity_ids, kept, "the same, not made anew")
            self.pay(self.old, 100)
            self.run_cron("plans")
            self.assertIn((self.missed(299.96), day("2026-01-13")), self.todos())
            self.pay(self.old, 299.96)
            self.run_cron("plans")
            self.assertEqual(self.todos(), {(look, day("2027-01-13"))})
        self.step("liquidation", "2026-02-01")
        with self.on("2027-02-01"):
            self.run_cron("plans")
            self.assertEqual(self.todos(), set(), "no plan any more")

    def test_what_no_plan_can_pay_is_refused(self):
        with self.assert_refused(UserError, "Record the admission"):
            self.record.action_compute_dividends()
        self.planned()
        with self.assert_refused(ValidationError, "more than the claim"):
            self.record.dividend_ids = [Command.create({"date": "2029-01-10", "percent": 0.5})]
        self.record.plan_years = 31
        with self.assert_refused(UserError, "1 to 30"):
            self.record.action_compute_dividends()

    # -- Conversion --------------------------------------------------------------------------------

    def test_a_conversion_has_its_day_and_its_liquidator(self):
        lines = self.planned()
        liquidator = self.env["res.partner"].create({"name": "SELARL Exemple"})
        self.assertFalse(self.record.liquidation_on)
        step = self.step("liquidation", "2026-01-05", by_id=liquidator.id)
        self.assertEqual(self.record.liquidation_on, day("2026-01-05"))
        self.assertEqual(self.record.representative_id, liquidator)
        self.assertIn("liquidation since 01/05/2026", self.record.display_name)
        self.assertFalse(self.todos())
        lines.invalidate_recordset()
        self.assertEqual(set(lines.mapped("state")), {"waiting"})
        self.assertFalse(self.acts())
        with self.on("2026-01-20"):
            self.pay(self.old, 100)
        self.assertTrue(self.record.activity_ids.filtered("note"))
        found = self.env["account.dunning.insolvency"].search(
            [("liquidation_on", "<=", "2026-01-05"), ("state", "!=", "cancelled")]
        )
        self.assertIn(self.record, found)
        step.sudo().unlink()
        self.assertFalse(self.record.liquidation_on)

    def test_a_liquidation_opened_as_such_is_one_from_the_judgment(self):
        self.record.kind = "liquidation"
        self.assertEqual(self.record.liquidation_on, day(JUDGMENT))
        with self.assert_refused(ValidationError, "liquidation already"):
            self.step("liquidation", "2025-06-01")

    # -- Where it shows ----------------------------------------------------------------------------

    def test_the_chronology_and_the_customer_tell_it(self):
        self.declared()
        proof = b64encode(b"Order of the judge")
        step = self.step(
            "admitted", "2025-06-10", amount=900, by_id=self.judge.id, file=proof, file_name="a.pdf"
        )
        events = self.env["account.dunning.chronology"]._get_insolvency_events(
            self.partner, self.company, None
        )
        last = events[-1]
        self.assertEqual((last.on, last.title, last.amount), (step.date, "Claim admitted", 900))
        self.assertEqual((last.detail, len(last.proofs)), ("Juge-commissaire", 1))
        (part,) = self.env["account.dunning.customer"]._get_insolvency_parts(
            self.partner, self.company, day(TODAY)
        )
        self.assertEqual(part.rows[0]["detail"], "Admitted in part")

    def test_without_proceedings_nothing_is_told(self):
        self.record.action_cancel()
        self.assertFalse(self.acts())
        self.assertFalse(self.todos())
        (part,) = self.env["account.dunning.customer"]._get_insolvency_parts(
            self.partner, self.company, day(TODAY)
        )
        self.assertFalse(part.rows)
