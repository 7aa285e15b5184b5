"""The procedure for uncontested claims as a file of its own, and what a wrong opposition leaves."""

import re
from io import BytesIO
from zipfile import ZipFile

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..case_common import CaseCommon
from ..dunning_common import day

DECREE = "décret n° 2026-999 du 1er mai 2026"


@tagged("post_install", "-at_install")
class TestUncontested(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"  # in which the to-dos speak
        cls.company.write({"dunning_uncontested": True, "dunning_uncontested_decree": DECREE})
        cls.left = cls("test_only_managers_lead_it").hand_over()  # once: each test goes on from it

    def hand_over(self):
        """Return a file that takes this way, complete and handed over."""
        case = self.prepare_case()
        case.route = "uncontested"
        return self.hand_case_over(self.complete(case), sending="none")

    def taken_back(self):
        """Return the same file, in preparation again."""
        self.left.action_back_to_preparation()
        return self.left

    def clock(self, case, kind):
        return case.clock_ids.filtered(lambda clock: clock.kind == kind)

    # -- Conditions --------------------------------------------------------------------------------

    def test_it_is_switched_on_with_the_decree_that_was_read(self):
        for decree in (False, "", "  "):
            with self.assert_refused(ValidationError, "number and the date of the decree"):
                self.company.dunning_uncontested_decree = decree
            self.company.invalidate_recordset()
        case = self.taken_back()
        (finding,) = case.finding_ids.filtered(lambda finding: finding.code == "decree")
        self.assertIn(DECREE, finding.message)
        self.assertIn("uncontested", case.listed_routes.split(","))
        self.company.dunning_uncontested = False
        case.invalidate_recordset()
        case.action_examine()
        self.assertIn("no_decree", self.codes(case, "forbidden"))
        with self.fast_print(), self.assert_refused(UserError, "not switched on"):
            case.action_generate()
        case.route = "summons"
        self.assertNotIn("uncontested", case.listed_routes.split(","))

    def test_its_conditions_are_points_of_the_examination(self):
        case = self.taken_back()
        self.assertLessEqual({"decree", "traders", "invoiced"}, self.codes(case))
        (traders,) = case.finding_ids.filtered(lambda finding: finding.code == "traders")
        self.assertEqual((traders.level, traders.accepted_by), ("warning", self.manager))
        case.merchant = "no"
        case.action_examine()
        self.assertIn("not_traders", self.codes(case, "forbidden"))
        self.env["account.dunning.dispute"].create({"move_id": self.first_invoice.id})
        case.merchant = "yes"
        case.action_examine()
        self.assertIn("contested", self.codes(case, "forbidden"))

    # -- Papers ------------------------------------------------------------------------------------

    def test_the_commissaire_de_justice_gets_his_instructions(self):
        case = self.left
        kinds = set(case.document_ids.mapped("kind"))
        self.assertIn("commandement", kinds)
        self.assertFalse(kinds & {"request", "data_sheet"})
        report = self.env["ir.actions.report"].sudo()
        reference = "account_dunning_fr.report_case_commandement"
        page = report._render_qweb_html(reference, case.ids)[0].decode()
        for text in (DECREE, "404\xa0833\xa0048", self.first_invoice.name):
            self.assertIn(text, page)
        documents = case.env["account.dunning.case.document"]
        self.assertIn("draw up the record", documents._get_mandate_text(case))
        self.assertIn("have the commandement served", documents._get_mandate_power(case))

    # -- Course ------------------------------------------------------------------------------------

    def test_each_date_makes_the_state_and_its_clocks(self):
        case = self.left
        limit = self.clock(case, "limitation").last_day
        with self.on("2027-03-01"):
            case.command_on = "2026-10-15"
            self.assertEqual(case.state, "commanded")
            self.assertEqual(self.clock(case, "reply").last_day, day("2026-11-16"))
            wait = self.clock(case, "record_wait")
            self.assertEqual(wait.unextended, day("2026-11-23"))
            self.assertEqual(wait.last_day, day("2026-11-24"))
            self.assertIn("to check", wait.caution)
            self.assertNotIn("dated before", wait.caution)
            case.record_on = "2026-11-20"
            self.assertIn("dated before the end", wait.caution)
            case.record_on = "2026-11-25"
            self.assertEqual(case.state, "recorded")
            self.assertEqual(self.clock(case, "reply").done_on, day("2026-11-25"))
            served = self.clock(case, "record_service")
            self.assertEqual((served.last_day, served.ours), (day("2027-05-25"), True))
            self.assertEqual(self.clock(case, "limitation").last_day, limit)
            case.enforceable_on = "2026-12-10"
            self.assertEqual(case.state, "enforceable")
            case.record_served_on = "2027-01-08"
            self.assertEqual(served.done_on, day("2027-01-08"))
            self.assertFalse(self.clock(case, "opposition") | self.clock(case, "execution"))
            with self.assert_refused(ValidationError, "cannot come before"):
                case.record_on = "2026-10-01"

    def test_the_end_of_the_wait_and_the_service_are_told(self):
        case = self.left
        with self.on("2026-10-20"):
            case.command_on = "2026-10-15"
        told = {}
        for on in ("2026-11-16", "2026-11-17", "2026-11-24", "2026-11-25"):
            with self.on(on):
                self.run_cron("case_clocks")
                told[on] = len(case.activity_ids)
        self.assertEqual(list(told.values()), [0, 1, 1, 2])
        with self.on("2026-11-26"):
            case.record_on = "2026-11-25"
            self.assertFalse(case.activity_ids)
        with self.on("2027-04-10"):
            self.run_cron("case_clocks")
            self.assertEqual(case.activity_ids.summary, "Enforceable record to be served")

    def test_a_contestation_leads_to_an_order_with_the_same_sums(self):
        case = self.left
        claimed = (case.amount_total, case.date, case.item_ids.mapped("amount_at_handover"))
        with self.on("2026-11-03"):
            with self.assert_refused(UserError, "debtor contested first"):
                case._ask_for_order(case.candidate_ids)
            case.command_on = "2026-10-15"
            case.contested_on = "2026-11-02"
            self.assertEqual(case.state, "contested")
            left = case.clock_ids.filtered(lambda clock: not clock.done_on).mapped("kind")
            self.assertEqual(left, ["limitation"])
            action = case.action_ask_for_order()
            dialog = self.env[action["res_model"]].with_user(self.manager)
            dialog = dialog.with_context(**action["context"]).create({})
            self.assertEqual(dialog.court_id.code, "tc_paris")
            dialog.action_confirm()
            self.assertEqual((case.route, case.state), ("order_commercial", "handed_over"))
            self.assertEqual(case.court_id.code, "tc_paris")
            self.assertEqual(case.court_confirmed_by, self.manager)
            now = (case.amount_total, case.date, case.item_ids.mapped("amount_at_handover"))
            self.assertEqual(now, claimed)
            self.assert_stopped(self.first_invoice, "hold")
            self.generate(case)
            self.assertIn("request", case.document_ids.mapped("kind"))
            self.assertEqual(case.amount_total, claimed[0])
            titles = [
                event.title
                for event in self.env["account.dunning.chronology"]._get_events(
                    case.partner_id, case.company_id, case.move_ids
                )
            ]
            self.assertIn("Contestation of the debtor", titles)
            # Typed by mistake: the commandement goes on.
            case.action_undo_contestation()
            self.assertEqual((case.route, case.state), ("uncontested", "commanded"))
            self.assertFalse(self.clock(case, "reply").done_on)
            with self.assert_refused(UserError, "No contestation"):
                case.action_undo_contestation()

    def test_only_managers_lead_it(self):
        case = self.left
        with self.on("2026-11-03"):
            case.write({"command_on": "2026-10-15", "contested_on": "2026-11-02"})
            for name in ("action_ask_for_order", "action_undo_contestation"):
                with self.assertRaises(AccessError):
                    getattr(case.with_user(self.biller), name)()

    # -- An opposition typed by mistake ------------------------------------------------------------

    def test_an_opposition_typed_by_mistake_leaves_nothing_behind(self):
        case = self.left
        case.sudo().route = "order_commercial"
        with self.on("2026-12-02"):
            case.write({"filed_on": "2026-06-10", "order_on": "2026-09-01"})
            case.write({"served_on": "2026-10-15", "fees_on": "2026-06-11"})
        with self.on("2026-12-16"):
            self.run_cron("case_clocks")  # the month of the opposition, and the wait, are over
            waited = case.activity_ids.mapped("summary")
            case.opposed_on = "2026-11-10"
            case.write(
                {"told_on": "2026-11-12", "invited_on": "2026-11-12", "hearing_on": "2026-12-16"}
            )
            self.assertFalse(case.activity_ids)
            self.assertEqual(self.clock(case, "act_of_service").last_day, day("2026-12-16"))
            self.assertIn("to check", self.clock(case, "act_of_service").caution)
            with self.assertRaises(AccessError):
                case.with_user(self.biller).action_undo_opposition()
            case.action_undo_opposition()
            self.assertEqual(case.state, "served")
            self.assertFalse(case.told_on or case.invited_on or case.hearing_on)
            left = case.clock_ids.filtered(lambda clock: not clock.done_on).mapped("kind")
            self.assertEqual(set(left), {"opposition", "execution", "limitation"})
            self.run_cron("case_clocks")
            self.assertEqual(case.activity_ids.mapped("summary"), waited)
            with self.assert_refused(UserError, "No opposition"):
                case.action_undo_opposition()
        with self.on("2026-12-20"):
            case.write({"opposed_on": "2026-11-10", "told_on": "2026-11-12"})
            case.opposed_on = False  # cleared in the form: the same
            self.assertFalse(case.told_on)

    # -- Filing on line ----------------------------------------------------------------------------

    def test_the_page_of_filing_says_each_value_and_each_file(self):
        case = self.left
        sheet = case.with_user(self.biller).get_filing_sheet()
        values = {group["title"]: dict(group["rows"]) for group in sheet["groups"]}
        self.assertEqual(list(values)[:4], ["Court", "Claimant", "Debtor", "Sums asked"])
        self.assertEqual(values["Debtor"]["Post code"], "75008")
        self.assertEqual(values["Claimant"]["Legal form"], "SAS")
        total = f"{case.amount_total:.2f}".replace(".", ",")
        self.assertEqual(values["Sums asked"]["Total claimed"], total)
        self.assertIn(self.first_invoice.name, values["Claim"]["Invoices"])
        content, files = case.sudo().dossier_id.raw, sheet["files"]
        self.assertEqual(files[1]["name"], "00_Bordereau.pdf")
        names = ZipFile(BytesIO(content)).namelist()
        self.assertEqual(sorted(file["name"] for file in files), sorted(names))
        numbered = re.compile(r"(?:\d\d|[A-Z])_")
        self.assertTrue(all(file["url"] for file in files if numbered.match(file["name"])))
        self.assertTrue(numbered.match(files[0]["name"]))
        case.sudo().dossier_id = False
        self.assertFalse(case.get_filing_sheet()["files"])
        stranger = self.new_user("filing_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            case.with_user(stranger).get_filing_sheet()
