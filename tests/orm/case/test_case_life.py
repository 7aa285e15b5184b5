"""The course of a court file: hand-over, dates, clocks, to-dos, dunning stopped, rights."""

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from ..case_common import CaseCommon
from ..dunning_common import day


class CaseLife(CaseCommon):
    """Ways to hand a file over, to read its clocks and to close it."""

    def clock(self, case, kind):
        return case.clock_ids.filtered(lambda clock: clock.kind == kind)

    def left_case(self, **values):
        """Return a file handed over on 1 June 2026."""
        return self.hand_case_over(self.ready_case(), sending="none", **values)

    def close(self, case, reason):
        self.env["account.dunning.case.close"].with_user(self.manager).create(
            {"case_id": case.id, "reason": reason}
        ).action_confirm()

    def told(self, case):
        """Return the notes of the file since a moment, and its open to-dos of receipts."""
        case.invalidate_recordset()
        notes = " ".join(str(body) for body in case.message_ids.mapped("body"))
        return notes, case.activity_ids.filtered(lambda a: "Its sums in the books" in a.summary)


@tagged("post_install", "-at_install")
class TestCaseLife(CaseLife):
    # -- Hand-over ---------------------------------------------------------------------------------

    def test_the_hand_over_sends_the_file_and_keeps_the_message(self):
        agent = self.agent()
        case = self.hand_case_over(
            self.ready_case(), agent=agent, expected_cost=150, instalments_accepted=6
        )
        self.assertEqual((case.state, case.handover_partner_id), ("handed_over", agent))
        self.assertEqual((case.handover_on, case.expected_cost), (day("2026-06-01"), 150))
        mail = self.env["mail.mail"].search([("model", "=", case._name), ("res_id", "=", case.id)])
        self.assertEqual(mail.recipient_ids, agent)
        self.assertEqual(mail.attachment_ids, case.dossier_id)
        self.assertIn(case.dossier_sha256, mail.body_html)
        self.assertFalse(case.share_token)

    def test_money_on_account_that_the_file_counted_is_told_as_it_leaves_the_books(self):
        self.company.partner_id.dunning_lang = "en_US"  # of what is kept
        receipt = self.payment(self.first_invoice.partner_id, 500, date="2026-05-01")
        case = self.left_case()
        self.assertFalse(self.told(case)[1])
        receipt.action_draft()
        self.assertEqual(len(self.told(case)[1]), 1)
        self.assertIn("more", case.receipts_warning)
        receipt.action_post()
        self.assertFalse(self.told(case)[1])
        receipt.action_draft()
        receipt.action_cancel()
        self.assertEqual(len(self.told(case)[1]), 1)

    def test_a_link_opens_until_its_last_day(self):
        case = self.hand_case_over(
            self.ready_case(), sending="link", link_until="2026-06-30"
        ).sudo()
        mail = self.env["mail.mail"].search([("model", "=", case._name), ("res_id", "=", case.id)])
        self.assertFalse(mail.attachment_ids)
        self.assertIn(case.share_token, mail.body_html)
        self.assertTrue(mail.mail_message_id.body)
        self.assertNotIn(case.share_token, mail.mail_message_id.body)
        self.assertEqual(case._get_shared(case.share_token), case.dossier_id)
        self.assertFalse(case._get_shared("another"))
        with self.on("2026-06-30"):
            self.assertTrue(case._get_shared(case.share_token))
        with self.on("2026-07-01"):
            self.assertFalse(case._get_shared(case.share_token))
        token = case.share_token
        case.action_stop_sharing()
        self.assertFalse(case._get_shared(token))

    def test_a_hand_over_is_refused_with_what_to_do(self):
        case = self.ready_case()
        for values, message in (
            ({"agent": self.agent(dunning_role=False)}, "which role"),
            ({"agent": self.agent(email="nowhere")}, "valid e-mail"),
            ({"sending": "link", "link_until": "2026-05-01"}, "until which day"),
        ):
            with (
                self.subTest(message=message),
                self.assert_refused(UserError, message),
                self.env.cr.savepoint(),
            ):
                self.hand_case_over(case, **values)
            case.invalidate_recordset()
        self.assertEqual(case.state, "preparation")

    def test_a_file_that_is_not_ready_is_not_handed_over(self):
        case = self.prepare_case()
        with self.assert_refused(UserError, "cannot leave yet"):
            self.hand_case_over(case, sending="none")

    def test_ordinary_dunning_stops_for_its_items_only(self):
        other = self.invoice(self.partner, "2026-04-30", 400)
        case = self.left_case()
        self.assert_stopped(self.first_invoice, "hold")
        self.assertFalse(self.row(other).stop)
        self.assertEqual(set(case.hold_ids.mapped("reason")), {"case"})
        self.assertIn(case.name, self.first_invoice.dunning_reason)

    # -- Dates and states --------------------------------------------------------------------------

    def test_a_creditor_files_himself_without_an_agent(self):
        case = self.ready_case()
        self.assertEqual(case.amount_principal, 7000)
        self.pay_on("2026-05-20", self.first_invoice, 2000)
        case.filed_on = "2026-06-01"
        self.assertEqual((case.state, case.amount_principal), ("filed", 5000))
        self.assert_stopped(self.first_invoice, "hold")

    # -- Costs, closing ----------------------------------------------------------------------------

    def test_costs_are_recorded_and_the_claimed_ones_are_in_the_sum(self):
        case = self.prepare_case()
        total = case.amount_total
        case.cost_ids = [
            (0, 0, {"name": "Greffe", "amount": 33, "nature": "registry", "reclaimable": True}),
            (0, 0, {"name": "Relance", "amount": 12, "claimed": True}),
        ]
        self.assertEqual((case.cost_total, case.cost_reclaimable), (45, 33))
        self.assertEqual((case.amount_costs, case.amount_total), (12, round(total + 12, 2)))

    def test_what_left_is_not_raised_by_a_cost_that_comes_later(self):
        case = self.ready_case()
        case.cost_ids = [(0, 0, {"name": "Relance", "amount": 12, "claimed": True})]
        self.generate(case)
        self.hand_case_over(case)
        total, claimed = case.amount_total, case.cost_ids
        later = {"name": "Signification", "amount": 70}
        for what, change in (
            ("added", lambda: case.write({"cost_ids": [(0, 0, {**later, "claimed": True})]})),
            ("changed", lambda: claimed.write({"amount": 99})),
            ("taken out", lambda: claimed.unlink()),
        ):
            with self.subTest(what), self.assert_refused(UserError, "has left"):
                change()
        with self.assert_refused(AccessError, "not written by hand"):
            claimed.claimed = False
        case.cost_ids = [(0, 0, {**later, "reclaimable": True})]
        self.assertEqual((case.cost_total, case.amount_total), (82, total))

    def test_a_consumer_never_bears_costs_before_a_title(self):
        self.partner.write({"dunning_regime": "b2c", "is_company": False})
        case = self.prepare_case()
        with self.assert_refused(ValidationError, "L. 111-8"):
            case.cost_ids = [(0, 0, {"name": "Fee", "amount": 12, "claimed": True})]

    # -- What others read --------------------------------------------------------------------------

    def test_items_rewritten_by_odoo_are_found_again(self):
        case = self.prepare_case()
        item = case.item_ids.filtered(lambda item: item.move_id == self.first_invoice)
        self.first_invoice.button_draft()
        hand = item._get_hands()
        item.sudo().move_line_id = hand.move_line_id = False
        self.first_invoice.action_post()
        line = self.item(self.first_invoice)
        self.assertEqual((item.move_line_id, hand.move_line_id), (line, line))

    # -- Rights ------------------------------------------------------------------------------------

    def test_each_role_does_what_is_its_own(self):
        case = self.ready_case()
        reader = self.new_user("case_reader", "account.group_account_readonly")
        sender = self.new_user("case_sender", "account_dunning_fr.group_dunning_user")
        self.assertTrue(case.with_user(reader).name)
        for user in (reader, self.biller, sender):
            with self.subTest(user=user.login):
                for call in (
                    lambda c: c.write({"filed_on": fields.Date.today()}),
                    lambda c: c.action_hand_over(),
                    lambda c: c.action_confirm_court(),
                    lambda c: c.finding_ids[:1]._accept("x"),
                    lambda c: c.unlink(),
                ):
                    with self.assertRaises(AccessError):
                        call(case.with_user(user))
        with self.assertRaises(AccessError):
            self.add_piece(case, "exchange").with_user(reader).name = "Other"
        self.add_piece(case, "exchange").with_user(self.biller).name = "Other"

    def test_another_company_sees_nothing_of_it(self):
        case = self.ready_case()
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = self.new_user(
            "case_stranger", "account_dunning_fr.group_dunning_manager", company=other
        )
        for record in (case, case.item_ids, case.piece_ids, case.finding_ids, case.clock_ids):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record[:1].with_user(stranger).read(["display_name"])
            self.assertFalse(record.with_user(stranger).search([]))

    def test_the_limitation_is_watched_from_the_start(self):
        case = self.prepare_case()
        self.assertEqual(self.clock(case, "limitation").last_day, day("2031-02-28"))
        self.assertEqual(case.next_clock_on, day("2031-02-28"))

    # -- Where the debtor lives --------------------------------------------------------------------

    def caution(self, place, departments, **values):
        """Return what is to be checked on a period of a debtor of a place, before this court."""
        self.partner.write({"zip": place, "city": "Test"})
        case = self.prepare_case().sudo()
        case.court_id = self.env["account.dunning.court"].search(
            [("departments", "=", departments)], limit=1
        )
        vals = {"case_id": case.id, "kind": "opposition", "ours": False, **values}
        found = self.env["account.dunning.case.clock"].sudo().create(vals).caution
        case.unlink()
        return found

    def test_a_debtor_overseas_has_the_holidays_of_his_place(self):
        self.partner.write({"zip": "97200", "city": "Fort-de-France"})
        self.assertEqual(self.prepare_case()._get_dates().place, "martinique")

    def test_the_warning_stands_wherever_the_end_of_a_period_is_told(self):
        self.company.partner_id.dunning_lang = "en_US"
        for place, court, warned in (
            ("97200", "75", "CPC 643"),
            ("98800", "75", "not known"),
            ("75008", "75", ""),
        ):
            self.partner.write({"zip": place, "city": "Test"})
            case = self.prepare_case().sudo()
            case.court_id = self.env["account.dunning.court"].search(
                [("departments", "=", court)], limit=1
            )
            vals = {"source": "CPC 1416", "ours": False, "counted_from": "2026-05-01"}
            clock = case.clock_ids.create(
                {"case_id": case.id, "kind": "opposition", "last_day": "2026-06-01", **vals}
            )
            told = (clock.caution, case.next_clock_caution, case._get_clock_note(clock))
            for text in told:
                with self.subTest(place=place, text=text):
                    self.assertIn(warned, text or "")
                    self.assertEqual("CPC 643" in (text or ""), place in ("97200", "98800"))
            case.unlink()

    def test_distance_and_unknown_calendars_are_warned_of(self):
        self.assertFalse(self.caution("75008", "75"))
        self.assertFalse(self.caution("97200", "972"))
        self.assertIn("CPC 643", self.caution("97200", "75"))
        self.assertIn("not known", self.caution("98800", "75"))
        self.assertFalse(self.caution("97200", "75", ours=True, kind="service"))


