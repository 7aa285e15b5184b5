"""The wizard « Préparer une injonction de payer »: what is missing is seen, and mended, in it."""

from base64 import b64encode

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..case_common import CaseCommon, pdf


@tagged("post_install", "-at_install")
class TestCaseWizard(CaseCommon):
    def open_wizard(self, moves=None):
        """Open the wizard on these invoices, and examine the claim."""
        moves = self.moves if moves is None else moves
        action = moves.with_user(self.manager).action_prepare_dunning_case()
        wizard = self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])
        with self.fast_print():
            wizard.action_next()
        return wizard

    def finding(self, wizard, code):
        wizard.invalidate_recordset()
        return wizard.finding_ids.filtered(lambda finding: finding.code == code)

    # -- Steps -------------------------------------------------------------------------------------

    def test_the_first_step_opens_the_file_and_shows_its_examination(self):
        wizard = self.open_wizard()
        self.assertEqual((wizard.step, wizard.case_id.state), ("examination", "preparation"))
        self.assertEqual(wizard.finding_ids, wizard.case_id.finding_ids)
        self.assertIn("no_notice", wizard.finding_ids.mapped("code"))
        self.assertEqual(wizard.amount_claimed, wizard.case_id.amount_total)
        self.assertFalse(wizard.is_settled)

    def test_going_back_changes_what_is_claimed(self):
        wizard = self.open_wizard()
        case = wizard.case_id
        wizard.action_back()
        self.assertEqual((wizard.step, wizard.item_ids), ("items", case.item_ids.move_line_id))
        wizard.item_ids = self.items(self.first_invoice)
        with self.fast_print():
            wizard.action_next()
        self.assertEqual((wizard.case_id, case.item_ids.move_id), (case, self.first_invoice))
        self.assertEqual(case.amount_principal, 5000)

    def test_what_another_file_claims_is_not_offered(self):
        self.prepare_case(self.first_invoice)
        wizard = self.open_wizard(self.second_invoice)
        self.assertEqual(wizard.candidate_ids.move_id, self.second_invoice)

    def test_step_by_step_from_the_file_to_the_archive(self):
        wizard = self.open_wizard()
        for finding in wizard.finding_ids.filtered("is_open"):
            finding._accept("Known and accepted")
        with self.fast_print():
            wizard.action_next()
            wizard.court_candidate_ids.with_context(dunning_case_id=wizard.case_id.id)[
                0
            ].action_choose()
            self.assertEqual(wizard.court_confirmed_by, self.manager)
            wizard.action_next()
            with self.assert_refused(UserError, "Pieces are missing"):
                wizard.action_generate()
            for piece in wizard.piece_ids.filtered(lambda piece: piece.state == "missing"):
                piece._leave_out("Kept on paper")
            wizard.action_refresh()
            for finding in wizard.finding_ids.filtered("is_open"):
                finding._accept("Known and accepted")
            self.assertTrue(wizard.is_settled)
            wizard.action_generate()
        self.assertEqual(wizard.step, "done")
        self.assertTrue(wizard.dossier_id)
        self.assertEqual(wizard.action_hand_over()["res_model"], "account.dunning.case.handover")

    def test_a_file_in_preparation_is_gone_on_with(self):
        case = self.prepare_case()
        action = case.action_prepare_steps()
        wizard = self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])
        self.assertEqual((wizard.case_id, wizard.step), (case, "examination"))
        self.assertEqual(wizard.item_ids, case.item_ids.move_line_id)

    def test_abandoned_it_leaves_nothing_behind(self):
        wizard = self.open_wizard()
        case = wizard.case_id
        wizard.action_abandon()
        self.assertFalse(case.exists())
        self.assertFalse(self.first_invoice.dunning_case_id)

    # -- Mending -----------------------------------------------------------------------------------

    def test_an_upload_settles_its_point_at_once(self):
        wizard = self.open_wizard()
        finding = self.finding(wizard, "no_contract")
        self.assertEqual((finding.mend, finding.is_open), ("upload", True))
        action = finding.action_mend()
        piece = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((piece.category, piece.state), ("order", "missing"))
        piece.with_user(self.biller).write({"file_name": "order.pdf", "file": b64encode(pdf())})
        self.assertFalse(self.finding(wizard, "no_contract"))
        piece.with_user(self.manager)._leave_out("Another one is better")
        self.assertTrue(self.finding(wizard, "no_contract"))
        self.assertEqual(self.finding(wizard, "no_contract").action_mend()["res_id"], piece.id)
        self.assertFalse(piece.left_out)

    def test_the_items_concerned_are_taken_out(self):
        self.hold(move_id=self.first_invoice.id, reason="dispute")
        wizard = self.open_wizard()
        finding = self.finding(wizard, "disputed")
        self.assertEqual((finding.mend, finding.item_ids.move_id), ("take_out", self.first_invoice))
        with self.fast_print():
            finding.action_mend()
        self.assertEqual(wizard.case_id.item_ids.move_id, self.second_invoice)
        self.assertEqual(wizard.case_id.amount_principal, 2000)
        self.assertFalse(self.finding(wizard, "disputed"))

    def test_a_file_never_becomes_empty(self):
        self.hold(move_id=self.first_invoice.id, reason="dispute")
        wizard = self.open_wizard(self.first_invoice)
        with self.assert_refused(UserError, "all that the file claims"):
            self.finding(wizard, "disputed").action_mend()

    def test_a_proof_of_receipt_is_asked_for_under_its_notice(self):
        notice = self.notice(self.formal_notice, "2026-05-01", *self.moves)
        wizard = self.open_wizard()
        finding = self.finding(wizard, "notice_unproven")
        piece = self.env["account.dunning.case.piece"].browse(finding.action_mend()["res_id"])
        self.assertEqual((piece.notice_id, piece.proves_receipt), (notice, True))
        self.assertEqual(finding.action_mend()["res_id"], piece.id, "asked for once")
        piece.write({"file_name": "receipt.pdf", "file": b64encode(pdf())})
        self.assertFalse(self.finding(wizard, "notice_unproven"))

    def test_each_button_leads_to_where_its_point_is_settled(self):
        self.payment(self.partner, 200)
        self.partner.dunning_regime = False
        wizard = self.open_wizard()
        leads = {
            finding.code: finding.action_mend()["res_model"]
            for finding in wizard.finding_ids
            if finding.mend in ("notice", "customer", "credits")
        }
        self.assertEqual(
            leads,
            {
                "no_notice": "account.dunning.chase",
                "regime_unknown": "res.partner",
                "credits": "account.move.line",
            },
        )

    def test_what_is_accepted_or_in_order_has_no_button(self):
        wizard = self.open_wizard()
        finding = self.finding(wizard, "no_contract")
        finding._accept("Orders by telephone")
        self.assertFalse(finding.mend)
        self.assertFalse(self.finding(wizard, "due").mend)
        self.assertFalse(self.finding(wizard, "due").action_mend())

    def test_what_is_owed_to_the_debtor_as_a_supplier_is_told(self):
        case = self.prepare_case()

        def owe(amount, due, move_type="in_invoice", post=True):
            return self.invoice(
                self.partner, due, amount, move_type=move_type, ref=f"F {amount}", post=post
            )

        def told():
            case.sudo()._refresh()
            return case.finding_ids.filtered(lambda finding: finding.code == "set_off")

        owe(70, "2026-12-31")  # not due yet
        owe(60, "2026-01-31", post=False)
        self.assertFalse(told())
        owe(500, "2026-03-31")
        owe(120, "2026-03-31", "in_refund")
        self.assertIn("380", told().message)
        shown = told().action_mend()
        self.assertEqual(shown["res_model"], "account.move.line")
        owe(900, "2026-03-31", "in_refund")
        self.assertFalse(told())

    # -- Court and mentions ------------------------------------------------------------------------

    def test_mentions_are_filled_in_on_the_page_and_kept_on_the_parties(self):
        self.company.dunning_representative = False
        wizard = self.open_wizard()
        self.assertIn("who represents", self.finding(wizard, "mentions").message)
        wizard.write({"creditor_representative": "Ms Martin, chairwoman", "debtor_form": "SARL"})
        self.assertEqual(self.company.dunning_representative, "Ms Martin, chairwoman")
        self.assertEqual(self.partner.dunning_legal_form, "SARL")
        self.assertEqual(self.partner.city, "Paris")
        self.assertFalse(self.finding(wizard, "mentions"))

    def test_a_legal_form_that_is_not_commercial_leads_to_the_judicial_court(self):
        wizard = self.open_wizard()
        case = wizard.case_id
        self.assertEqual((case.merchant, case.route), ("yes", "order_commercial"))
        wizard.debtor_form = "Association loi 1901"
        self.assertEqual(case.merchant, "no")
        self.assertIn("route_closed", case.finding_ids.mapped("code"))
        case.action_take_advised_route()
        self.assertEqual((case.route, case.court_id.kind), ("order_judicial", "tj"))
        case.merchant = "yes"  # who decided otherwise is not corrected
        wizard.debtor_form = "Fondation"
        self.assertEqual(case.merchant, "yes")

    def test_a_legal_form_corrected_on_the_contact_is_followed_too(self):
        case = self.open_wizard().case_id
        self.partner.dunning_legal_form = "Association loi 1901"
        self.assertEqual(case.merchant, "no")
        self.assertIn("route_closed", case.finding_ids.mapped("code"))
        self.assertFalse(case.court_id.is_commercial)
        self.partner.dunning_legal_form = "SARL"
        self.assertEqual((case.merchant, case.court_id.is_commercial), ("yes", True))
        self.partner.dunning_regime = "b2c"
        self.assertEqual(case.merchant, "no")
        self.partner.dunning_regime = "b2b"
        case.merchant = "no"  # who decided otherwise is not corrected
        self.partner.write({"dunning_legal_form": "SAS", "dunning_regime": False})
        self.assertEqual(case.merchant, "no")

    def test_another_court_or_order_of_courts_asks_for_a_new_confirmation(self):
        case = self.open_wizard().case_id
        case.action_confirm_court()
        other = self.env["account.dunning.court"].search(
            [("is_commercial", "=", True), ("id", "!=", case.court_id.id)], limit=1
        )
        case.court_id = other
        self.assertFalse(case.court_confirmed_by)
        case.action_confirm_court()
        case.merchant = "no"
        case.route = "order_judicial"
        self.assertFalse(case.court_confirmed_by)
        self.assertFalse(case.court_id.is_commercial)

    def test_a_court_is_chosen_for_a_file_by_a_manager(self):
        case = self.open_wizard().case_id
        court = case.court_id
        with self.assert_refused(UserError, "Open the file first"):
            court.with_user(self.manager).action_choose()
        with self.assert_refused(AccessError, "dunning managers"):
            court.with_user(self.biller).with_context(dunning_case_id=case.id).action_choose()
