"""What stands beside each way to a title: lawyer, filing, fees typed, own files, the hearing."""

from lxml import html

from odoo.exceptions import AccessError, ValidationError
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
