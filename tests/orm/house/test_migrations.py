"""What an update from a former build carries over, and that its views begin anew.

``./sandbox upgrade --since COMMIT`` updates a whole database of a former build.
"""

from odoo.modules.migration import load_script
from odoo.modules.module import get_module_path
from odoo.tests import tagged

from ..case_common import CaseCommon

ADDON = "account_dunning_fr"
FORMER_HOLDS = "account_dunning_case_account_dunning_hold_rel"


@tagged("post_install", "-at_install")
class TestMigrations(CaseCommon):
    def migrate(self, script):
        """Run one script as an update does, on what was written so far."""
        self.env.flush_all()
        path = f"{get_module_path(ADDON)}/migrations/{script}.py"
        load_script(path, script.rpartition("/")[2]).migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def sql(self, statement, *values):
        self.env.flush_all()
        self.env.cr.execute(statement, values)
        self.env.invalidate_all()

    def test_settings_and_confirmations_move_to_the_fields_that_took_their_place(self):
        rate = self.env["account.dunning.rate"].search([], limit=1)
        self.company.dunning_share_capital = 40000
        self.sql("ALTER TABLE res_company RENAME dunning_legal_form TO legal_form")
        self.sql("ALTER TABLE res_company RENAME dunning_rcs_city TO rcs_city")
        self.sql("ALTER TABLE res_company RENAME dunning_share_capital TO share_capital")
        self.sql("ALTER TABLE account_dunning_rate RENAME ecb_state TO state")
        self.sql("ALTER TABLE account_dunning_rate RENAME ecb_source TO source")
        self.env.cr.execute(
            "ALTER TABLE account_dunning_rate DROP legal_state, DROP legal_source; "
            "UPDATE res_company SET legal_form = 'SARL', rcs_city = 'Lyon' WHERE id = %s; "
            "UPDATE account_dunning_rate SET state = 'confirmed', "
            """source = '{"en_US": "Seen", "fr_FR": "Vu"}' WHERE id = %s""",
            [self.company.id, rate.id],
        )
        self.migrate("19.0.1.1.0/pre-columns")
        self.assertEqual(self.company.dunning_legal_form, "SARL")
        self.assertEqual(self.company.dunning_rcs_city, "Lyon")
        self.assertEqual(self.company.dunning_share_capital, 40000)
        self.assertEqual((rate.ecb_state, rate.legal_state), ("confirmed", "confirmed"))
        french = rate.with_context(lang="fr_FR")
        self.assertEqual((french.ecb_source, french.legal_source), ("Vu", "Vu"))

    def test_what_is_there_already_is_left_as_it_is(self):
        self.company.dunning_legal_form = "SAS"
        self.sql("ALTER TABLE res_company ADD legal_form varchar")
        self.sql("UPDATE res_company SET legal_form = 'SARL'")
        self.migrate("19.0.1.1.0/pre-columns")
        self.assertEqual(self.company.dunning_legal_form, "SAS")

    def test_a_message_keeps_the_level_at_which_it_was_sent(self):
        notice = self.history(self.formal_notice, "2026-05-10", *self.moves)
        kind, name = notice.kind, notice.level_id.name
        self.sql(
            "ALTER TABLE account_dunning_notice DROP sent_kind CASCADE, DROP sent_level CASCADE"
        )
        self.migrate("19.0.1.1.0/pre-columns")
        self.assertEqual(notice.sent_kind, kind)
        self.assertEqual(notice.sent_level[self.env.lang or "en_US"], name)

    def test_the_menus_of_what_is_used_are_shown(self):
        everybody = self.env.ref("base.group_user")
        cases, calls = (self.env.ref(f"{ADDON}.group_use_{name}") for name in ("cases", "calls"))
        everybody.implied_ids -= cases | calls
        self.env["account.dunning.call"].search([]).sudo().unlink()
        self.ready_case()
        self.migrate("19.0.1.1.0/post-records")
        self.assertNotIn(cases, everybody.all_implied_ids, "a build of before has these tables")
        self.sql(f"CREATE TABLE {FORMER_HOLDS} (account_dunning_case_id int)")
        self.migrate("19.0.1.1.0/post-records")
        self.assertIn(cases, everybody.all_implied_ids)
        self.assertNotIn(calls, everybody.all_implied_ids)

    def test_the_files_of_before_have_their_items_in_hand(self):
        case = self.prepare_case()
        hands = self.env["account.dunning.hand"]
        hands._get_live(case.item_ids.move_line_id).unlink()
        for _again in range(2):
            self.migrate("19.0.1.1.0/post-records")
        self.assertEqual(
            hands._get_live(case.item_ids.move_line_id).move_line_id, case.item_ids.move_line_id
        )

    def test_a_request_of_before_keeps_the_files_that_came_with_it(self):
        requests = self.env["account.dunning.request"].sudo()
        request = requests._receive(
            {"kind": "message", "partner_id": self.partner.id, "company_id": self.company.id},
            [("proof.pdf", b"%PDF-1.4 his", "application/pdf")],
        )
        received = request.file_ids
        self.env["ir.attachment"]._attach_dunning(request, "ours.pdf", b"%PDF-1.4 ours")
        self.sql(
            "UPDATE ir_attachment SET create_date = create_date + interval '1 day' "
            "WHERE res_model = 'account.dunning.request' AND id != %s",
            received.id,
        )
        self.sql("DELETE FROM account_dunning_request_file_rel")
        for _again in range(2):
            self.migrate("19.0.1.1.0/post-records")
            self.assertEqual(request.file_ids, received)

    def test_a_dispute_of_before_tells_what_it_held_from_its_history(self):
        with self.on("2026-05-10"):
            disputes = self.env["account.dunning.dispute"].with_context(
                tracking_disable=False, mail_notrack=False
            )
            dispute = disputes.create({"move_id": self.first_invoice.id, "amount": 30})
            self.commit()
        for on, amounts in (("2026-05-20", (35, 40)), ("2026-05-25", (0,))):
            with self.on(on):
                for amount in amounts:
                    dispute.amount = amount
                    self.commit()
        hold = dispute._get_holds()
        kept = hold.amounts_before
        self.assertEqual(kept, {"2026-05-20": 30, "2026-05-25": 40})
        hold.amounts_before = False
        for _again in range(2):
            self.migrate("19.0.1.1.0/post-records")
            self.assertEqual(hold.amounts_before, kept)

    def test_a_file_that_was_handed_over_keeps_its_holds_its_pieces_and_its_items(self):
        case = self.ready_case()
        self.hand_case_over(case)
        held = case.hold_ids
        self.assertTrue(held)
        self.env["account.dunning.hand"].sudo().search([("case_id", "=", case.id)]).unlink()
        self.env.cr.execute(
            f"CREATE TABLE {FORMER_HOLDS} AS SELECT case_id AS account_dunning_case_id, "
            "id AS account_dunning_hold_id FROM account_dunning_hold WHERE case_id IS NOT NULL; "
            "ALTER TABLE account_dunning_hold DROP case_id CASCADE; "
            "ALTER TABLE account_dunning_case DROP has_left CASCADE; "
            "ALTER TABLE account_dunning_case_piece DROP has_left CASCADE"
        )
        self.migrate("19.0.1.1.0/pre-columns")
        self.migrate("19.0.1.1.0/post-records")
        self.assertEqual(case.hold_ids, held)
        self.assertTrue(case.has_left)
        self.assertEqual(case.piece_ids.filtered("has_left"), case._get_included_pieces())
        hands = self.env["account.dunning.hand"]._get_live(case.item_ids.move_line_id)
        self.assertEqual(hands.case_id, case)
        self.assertEqual(hands.move_line_id, case.item_ids.move_line_id)
        self.migrate("19.0.1.1.0/post-records")  # once only
        self.assertEqual(hands._get_live(case.item_ids.move_line_id), hands)

    def test_what_a_former_view_says_is_forgotten_in_every_language(self):
        extension = self.env.ref(f"{ADDON}.view_partner_form")
        template = self.env.ref(f"{ADDON}.notice_message")
        english = template.arch_db
        self.sql(
            """
            UPDATE ir_ui_view SET arch_db = arch_db || '{"fr_FR": "<t><p t-if=\\"gone\\"/></t>"}'
             WHERE id IN %s
            """,
            (extension.id, template.id),
        )
        self.migrate("0.0.0/pre-views")
        self.assertEqual(extension.with_context(lang="fr_FR").arch_db, "<data/>")
        self.assertEqual(template.with_context(lang="fr_FR").arch_db, english)

    def test_a_view_that_no_update_writes_is_left_as_it_is(self):
        view = self.env.ref(f"{ADDON}.view_partner_form")
        self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.view"), ("res_id", "=", view.id)]
        ).noupdate = True
        before = view.arch_db
        self.migrate("0.0.0/pre-views")
        self.assertEqual(view.arch_db, before)
