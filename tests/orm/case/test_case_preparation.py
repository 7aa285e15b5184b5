"""A court file in preparation: its items, its examination, its court, its pieces, its sums."""

from base64 import b64encode
from decimal import Decimal
from types import SimpleNamespace

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..case_common import CaseCommon, pdf
from ..dunning_common import day


class CasePreparation(CaseCommon):
    """What is asked of the pieces of a file in preparation."""

    def states(self, case):
        return {piece.category: piece.state for piece in case.piece_ids}

    def assert_copy(self, piece, original):
        """A piece keeps a file of its own, byte for byte that of the record."""
        own = piece.sudo().attachment_id
        self.assertNotEqual(own, original)
        self.assertEqual((own.res_model, own.res_id), (piece._name, piece.id))
        self.assertEqual((own.name, own.raw), (original.name, original.sudo().raw))


@tagged("post_install", "-at_install")
class TestCasePreparation(CasePreparation):
    # -- The wizard --------------------------------------------------------------------------------

    def test_the_customer_opens_it_with_everything_overdue(self):
        self.invoice(self.partner, "2026-07-31", 900)
        action = self.partner.with_user(self.manager).action_prepare_dunning_case()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.item_ids.move_id, self.moves)
        self.assertEqual((wizard.amount_total, len(wizard.candidate_ids)), (7000, 3))

    def test_an_item_is_never_claimed_in_two_files(self):
        case = self.prepare_case(self.first_invoice)
        other = self.prepare_case(self.second_invoice)
        vals = {"case_id": other.id, "move_line_id": case.item_ids.move_line_id.id}
        with self.assert_refused(UserError, f"{case.name} since 06/01/2026.*close the file"):
            self.env["account.dunning.case.item"].create(vals)
        # Whoever gets past the sentence meets the index: two requests in the same second.
        hand = self.env["account.dunning.hand"]._get_live(case.item_ids.move_line_id)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "one_hand"),
            self.env.cr.savepoint(),
        ):
            hand.copy(
                {
                    "move_line_id": hand.move_line_id.id,
                    "kind": hand.kind,
                    "case_id": hand.case_id.id,
                }
            )

    def test_only_managers_open_a_file_of_one_customer_that_owes(self):
        with self.assert_refused(AccessError, "dunning managers"):
            self.moves.with_user(self.biller).action_prepare_dunning_case()
        other = self.invoice(self.customer("Other"), 60)
        with self.assert_refused(UserError, "one customer"):
            (self.moves + other).with_user(self.manager).action_prepare_dunning_case()
        self.pay_on("2026-05-01", other)
        with self.assert_refused(UserError, "Nothing overdue"):
            other.with_user(self.manager).action_prepare_dunning_case()

    def test_penalties_booked_are_not_claimed_twice(self):
        late = self.late("2026-01-31", 1000)
        self.book("2026-05-31")
        case = self.prepare_case(late)
        self.assertEqual((case.amount_principal, case.amount_indemnity), (1000, 40))
        action = self.partner.with_user(self.manager).action_prepare_dunning_case()
        lines = self.env[action["res_model"]].browse(action["res_id"]).candidate_ids
        self.assertFalse(lines.dunning_penalty_id)

    def test_the_interest_of_one_more_day_is_that_of_all_the_invoices_together(self):
        moves = self.invoices(*[(self.partner, "2026-02-28", 12)] * 30)
        case = self.prepare_case(moves)
        [basis] = case.document_ids._get_bases(case._get_statement().sections)
        # 12 × 12.15 % / 365 = 0.0040, which alone is no cent; 30 of them are 0.1198
        self.assertEqual(basis["a_day"], 0.12)

    def test_an_order_is_asked_in_euros_alone(self):
        dollars = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        foreign = self.invoice(self.partner, "2026-02-28", 2000, currency_id=dollars.id)
        case = self.prepare_case(self.first_invoice + foreign)
        self.assertEqual(self.codes(case, "forbidden"), {"currency"})
        case.route = "summons"  # there it is claimed besides, and no document leaves it out
        for kind, told in (("account", False), ("statement", True), ("mandate", True)):
            page = (
                self.env["ir.actions.report"]
                ._render_qweb_html(f"account_dunning_fr.report_case_{kind}", case.ids)[0]
                .decode()
            )
            self.assertEqual("En outre, dans une autre monnaie" in page, told)
            self.assertNotIn("Ce solde est le principal réclamé", page)
        case.route = "order_commercial"
        case.finding_ids.filtered(lambda finding: finding.code == "currency").action_mend()
        self.assertEqual(case.move_ids, self.first_invoice)
        self.assertFalse(self.codes(case, "forbidden"))

    def test_a_sole_trader_is_named_as_a_natural_person(self):
        self.company.write({"dunning_legal_form": "EI", "dunning_representative": False})
        case = self.prepare_case()
        (finding,) = case.finding_ids.filtered(lambda finding: finding.code == "mentions")
        self.assertIn("date and place of birth", finding.message)
        self.assertNotIn("who represents", finding.message)
        birth = "menuisier, français, né le 12 mai 1980 à Lyon"
        self.company.dunning_civil_status = birth
        case.action_examine()
        self.assertNotIn("mentions", self.codes(case))
        documents = self.env["account.dunning.case.document"]
        rows = dict(documents._get_identity_rows(self.company.partner_id, self.company))
        self.assertIn(birth, rows.values())
        self.assertEqual(rows["Surname and first names"], self.company.name)
        self.assertIn("Domicile", rows)
        mandate = (
            self.env["ir.actions.report"]
            ._render_qweb_html("account_dunning_fr.report_case_mandate", case.ids)[0]
            .decode()
        )
        self.assertNotIn("représentée par", mandate)
        self.assertIn("Je soussigné(e)", mandate)
        # So is a debtor, whom Odoo takes for a company.
        self.partner.dunning_legal_form = "Entrepreneur individuel"
        rows = dict(documents._get_identity_rows(self.partner))
        self.assertEqual(rows["Surname and first names"], self.partner.name)
        self.assertIn("Domicile", rows)

    def test_a_lawyer_is_told_of_by_all_that_is_claimed(self):
        """9 900 euros with their interest and the indemnity are more than 10 000."""
        case = self.prepare_case(self.invoice(self.partner, "2026-01-31", 9900))
        self.assertGreater(case.amount_total, 10000)
        self.assertIn("lawyer_opposition", self.codes(case))

    def test_an_indemnity_is_not_told_as_the_average_of_several(self):
        count = self.env["account.dunning.case.document"]._get_indemnity_count
        for claimed, told in (((40, 40, 0), 2), ((40, 40, 20), 0), ((), 0)):
            sections = [SimpleNamespace(indemnity_claimed=Decimal(each)) for each in claimed]
            self.assertEqual(count(sections), told)

    def test_a_waiver_leaves_the_sum_and_the_statement_says_so(self):
        late = self.late("2026-01-31", 1000)
        self.book("2026-05-31")
        self.penalty(late)._waive("Goodwill")
        case = self.prepare_case(late)
        # One day since the waiver: 1 000 at 12.15 %.
        self.assertEqual((case.amount_interest, case.amount_indemnity), (0.33, 0))
        (section,) = case.sudo()._get_statement().sections
        self.assertEqual(section.interest_deducted, section.interest - Decimal("0.33"))

    # -- The statement of account ------------------------------------------------------------------

    def test_the_statement_of_account_tells_payments_and_ties(self):
        case = self.prepare_case().sudo()
        self.credit(self.first_invoice, 500, "2026-05-10")
        case._refresh()
        rows = case.document_ids._get_account_rows(case)
        self.assertEqual([row["debit"] for row in rows if row["debit"]], [5000, 3000])
        self.assertEqual(sorted(row["credit"] for row in rows if row["credit"]), [500, 1000])
        self.assertEqual((rows[-1]["balance"], case.amount_principal), (6500, 6500))

    def test_a_transfer_to_a_doubtful_account_pays_nothing(self):
        self.settle_by_entry(self.first_invoice, "2026-05-02", (self.doubtful, 5000))
        case = self.prepare_case(self.second_invoice).sudo()
        vals = self.env["account.dunning.case.item"]._prepare_vals(self.item(self.first_invoice))
        case.item_ids = [(0, 0, vals)]
        case._refresh()
        self.assertEqual(case.amount_principal, 7000)
        self.assertEqual(case.document_ids._get_account_rows(case)[-1]["balance"], 7000)
        self.assertNotIn("settled", self.codes(case))

    # -- The examination ---------------------------------------------------------------------------

    def test_pieces_and_a_notice_settle_it(self):
        notice = self.notice(
            self.formal_notice, "2026-05-01", *self.moves, deadline=day("2026-05-15")
        )
        case = self.prepare_case()
        for category in ("order", "delivery"):
            self.add_piece(case, category)
        # The software alone says which message a piece is about.
        self.add_piece(case, "formal_notice", proves_receipt=True).sudo().notice_id = notice
        with self.fast_print():
            case.action_gather()
        self.assertLessEqual({"certain", "notice"}, self.codes(case, "ok"))
        self.assertFalse(self.codes(case, "warning"))

    def test_a_dispute_warns_and_is_told_with_its_invoice(self):
        self.hold(move_id=self.first_invoice.id, reason="dispute")
        case = self.prepare_case()
        (finding,) = case.finding_ids.filtered(lambda f: f.code == "disputed")
        self.assertIn(self.first_invoice.name, finding.message)
        self.assertNotIn(self.second_invoice.name, finding.message)
        self.assertEqual(case.route, "summons")

    def test_a_dispute_of_the_whole_customer_covers_every_item(self):
        self.hold(self.partner, reason="dispute")
        self.assertEqual(
            self.prepare_case()._get_disputed_lines(),
            self.items(self.first_invoice, self.second_invoice),
        )

    def test_insolvency_forbids_and_nobody_sets_it_aside(self):
        self.hold(self.partner, reason="insolvency", claims_before="2026-05-01")
        case = self.prepare_case()
        self.assertEqual(
            (self.codes(case, "forbidden"), case.route), ({"insolvent"}, "declaration")
        )
        (finding,) = case.finding_ids.filtered(lambda f: f.code == "insolvent")
        with self.assert_refused(UserError, "cannot be set aside"):
            finding._accept("We try anyway")

    def test_a_public_debtor_has_another_route(self):
        self.partner.dunning_regime = "b2g"
        case = self.prepare_case()
        self.assertEqual((self.codes(case, "forbidden"), case.route), (set(), "administrative"))
        [finding] = case.finding_ids.filtered(lambda f: f.code == "public_route")
        for word in ("in writing", "référé-provision", "mandatement d’office"):
            self.assertIn(word, finding.message)
        self.assertIn("R. 541-1", finding.source)

    def test_an_order_to_pay_against_a_public_debtor_is_refused_and_says_what_to_do(self):
        self.partner.dunning_regime = "b2g"
        case = self.prepare_case()
        case.route = "order_commercial"
        case.action_examine()
        self.assertEqual(self.codes(case, "forbidden"), {"public"})
        [finding] = case.finding_ids.filtered(lambda f: f.code == "public")
        self.assertIn("Choose the administrative route", finding.message)
        with self.assert_refused(UserError, "référé-provision"):
            finding._accept("We try anyway")

    def test_the_file_against_a_public_debtor_is_made_on_its_own_route(self):
        self.partner.dunning_regime = "b2g"
        case = self.prepare_case()
        self.complete(case)
        case.finding_ids.filtered(lambda f: f.level == "warning")._accept("Looked at")
        self.assertTrue(self.generate(case))
        self.assertTrue(case.dossier_id)

    def test_a_consumer_goes_to_the_judicial_court_within_two_years(self):
        self.partner.write({"dunning_regime": "b2c", "is_company": False})
        case = self.prepare_case()
        self.assertEqual(case.route, "order_judicial")
        self.assertEqual(case.court_id.code, "tj_paris")
        self.assertIn("consumer", self.codes(case, "warning"))
        self.assertEqual(case.amount_indemnity, 0)
        self.assertEqual(min(case.item_ids.mapped("limit_on")), day("2028-02-28"))

    def test_a_debtor_in_europe_sees_the_european_order(self):
        self.partner.country_id = self.env.ref("base.be")
        case = self.prepare_case()
        self.assertEqual(case.route, "european")
        self.assertIn("in_europe", self.codes(case, "warning"))
        self.partner.country_id = self.env.ref("base.us")
        self.assertEqual(case._get_debtor_place(), "abroad")

    def test_items_not_due_yet_are_forbidden(self):
        case = self.prepare_case(self.invoice(self.partner, "2026-07-31", 900))
        self.assertIn("not_due", self.codes(case, "forbidden"))

    def test_an_old_debt_is_told_as_time_barred_with_the_count(self):
        case = self.prepare_case(self.invoice(self.partner, "2021-05-31", 900))
        self.assertIn("time_barred", self.codes(case, "warning"))
        self.assertEqual(case.item_ids.limit_on, day("2026-05-31"))
        case.acknowledged_on = "2023-01-10"
        self.assertEqual(case.item_ids.limit_on, day("2028-01-10"))
        self.assertIn("C. civ. 2240", case.item_ids.limit_detail)

    def test_missing_mentions_are_named(self):
        self.company.dunning_representative = False
        case = self.prepare_case()
        (finding,) = case.finding_ids.filtered(lambda f: f.code == "mentions")
        self.assertIn("who represents the creditor", finding.message)

    def test_every_finding_and_route_has_words(self):
        from odoo.addons.account_dunning_fr.core.claim import Facts, Finding
        from odoo.addons.account_dunning_fr.core.route import ROUTES

        case = self.prepare_case()
        facts = Facts(day("2026-06-01"), (), "b2b")
        source = (
            "certain no_contract no_delivery liquid nothing settled credits currency due not_due "
            "undisputed disputed solvent insolvent in_time time_barred limit_near notice no_notice "
            "notice_running notice_unproven notice_old professional consumer public regime_unknown "
            "public_route in_france in_europe abroad in_case mentions conciliation "
            "unposted other_customer liquidated route_closed court_kind court_place set_off"
        )
        for code in source.split():
            self.assertTrue(case.finding_ids._get_sentence(case, Finding(code, "ok"), facts))
        self.assertEqual(set(ROUTES), set(dict(case._fields["route"].selection)))

    # -- The court ---------------------------------------------------------------------------------

    def test_several_courts_are_left_to_a_person(self):
        self.partner.write({"zip": "06600", "city": "Antibes"})
        case = self.prepare_case()
        self.assertFalse(case.court_id)
        self.assertEqual(len(case.candidate_ids), 4)
        with self.assert_refused(UserError, "Choose the court"):
            case.action_confirm_court()

    def test_a_public_body_is_sued_before_no_judicial_court(self):
        self.partner.dunning_regime = "b2g"
        case = self.prepare_case(self.invoice(self.partner, "2026-02-28", 900))
        self.assertEqual(case.route, "administrative")
        self.assertFalse(case.court_id)
        self.assertNotIn("conciliation", self.codes(case))
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_case_bordereau", case.ids
        )
        self.assertNotIn("udiciaire", html.decode())

    def test_the_court_follows_the_route_until_a_person_confirms_one(self):
        case = self.prepare_case()
        courts = [
            ("order_judicial", "tj_paris"),
            ("summons", "tc_paris"),
            ("declaration", False),
            ("interim", "tc_paris"),
            ("small_claim", False),
            ("order_commercial", "tc_paris"),
        ]
        for route, code in courts:
            with self.subTest(route):
                case.route = route
                self.assertEqual(case.court_id.code, code)
        case.action_confirm_court()
        case.route = "summons"
        self.assertTrue(case.court_confirmed_by)
        case.route = "administrative"
        self.assertFalse(case.court_id)
        self.assertFalse(case.court_confirmed_by)

    # -- The pieces --------------------------------------------------------------------------------

    def test_what_is_expected_and_absent_is_red(self):
        states = self.states(self.prepare_case())
        for category in ("order", "delivery", "invoice", "formal_notice"):
            self.assertEqual(states[category], "missing", category)
        for category in ("terms", "creditor", "bank"):
            self.assertEqual(states[category], "ready", category)

    def test_the_invoice_is_the_legal_pdf_as_it_was_sent(self):
        legal = self.attachment(self.first_invoice, "legal.pdf")
        legal.res_field = "invoice_pdf_report_file"
        self.first_invoice.invalidate_recordset(["invoice_pdf_report_id"])
        case = self.prepare_case()
        piece = case.piece_ids.filtered(lambda piece: piece.move_id == self.first_invoice)
        self.assert_copy(piece, legal)
        self.assertEqual(piece.state, "ready")

    def test_messages_go_to_their_category_in_the_order_of_their_dates(self):
        self.notice(self.firm, "2026-04-20", *self.moves)
        self.notice(self.first, "2026-04-05", *self.moves)
        notice = self.notice(self.formal_notice, "2026-05-10", *self.moves)
        case = self.prepare_case()
        reminders = case.piece_ids.filtered(lambda piece: piece.category == "reminder")
        self.assertEqual(
            reminders.sorted("number").mapped("date"), [day("2026-04-05"), day("2026-04-20")]
        )
        (formal,) = case.piece_ids.filtered(lambda piece: piece.category == "formal_notice")
        self.assertEqual(formal.notice_id, notice)
        self.assert_copy(formal, notice.letter_id)

    def test_what_the_debtor_answered_is_a_piece_printed_without_fetching_anything(self):
        notice = self.notice(self.first, "2026-04-10", *self.moves)
        reply = self.env["mail.message"].create(
            {
                "model": notice._name,
                "res_id": notice.id,
                "message_type": "email",
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "date": "2026-04-12 09:00:00",
                "subject": "Your invoices",
                "author_id": self.partner.id,
                "email_from": f"Debtor <{self.partner.email}>",
                "body": "<p>We will pay in May.</p><img src='https://tracker.example/x.png'/>",
                "attachment_ids": [Command.link(self.attachment(notice, "plan.pdf").id)],
            }
        )
        case = self.prepare_case()
        exchanges = case.piece_ids.filtered(lambda piece: piece.category == "exchange")
        self.assertEqual(exchanges.mapped("date"), [reply.date.date()] * 2)
        (answer,) = exchanges.filtered(lambda piece: "Your invoices" in piece.name)
        page, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_case_reply", reply.ids
        )
        self.assertIn("We will pay in May.", page.decode())
        self.assertNotIn("<img", page.decode())
        rows = case.sudo().document_ids._get_chronology_rows(case.sudo())
        (row,) = [row for row in rows if row["date"] == reply.date.date()]
        self.assertIn(str(answer.number), row["pieces"])
        # An invoice is proved by its copy.
        case = self.complete(case).sudo()
        rows = case.document_ids._get_chronology_rows(case)
        invoices = case.piece_ids.filtered(lambda piece: piece.category == "invoice")
        self.assertEqual(
            {row["pieces"] for row in rows if row["title"] == "Invoice issued"},
            {str(piece.number) for piece in invoices},
        )

    def test_numbers_follow_the_order_of_a_bordereau_and_of_the_hand(self):
        self.notice(self.first, "2026-04-05", *self.moves)
        case = self.prepare_case()
        self.add_piece(case, "delivery", "Delivery")
        self.add_piece(case, "order", "Order")
        included = case._get_included_pieces()
        self.assertEqual(
            included.mapped("category"),
            ["order", "terms", "delivery", "reminder", "creditor", "bank"],
        )
        self.assertEqual(included.mapped("number"), [1, 2, 3, 4, 5, 6])
        included[3].sequence = 1
        self.assertEqual(included[3].number, 1)

    def test_gathering_again_changes_nothing_that_a_person_did(self):
        self.notice(self.first, "2026-04-05", *self.moves)
        case = self.prepare_case()
        count = len(case.piece_ids)
        reminder = case.piece_ids.filtered(lambda piece: piece.category == "reminder")
        reminder.write({"name": "Our first reminder", "sequence": 3})
        order = case.piece_ids.filtered(lambda piece: piece.category == "order")
        order._leave_out("Verbal order, confirmed by the delivery")
        with self.fast_print():
            case.action_gather()
        self.assertEqual(len(case.piece_ids), count)
        self.assertEqual((reminder.name, reminder.sequence), ("Our first reminder", 3))
        self.assertEqual((order.state, order.number), ("left_out", 0))
        self.assertEqual(order.left_out_by, self.manager)