@tagged("post_install", "-at_install")
class TestCaseLeft(CaseLife):
    """Of a file that was handed over, once for all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_once("make_left")

    def make_left(self):
        self.company.partner_id.dunning_lang = "en_US"  # of what is kept
        self.left = self.left_case()

    # -- Hand-over ---------------------------------------------------------------------------------

    def test_its_holds_end_with_it_and_not_by_hand(self):
        case = self.left
        holds = case.hold_ids
        self.assertEqual(len(holds), len(case.item_ids))
        with self.assert_refused(RedirectWarning, "close it as withdrawn"):
            holds[0].action_release()
        for values in ({"reason": "manual"}, {"date_until": "2026-06-30"}, {"note": "x"}):
            with self.subTest(values), self.assert_refused(AccessError, "not written by hand"):
                holds[0].write(values)
        self.assertEqual(holds[0].action_open_owner()["res_model"], case._name)
        sleeping = self.env["account.dunning.hold"]._get_endless(case.company_id)
        self.assertFalse(sleeping & holds)
        case.action_back_to_preparation()
        self.assertEqual(holds.released_by, case.env.user)
        self.assertFalse(self.row(self.first_invoice).stop)

    def test_what_it_claims_stays_as_it_was(self):
        case = self.left
        total = case.amount_total
        self.pay_on("2026-06-01", self.first_invoice, 2000)
        case.action_gather()
        self.assertEqual(case.amount_total, total)
        for values in ({"date": "2026-06-02"}, {"ground": "x"}, {"imputation": "interest"}):
            with self.assert_refused(AccessError, "not written by hand"):
                case.write(values)
        with self.assert_refused(UserError, "stays as it was"):
            case.item_ids[0].unlink()
        with self.assert_refused(UserError, "is evidence"):
            case.unlink()

    def test_a_payment_afterwards_is_recovered_and_in_the_updated_statement(self):
        case = self.left
        with self.on("2026-06-20"):
            self.pay_on("2026-06-15", self.first_invoice, 2000)
            case.invalidate_recordset()
            self.assertEqual(case.amount_recovered, 2000)
            action = case.action_statement()
            wizard = self.env[action["res_model"]].browse(action["res_id"])
            (total,) = wizard._make_dunning_statement().totals
            self.assertEqual(total.principal, 5000)

    # -- What its debtor paid, once it has left ----------------------------------------------------

    def test_a_payment_and_its_return_are_told_alike_and_no_sealed_figure_changes(self):
        case = self.left
        claimed = (case.amount_total, case.amount_principal, case.seal_ids.mapped("sha256"))
        self.assertFalse(case.receipts_warning)
        receipt = self.pay_on("2026-06-01", self.first_invoice, 2000)
        notes, todo = self.told(case)
        self.assertIn(f"Set against {self.first_invoice.name} since the file left", notes)
        self.assertIn(receipt.move_id.name, notes)
        self.assertEqual((len(todo), todo.user_id), (1, case.user_id))
        self.assertIn("less", case.receipts_warning)
        self.assertEqual(case.amount_recovered, 2000)
        receipt.action_draft()
        receipt.action_cancel()
        notes, todo = self.told(case)
        self.assertIn(f"No longer set against {self.first_invoice.name}", notes)
        self.assertFalse(todo)  # it claims again what the books say
        self.assertFalse(case.receipts_warning)
        self.assertEqual(
            (case.amount_total, case.amount_principal, case.seal_ids.mapped("sha256")), claimed
        )

    def test_a_payment_that_the_file_counted_and_that_is_returned_is_told(self):
        case = self.left
        counted = self.items(self.second_invoice).matched_credit_ids.credit_move_id.move_id
        name = counted.name
        counted.origin_payment_id.action_draft()
        self.assertFalse(self.told(case)[1])
        counted.origin_payment_id.action_cancel()
        notes, todo = self.told(case)
        self.assertIn(f"No longer set against {self.second_invoice.name}", notes)
        self.assertIn(name, notes)
        self.assertEqual(len(todo), 1)
        self.assertIn("more", case.receipts_warning)
        self.assertEqual(case.amount_recovered, -1000)
        self.pay_on("2026-06-01", self.second_invoice, 400)
        self.assertEqual(len(self.told(case)[1]), 1)  # one to-do, whatever the number of events

    def test_a_file_in_preparation_and_a_closed_one_are_told_nothing(self):
        case = self.left
        case.action_back_to_preparation()
        self.pay_on("2026-06-01", self.first_invoice, 2000)
        self.assertNotIn("Set against", self.told(case)[0])
        self.assertFalse(self.told(case)[1])
        self.assertFalse(case.receipts_warning)

    def test_its_to_do_goes_as_the_file_is_taken_back_or_closed(self):
        for end in (
            lambda case: case.action_back_to_preparation(),
            lambda case: case._close("paid"),
        ):
            case = self.left
            with self.cr.savepoint() as savepoint:
                self.pay_on("2026-06-01", self.first_invoice, 2000)
                self.assertEqual(len(self.told(case)[1]), 1)
                end(case)
                self.assertFalse(self.told(case)[1])
                savepoint.rollback()
            self.env.invalidate_all()

    def test_what_went_from_one_invoice_to_another_is_neither_more_nor_less(self):
        case = self.left
        counted = self.items(self.second_invoice).matched_credit_ids.credit_move_id.move_id
        counted.origin_payment_id.action_draft()
        counted.origin_payment_id.action_cancel()
        self.pay_on("2026-06-01", self.first_invoice, 1000)
        self.assertEqual(len(self.told(case)[1]), 1)
        self.assertEqual(case.amount_recovered, 0)
        self.assertIn("not those of the file", case.receipts_warning)
        self.assertNotIn("0.00", case.receipts_warning)

    def test_money_on_account_is_told_as_it_comes_and_as_it_leaves_the_books(self):
        case = self.left
        receipt = self.payment(case.partner_id, 500, date="2026-06-01")
        self.assertEqual(len(self.told(case)[1]), 1)
        self.assertEqual(case.amount_recovered, 500)
        receipt.action_draft()
        self.assertFalse(self.told(case)[1])
        receipt.action_post()
        self.assertEqual(len(self.told(case)[1]), 1)
        receipt.action_draft()
        receipt.action_cancel()
        self.assertFalse(self.told(case)[1])
        self.credit_note(case.partner_id, 500)
        self.assertEqual(len(self.told(case)[1]), 1)
        self.payment(self.customer("Other"), 500)
        self.assertEqual(len(self.told(case)[1]), 1)

    def test_an_invoice_that_is_no_longer_posted_is_told_once_until_it_is_posted_again(self):
        case, total = self.left, self.left.amount_total
        for change in ("button_draft", "button_cancel"):
            getattr(self.first_invoice, change)()
            notes, todo = self.told(case)
            self.assertEqual(len(todo), 1)
            self.assertIn(f"No longer posted in the books: {self.first_invoice.name}", todo.note)
            self.assertIn(self.first_invoice.name, case.receipts_warning)
            self.assertIn(f"{self.first_invoice.name} of this file: ", notes)
            # It was not paid.
            self.assertEqual((case.amount_recovered, case.amount_total), (0, total))
            self.assertEqual(case.item_ids.sorted("date_maturity")[0].amount_left, 0)
        action = case.action_statement()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.item_ids.move_id, self.second_invoice)
        self.first_invoice.button_draft()
        self.first_invoice.action_post()
        self.assertFalse(self.told(case)[1])
        self.assertFalse(case.receipts_warning)

    def correct(self, move, customer):
        """Correct an invoice that was made out to somebody else."""
        move.button_draft()
        move.partner_id = customer
        move.action_post()

    def test_an_invoice_corrected_to_another_customer_is_told_until_it_is_corrected_back(self):
        case, total, name = self.left, self.left.amount_total, self.first_invoice.name
        self.correct(self.first_invoice, self.customer("Other"))
        todo = self.told(case)[1]
        self.assertEqual(len(todo), 1)
        for told in (todo.note, case.receipts_warning):
            self.assertIn(f"Another customer’s in the books: {name}", told)
            self.assertNotIn("No longer posted", told)
        self.assertEqual((case.amount_recovered, case.amount_total), (0, total))  # it was not paid
        action = case.action_statement()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.item_ids.move_id, self.second_invoice)
        self.correct(self.first_invoice, case.partner_id)
        self.assertFalse(self.told(case)[1])
        self.assertFalse(case.receipts_warning)

    def test_a_debtor_who_becomes_a_contact_of_another_customer_still_owes(self):
        case = self.left
        self.partner.parent_id = self.customer("Group")
        self.assertFalse(case._has_other_receipts())

    def test_a_part_payment_of_a_file_generated_and_not_handed_over_is_on_its_page(self):
        case = self.left
        case.action_back_to_preparation()
        self.assertFalse(case.dossier_warning)

        def pay():
            receipt = self.pay_on("2026-06-01", self.first_invoice, 2000)
            return lambda: (receipt.action_draft(), receipt.action_cancel())

        def credit():
            note = self.credit(self.first_invoice, 2000, "2026-06-01")
            return lambda: (note.button_draft(), note.button_cancel())

        for change in (pay, credit):
            with self.subTest(change.__name__):
                undo = change()
                self.assertFalse(self.told(case)[1])
                self.assertIn("has changed since the file was generated", case.dossier_warning)
                self.assertEqual(case.amount_principal, 5000)
                with self.assert_refused(UserError, "Generate it again"), self.cr.savepoint():
                    case.filed_on = "2026-06-01"
                case.invalidate_recordset()
                undo()
                self.assertFalse(self.told(case)[1] or case.dossier_warning)
                self.assertEqual(case.amount_principal, 7000)
        pay()
        self.generate(self.complete(case))
        self.assertFalse(case.dossier_warning)
        case._take_out(case.item_ids.filtered(lambda item: item.move_id == self.second_invoice))
        self.assertTrue(case.dossier_warning)
        self.hand_case_over(self.complete(case), sending="none")
        self.assertFalse(case.dossier_warning)
        self.assertEqual((case.state, case.amount_principal), ("handed_over", 3000))

    def test_a_contact_corrected_later_does_not_change_what_left(self):
        self.partner.write({"dunning_legal_form": "Association", "dunning_regime": "b2g"})
        self.assertEqual((self.left.merchant, self.left.route), ("yes", "order_commercial"))

    def test_an_invoice_posted_again_with_another_sum_is_told(self):
        case = self.left
        self.first_invoice.button_draft()
        self.first_invoice.invoice_line_ids.price_unit = 4500
        self.first_invoice.action_post()
        self.assertEqual(len(self.told(case)[1]), 1)
        self.assertEqual(case.amount_recovered, 500)
        self.assertIn("less", case.receipts_warning)

    def test_a_credit_note_in_full_is_told(self):
        case = self.left
        self.credit(self.first_invoice, 5000, "2026-06-01")
        self.assertEqual(len(self.told(case)[1]), 1)
        self.assertEqual(case.amount_recovered, 5000)

    def test_a_file_generated_and_not_handed_over_is_told_and_made_again(self):
        case = self.left
        case.action_back_to_preparation()
        self.assertTrue(case.dossier_id)
        receipts = []

        def take_back():
            receipts[-1].action_draft()
            receipts.pop().action_cancel()

        for change, undo, code in (
            (
                lambda: receipts.append(self.pay_on("2026-06-01", self.first_invoice, 5000)),
                take_back,
                "settled",
            ),
            (
                lambda: receipts.append(self.payment(case.partner_id, 5000, date="2026-06-01")),
                take_back,
                "settled",
            ),
            (self.first_invoice.button_draft, self.first_invoice.action_post, "unposted"),
            (
                lambda: self.correct(self.first_invoice, self.customer("Other")),
                lambda: self.correct(self.first_invoice, case.partner_id),
                "other_customer",
            ),
        ):
            with self.subTest(code):
                change()
                todo = self.told(case)[1]
                self.assertEqual(len(todo), 1)
                self.assertIn(self.first_invoice.name, todo.note)
                self.assertIn(self.first_invoice.name, case.receipts_warning)
                self.assertIn(code, self.codes(case, "forbidden"))
                self.assertEqual(case.amount_principal, 2000)
                undo()
                self.assertFalse(self.told(case)[1])
                self.assertFalse(case.receipts_warning)
                self.assertNotIn(code, self.codes(case))
        self.first_invoice.button_draft()
        case.finding_ids.filtered(lambda f: f.code == "unposted").action_mend()
        self.assertFalse(self.told(case)[1])
        self.assertEqual((case.move_ids, case.amount_principal), (self.second_invoice, 2000))

    def test_of_two_who_open_its_to_do_at_one_moment_the_second_is_refused(self):
        """PostgreSQL refuses who writes what was written since he began; the file is, as it opens.

        Odoo tries him again, and he finds it open.
        """
        case = self.left

        def version():
            self.env.flush_all()
            self.env.cr.execute("SELECT ctid FROM account_dunning_case WHERE id = %s", [case.id])
            return self.env.cr.fetchone()

        before = version()
        self.payment(self.customer("Other"), 500)
        self.assertEqual(version(), before)
        self.payment(case.partner_id, 500)
        opened = version()
        self.assertNotEqual(opened, before)
        self.payment(case.partner_id, 300)
        self.assertEqual(version(), opened)

    def test_who_registers_a_payment_needs_no_right_on_the_file(self):
        clerk = self.new_user("case_clerk", "account.group_account_invoice")
        wizard = self.env["account.payment.register"].with_user(clerk)
        wizard = wizard.with_context(active_model="account.move", active_ids=self.first_invoice.ids)
        wizard.create({"journal_id": self.bank.id})._create_payments()
        self.assertEqual(len(self.told(self.left)[1]), 1)

    def test_taken_back_it_is_made_again_with_its_new_sums(self):
        case = self.left
        former = case.amount_principal
        case.action_back_to_preparation()
        self.payment(case.partner_id, 500, date="2026-05-01")
        self.hand_case_over(self.complete(case), sending="none")
        self.assertEqual((case.state, case.amount_principal), ("handed_over", former - 500))

    def test_the_hand_over_is_taken_back(self):
        case = self.left
        case.action_back_to_preparation()
        self.assertEqual(case.state, "preparation")
        self.assertFalse(case.hold_ids.filtered("is_current"))
        self.assertFalse(self.row(self.first_invoice).stop)
        case.ground = "Changed"
        with self.assert_refused(UserError, "not yet filed"):
            case.action_back_to_preparation()

    # -- Dates and states --------------------------------------------------------------------------

    def test_each_date_makes_the_state_and_clearing_it_undoes_it(self):
        case = self.left
        with self.on("2027-06-01"):
            for name, on, state in (
                ("filed_on", "2026-06-10", "filed"),
                ("order_on", "2026-09-01", "order"),
                ("served_on", "2026-10-15", "served"),
                ("opposed_on", "2026-11-10", "opposition"),
                ("enforceable_on", "2027-03-01", "enforceable"),
                ("executed_on", "2027-05-01", "executed"),
            ):
                case[name] = on
                self.assertEqual(case.state, state)
            case.executed_on = False
            self.assertEqual(case.state, "enforceable")

    def test_dates_out_of_order_or_to_come_are_refused(self):
        case = self.left
        with self.assert_refused(ValidationError, "in the future"):
            case.filed_on = "2026-06-02"
        case.invalidate_recordset()
        with self.on("2026-12-01"):
            case.write({"filed_on": "2026-06-10", "order_on": "2026-09-01"})
            with self.assert_refused(ValidationError, "cannot come before"):
                case.served_on = "2026-08-01"

    # -- Clocks ------------------------------------------------------------------------------------

    def test_the_period_of_service_follows_the_date_of_the_order(self):
        case = self.left
        with self.on("2026-09-02"):
            case.filed_on = "2026-06-10"
            for order_on, counted, extended in (
                ("2026-08-31", "2027-02-28", "2027-03-01"),
                ("2026-09-01", "2026-12-01", "2026-12-01"),
            ):
                case.order_on = order_on
                clock = self.clock(case, "service")
                self.assertEqual((clock.last_day, clock.extended), (day(counted), day(extended)))
                self.assertEqual(case.next_clock_on, self.clock(case, "fees").last_day)
            case.fees_on = "2026-06-12"
            self.assertEqual(case.next_clock_on, day("2026-12-01"))

    def test_service_starts_opposition_and_execution_and_the_limitation_again(self):
        case = self.left
        with self.on("2026-10-20"):
            case.write(
                {"filed_on": "2026-06-10", "order_on": "2026-09-01", "served_on": "2026-10-15"}
            )
            self.assertEqual(self.clock(case, "service").done_on, day("2026-10-15"))
            self.assertEqual(self.clock(case, "opposition").last_day, day("2026-11-16"))
            self.assertEqual(self.clock(case, "execution").last_day, day("2026-12-15"))
            self.assertEqual(self.clock(case, "limitation").last_day, day("2031-10-15"))

    def test_the_periods_of_an_order_run_in_no_other_way(self):
        """CPC 1411, 1416 and 1425 are rules of the order to pay."""
        dates = {"filed_on": "2026-06-10", "order_on": "2026-09-01", "served_on": "2026-10-15"}
        of_orders = {"fees", "service", "opposition", "execution", "limitation"}
        for route, kinds in (
            ("order_commercial", of_orders),
            ("order_judicial", of_orders - {"fees"}),
            ("summons", {"limitation"}),
            ("interim", {"limitation"}),
            ("administrative", {"limitation"}),
        ):
            with self.subTest(route), self.on("2026-10-20"):
                self.left.sudo().route = route
                self.left.write(dates)
                self.assertEqual(set(self.left.clock_ids.mapped("kind")), kinds)

    def test_what_interrupts_the_limitation_depends_on_the_way(self):
        self.notice(self.formal_notice, "2026-04-20", self.first_invoice)
        case = self.left.sudo()
        item = case.item_ids.filtered(lambda item: item.move_id == self.first_invoice)
        for route, last_day in (
            ("order_commercial", "2031-02-28"),  # asked without the debtor: its service does
            ("european", "2031-02-28"),
            (False, "2031-02-28"),
            ("small_claim", "2031-02-28"),  # no judge is asked
            ("agency", "2031-02-28"),
            ("summons", "2031-05-20"),
            ("interim", "2031-05-20"),
            ("declaration", "2031-05-20"),
        ):
            with self.subTest(route):
                case.write({"route": route, "filed_on": "2026-05-20"})
                self.assertEqual(item.limit_on, day(last_day))
        self.assertIn("18/05/2022", item.limit_detail)
        self.partner.dunning_regime = "b2g"  # loi 68-1250, art. 2: a demand is something there
        self.assertNotIn("18/05/2022", item.limit_detail)

    def test_a_refused_order_has_no_period_of_service(self):
        case = self.left
        with self.on("2026-09-02"):
            case.write({"order_on": "2026-09-01", "order_result": "refused"})
        self.assertFalse(self.clock(case, "service"))

    def test_the_person_in_charge_is_told_45_30_and_15_days_ahead_once_each(self):
        case = self.left
        with self.on("2026-09-02"):
            case.write({"filed_on": "2026-06-10", "fees_on": "2026-06-12"})
            case.order_on = "2026-09-01"
        told = []
        for on in ("2026-10-16", "2026-10-17", "2026-10-18", "2026-11-01", "2026-11-16"):
            with self.on(on):
                self.run_cron("case_clocks")
                self.run_cron("case_clocks")
                activities = case.activity_ids
                told.append((len(activities), activities[:1].activity_type_id.name))
        self.assertEqual([count for count, _type in told], [0, 1, 1, 1, 1])
        self.assertEqual(activities.user_id, self.manager)
        self.assertEqual(activities.date_deadline, day("2026-12-01"))
        self.assertIn("CPC 1411", activities.note)
        self.assertNotEqual(told[1][1], told[4][1])
        with self.on("2026-11-20"):
            case.served_on = "2026-11-20"
            self.assertFalse(case.activity_ids)

    def test_the_end_of_the_wait_before_execution_is_told(self):
        case = self.left
        with self.on("2026-10-20"):
            case.write({"order_on": "2026-09-01", "served_on": "2026-10-15"})
        with self.on("2026-12-16"):
            self.run_cron("case_clocks")
            kinds = case.activity_ids.mapped("summary")
        self.assertEqual(len(kinds), 2)

    # -- Costs, closing ----------------------------------------------------------------------------

    def test_a_closed_file_frees_its_items_for_another_and_is_opened_again(self):
        case = self.left
        self.close(case, "lost")
        self.assertEqual((case.state, case.closed_on), ("closed", day("2026-06-01")))
        self.assertFalse(case.item_ids.filtered("is_live"))
        self.assert_stopped(self.first_invoice, "hold")
        hands = self.env["account.dunning.hand"].search([("case_id", "=", case.id)])
        self.assertEqual(set(hands.mapped("until")), {day("2026-06-01")})
        case.action_reopen()
        self.assertEqual(case.state, "handed_over")
        self.assertEqual(hands._get_live(case.item_ids.move_line_id).case_id, case)

    def test_a_file_is_not_opened_again_for_what_somebody_else_has(self):
        case = self.left
        self.close(case, "lost")
        other = self.prepare_case(self.first_invoice)
        with self.assert_refused(UserError, f"{self.first_invoice.name}.*{other.name}"):
            case.action_reopen()
        other.unlink()
        case.action_reopen()
        self.assertEqual(case.state, "handed_over")

    def test_a_file_withdrawn_gives_its_items_back_to_ordinary_dunning(self):
        case = self.left
        self.close(case, "withdrawn")
        self.assertFalse(self.row(self.first_invoice).stop)

    # -- What others read --------------------------------------------------------------------------

    def test_the_chronology_and_the_tasks_of_the_day_tell_it(self):
        case = self.left
        with self.on("2026-11-20"):
            case.write({"filed_on": "2026-06-10", "order_on": "2026-09-01"})
            events = self.env["account.dunning.chronology"]._get_events(
                self.partner, self.company, self.moves
            )
            mine = [event for event in events if event.kind == "case"]
            self.assertEqual(
                [event.on for event in mine],
                [day("2026-06-01"), day("2026-06-10"), day("2026-09-01")],
            )
            self.assertEqual(mine[0].proofs, case.dossier_id)
            tasks = {
                task.key: task.count
                for task in self.env["account.dunning.today"]._get_tasks(self.company)
            }
            self.assertEqual(tasks["case_clock"], 1)
