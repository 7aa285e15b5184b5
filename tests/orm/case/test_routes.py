"""What stands beside each way to a title: lawyer, filing, fees typed, own files, the hearing."""

from lxml import html

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..case_common import CaseCommon
from ..dunning_common import day


@tagged("post_install", "-at_install")
class TestRoutes(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Fee = cls.env["account.dunning.route.fee"].with_user(cls.manager)
        cls.make_once("make_case")

    def make_case(self):
        self.case = self.prepare_case()

    def told(self, route="order_commercial", case=None):
        """Return the lines beside a route, ``{label of the line: [texts]}``."""
        case = case or self.case
        (advice,) = (
            advice for advice in case.finding_ids._get_advices(case) if advice["route"] == route
        )
        found, label = {}, ""
        for line in advice["told"]:
            label = line["label"] or label
            found.setdefault(label, []).append(line["text"])
        return found

    def found(self, code, case=None):
        """Return the finding of this code, or an empty record."""
        findings = (case or self.case).finding_ids
        return findings.filtered(lambda finding: finding.code == code)

    def test_a_closed_route_is_told_as_soon_as_it_is_chosen(self):
        self.assertFalse(self.found("route_closed"))
        self.case.route = "small_claim"
        self.assertEqual(self.found("route_closed").level, "forbidden")
        (advice,) = (
            a for a in self.case.finding_ids._get_advices(self.case) if a["route"] == "small_claim"
        )
        self.assertIn(f"{advice['label']}: {advice['reason']}", self.found("route_closed").message)
        self.assertEqual(self.found("route_closed").source, advice["source"])
        with self.fast_print(), self.assert_refused(UserError, "closed here"):
            self.case.action_generate()
        self.case.merchant = "no"
        self.case.route = "order_commercial"
        self.assertEqual(self.found("route_closed").level, "warning")
        self.found("route_closed").action_mend()
        self.assertEqual(self.case.route, "order_judicial")
        self.assertFalse(self.found("route_closed"))

    def test_what_was_accepted_of_a_route_is_not_of_the_next_one(self):
        self.case.route = "order_judicial"
        self.found("route_closed")._accept("Not a merchant, as we read its statutes")
        self.assertFalse(self.found("route_closed").is_open)
        self.case.action_examine()
        self.assertFalse(self.found("route_closed").is_open)
        self.case.route = "order_protection"
        self.assertTrue(self.found("route_closed").is_open)

    def test_a_court_that_is_none_for_the_claim_is_told(self):
        courts = self.env["account.dunning.court"]
        right = self.case.court_id
        for code, domain in (
            ("court_kind", [("kind", "=", "tj"), ("departments", "=", "75")]),
            ("court_place", [("kind", "=", "tc"), ("departments", "!=", "75")]),
        ):
            with self.subTest(code=code):
                self.case.court_id = courts.search(domain, limit=1)
                self.assertEqual(self.found(code).level, "warning")
                self.assertIn(self.case.court_id.name, self.found(code).message)
                self.case.court_id = right
                self.assertFalse(self.found(code))

    def test_the_words_of_a_point_follow_the_route(self):
        self.case.sudo().unlink()
        case = self.prepare_case(self.invoice(self.partner, "2021-08-31", 900))
        self.hold(move_id=case.move_ids.id, reason="dispute")
        case.action_examine()
        told = {
            "order_commercial": ("service of the order", "expect an opposition"),
            "summons": ("even for an interim payment", "the judge tries it"),
            "administrative": ("written demand to the public body", "seriously be contested"),
            "declaration": ("declaration of the claim interrupts", "in full all the same"),
            "mediation": ("Nothing done on this route", "settle it first"),
        }
        for route, (limit, dispute) in told.items():
            with self.subTest(route=route):
                case.route = route
                self.assertIn(limit, self.found("limit_near", case).message)
                self.assertIn(dispute, self.found("disputed", case).message)
                is_order = route == "order_commercial"
                words = (
                    self.found("limit_near", case).message + self.found("disputed", case).message
                )
                self.assertEqual("order" in words, is_order)

    def test_after_a_liquidation_no_order_is_advised(self):
        proceedings = self.env["account.dunning.insolvency"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "kind": "liquidation",
                "date_opening": "2026-02-15",
            }
        )
        self.case.action_examine()
        self.assertEqual(self.found("insolvent").level, "forbidden")
        proceedings.action_close()
        self.case.route = "order_commercial"
        self.assertFalse(self.found("insolvent") + self.found("solvent"))
        self.assertEqual(self.found("liquidated").level, "warning")
        self.assertEqual(self.found("liquidated").source, "C. com. L. 643-11, R. 643-20")
        self.assertIn("an order to pay is not open", self.found("liquidated").message)
        # Dated before it opened: what was invoiced on the day or later is as free as any claim.
        before = self.moves.filtered(lambda move: str(move.invoice_date) < "2026-02-15")
        self.assertEqual(self.found("liquidated").item_ids.move_id, before)
        self.assertTrue(before)
        advices = self.case.finding_ids._get_advices(self.case)
        self.assertNotIn("advised", [advice["standing"] for advice in advices])

    def fee(self, **values):
        return self.Fee.create(
            {
                "route": "order_commercial",
                "name": "Fee of the registry",
                "amount": 31.5,
                "seen_on": "2026-05-20",
                "source": "Page of the court",
                **values,
            }
        )

    def test_each_route_says_who_files_and_what_an_opposition_does(self):
        told = self.told()
        self.assertEqual(told["Lawyer"], ["None is compulsory."])
        self.assertIn("The creditor, or any agent, files", told["Filing"][0])
        self.assertIn(
            "within 15 days of the registry’s invitation", " ".join(told["If the debtor opposes"])
        )
        self.assertNotIn("If the debtor opposes", self.told("summons"))
        self.assertFalse(self.told("european"))
        page = html.fromstring(str(self.case.advice_html))
        self.assertIn("to check", page.text_content())
        self.assertTrue(page.xpath("//details[@open]"))

    def test_above_ten_thousand_the_lawyer_is_told(self):
        self.invoice(self.partner, "2026-03-31", 9000)
        more = self.env["account.move"].search([("partner_id", "=", self.partner.id)])
        self.case.sudo().unlink()
        case = self.prepare_case(more.filtered(lambda move: move.move_type == "out_invoice"))
        self.assertIn("one if the debtor opposes", self.told(case=case)["Lawyer"][0])
        self.assertEqual(
            self.told("summons", case)["Lawyer"], ["Compulsory above 10,000 euros, as here."]
        )
        case.merchant = "no"
        opposed = " ".join(self.told("order_judicial", case)["If the debtor opposes"])
        self.assertIn("lawyer within 15 days of the notification", opposed)

    def test_fees_are_those_that_a_person_typed_with_their_source(self):
        self.assertNotIn("Fees", self.told())
        elsewhere = self.env["account.dunning.court"].search(
            [("id", "!=", self.case.court_id.id)], limit=1
        )
        self.fee(court_id=self.case.court_id.id)
        self.fee(name="Service", amount=60, source="Tariff")
        self.fee(name="Elsewhere", court_id=elsewhere.id)
        self.fee(name="Another way", route="summons")
        texts = self.told()["Fees"]
        self.assertEqual(len(texts), 2)
        self.assertIn("31.50", " ".join(texts))
        page = str(self.case.advice_html)
        self.assertIn("Page of the court, read on 05/20/2026", page)
        action = self.case.action_view_fees()
        self.assertEqual(action["context"]["default_court_id"], self.case.court_id.id)

    def test_a_fee_has_a_day_and_a_source_and_is_typed_by_managers(self):
        with self.assert_refused(ValidationError, "day to come"):
            self.fee(seen_on="2026-06-02")
        fee = self.fee()
        with self.assertRaises(AccessError):
            fee.with_user(self.biller).amount = 1
        self.assertEqual(fee.with_user(self.biller).amount, 31.5)
        stranger = self.new_user(
            "fee_stranger",
            "account_dunning_fr.group_dunning_manager",
            company=self.env["res.company"].sudo().create({"name": "Other"}),
        )
        with self.assertRaises(AccessError):
            fee.with_user(stranger).read(["amount"])

    def closed(self, left, titled, ended, reason, route="order_commercial"):
        case = self.Case.sudo().create(
            {"company_id": self.company.id, "partner_id": self.partner.id, "route": route}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_dunning_case SET handover_on = %s, enforceable_on = %s,"
            " closed_on = %s, close_reason = %s, state = 'closed' WHERE id = %s",
            (left, titled or None, ended, reason, case.id),
        )
        self.env.invalidate_all()

    def test_days_and_success_are_those_of_own_closed_files(self):
        self.assertNotIn("Own files", self.told())
        self.closed("2026-01-01", "2026-03-02", "2026-04-01", "paid")
        self.closed("2026-01-01", "2026-04-11", "2026-05-21", "lost")
        self.closed("2026-01-01", False, "2026-01-03", "withdrawn")
        self.closed("2026-01-01", False, "2026-01-03", "withdrawn", route="summons")
        self.assertEqual(
            self.told()["Own files"],
            [
                "2 closed, 1 paid in full (50 %), in 115 days (median); "
                "a title for 2, in 80 days (median); 1 withdrawn, not counted"
            ],
        )
        self.assertNotIn("Own files", self.told("summons"))

    def test_the_hearing_is_a_clock_with_its_to_do(self):
        self.case.sudo().unlink()
        case = self.hand_case_over(self.ready_case(), sending="none").sudo()
        case.write(
            {
                "filed_on": "2026-04-02",
                "order_on": "2026-04-10",
                "served_on": "2026-04-20",
                "opposed_on": "2026-05-10",
                "hearing_on": "2026-07-10",
            }
        )
        clock = case.clock_ids.filtered(lambda clock: clock.kind == "hearing")
        self.assertEqual((clock.last_day, clock.ours), (day("2026-07-10"), True))
        self.assertIn("to check (CPC 1418)", clock.caution)
        case._tell_clocks()
        self.assertIn("Hearing after the opposition", case.activity_ids.mapped("summary"))
        case.hearing_on = False
        self.assertFalse(case.clock_ids.filtered(lambda clock: clock.kind == "hearing"))
        self.assertNotIn("Hearing after the opposition", case.activity_ids.mapped("summary"))