@tagged("post_install", "-at_install")
class TestCasePrepared(CasePreparation):
    """Of a file of both invoices, prepared once for all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_once("make_case")

    def make_case(self):
        self.case = self.prepare_case()

    # -- The wizard --------------------------------------------------------------------------------

    def test_the_file_claims_the_chosen_invoices_and_ties_to_the_ledger(self):
        case = self.case
        self.assertEqual(case.item_ids.move_id, self.moves)
        ledger = sum(self.items(self.first_invoice, self.second_invoice).mapped("amount_residual"))
        self.assertEqual((case.amount_principal, ledger), (7000, 7000))
        # 5 000: 93 days to 1 June at 12.15 %; 3 000: 15 days, then 2 000: 47 days.
        self.assertEqual(case.amount_interest, round(154.79 + 14.98 + 31.29, 2))
        self.assertEqual(case.amount_indemnity, 80)
        self.assertEqual(case.amount_total, round(7000 + 201.06 + 80, 2))
        self.assertRegex(case.name, r"DOS/2026/\d{4}")

    def test_what_is_in_a_file_already_opens_that_file(self):
        case = self.case
        action = self.moves.with_user(self.manager).action_prepare_dunning_case()
        self.assertEqual((action["res_model"], action["res_id"]), (case._name, case.id))
        self.assertEqual(self.first_invoice.dunning_case_id, case)

    def test_imputation_on_the_interest_first_keeps_the_account_tied(self):
        case = self.case
        case.imputation = "interest"
        case.sudo()._refresh()
        rows = case.sudo().document_ids._get_account_rows(case.sudo())
        bridge = case.document_ids._get_account_bridge(case, rows)
        self.assertEqual(case.amount_principal, 7000 + bridge)
        self.assertEqual(bridge, 14.98)

    # -- The examination ---------------------------------------------------------------------------

    def test_a_bare_file_says_what_is_missing(self):
        case = self.case
        self.assertLessEqual(
            {"no_contract", "no_delivery", "no_notice"}, self.codes(case, "warning")
        )
        self.assertLessEqual(
            {"liquid", "due", "solvent", "undisputed", "in_time", "professional"},
            self.codes(case, "ok"),
        )
        self.assertFalse(self.codes(case, "forbidden"))

    def test_the_state_of_the_formal_notice_is_told(self):
        case = self.case
        self.notice(self.formal_notice, "2026-02-15", *self.moves, deadline=day("2026-06-30"))
        with self.fast_print():
            case.action_gather()
        self.assertLessEqual(
            {"notice_old", "notice_running", "notice_unproven"}, self.codes(case, "warning")
        )

    def test_credits_not_allocated_and_settled_items_are_told(self):
        case = self.case
        self.payment(self.partner, 200)
        self.pay_on("2026-05-20", self.first_invoice)
        case.sudo()._refresh()
        self.assertIn("credits", self.codes(case, "warning"))
        self.assertIn("settled", self.codes(case, "forbidden"))

    def test_a_warning_is_accepted_with_a_reason_kept_while_it_lasts(self):
        case = self.case
        (finding,) = case.finding_ids.filtered(lambda f: f.code == "no_delivery")
        for reason in ("", "   "):
            with self.assert_refused(UserError, "Say why"):
                finding._accept(reason)
        with self.assert_refused(AccessError, "dunning managers"):
            finding.with_user(self.biller)._accept("No")
        finding._accept("Services: no delivery note")
        self.assertEqual(finding.accepted_by, self.manager)
        case.sudo()._refresh()
        self.assertEqual(finding.reason, "Services: no delivery note")
        self.assertFalse(finding.is_open)

    def test_the_new_procedure_is_shown_only_when_switched_on(self):
        case = self.case
        self.assertNotIn("uncontested", [a["route"] for a in case.finding_ids._get_advices(case)])
        self.company.dunning_uncontested_decree = "décret n° 1"
        self.company.dunning_uncontested = True
        (advice,) = [a for a in case.finding_ids._get_advices(case) if a["route"] == "uncontested"]
        self.assertIn("No implementing decree was found", advice["reason"])
        self.assertNotEqual(case.route, "uncontested")

    # -- The court ---------------------------------------------------------------------------------

    def test_the_court_is_proposed_and_a_person_confirms_it(self):
        case = self.case
        self.assertEqual((case.court_id.code, case.court_confirmed_by.id), ("tc_paris", False))
        case.action_confirm_court()
        self.assertEqual(case.court_confirmed_by, self.manager)

    def test_another_quality_of_the_debtor_proposes_another_court(self):
        case = self.case
        case.write({"merchant": "no", "route": "order_judicial"})
        self.assertEqual(case.court_id.code, "tj_paris")

    # -- The pieces --------------------------------------------------------------------------------

    def test_an_upload_replaces_what_was_expected(self):
        case = self.case
        self.add_piece(case, "order", "Signed quotation")
        with self.fast_print():
            case.action_gather()
        orders = case.piece_ids.filtered(lambda piece: piece.category == "order")
        self.assertEqual(orders.mapped("name"), ["Signed quotation"])

    def test_an_invoice_never_sent_is_printed_on_demand(self):
        case = self.case
        piece = case.piece_ids.filtered(lambda piece: piece.move_id == self.first_invoice)
        printed = self.attachment(name="printed.pdf")
        self.patch(
            type(self.env["account.move"]), "_get_dunning_document", lambda _move, _record: printed
        )
        piece.action_mend()
        self.assert_copy(piece, printed)

    def test_a_piece_is_left_out_with_a_reason_and_put_back(self):
        case = self.case
        piece = case.piece_ids.filtered(lambda piece: piece.category == "terms")
        with self.assert_refused(UserError, "Say why"):
            piece._leave_out(" ")
        piece.with_user(self.biller)._leave_out("Not accepted by the debtor")
        self.assertEqual(piece.state, "left_out")
        piece.action_put_back()
        self.assertEqual(piece.state, "ready")

    def test_a_gathered_piece_is_not_deleted(self):
        case = self.case
        piece = case.piece_ids.filtered(lambda piece: piece.category == "terms")
        with self.assert_refused(UserError, "left out with a reason"):
            piece.unlink()

    def test_unreadable_files_are_named(self):
        case = self.case
        damaged = self.add_piece(case, "exchange", data=b"%PDF-1.4 nothing follows")
        empty = self.add_piece(case, "exchange", data=b" ")
        self.assertEqual((damaged.state, damaged.problem), ("problem", "damaged"))
        self.assertEqual((empty.state, empty.kind), ("ready", "other"))

    def test_the_copy_of_the_general_terms_stays_as_it_was(self):
        case = self.case
        piece = case.piece_ids.filtered(lambda piece: piece.category == "terms")
        before = piece.attachment_id
        with self.fast_print():
            case.action_gather()
        self.assertEqual(piece.attachment_id, before)
        self.company.dunning_terms_file = b64encode(pdf("new terms"))
        self.assertEqual((piece.attachment_id, before.raw), (before, pdf("terms")))
        # Gathered again before it left, the file takes the new ones, and keeps nothing else.
        with self.fast_print():
            case.action_gather()
        self.assertEqual(piece.attachment_id.raw, pdf("new terms"))
        self.assertFalse(before.exists())
