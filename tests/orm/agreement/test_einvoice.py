"""The life cycle of an e-invoice stops and resumes dunning, whoever brings its statuses."""

import json
from base64 import b64encode
from datetime import datetime
from itertools import permutations
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import TODAY, day
from ..penalty_common import PenaltyCommon

HEADER = "Facture;Statut;Date;Montant;Motif"


@tagged("post_install", "-at_install")
class TestEinvoice(PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.move = cls.invoice(cls.partner, 10)
        cls.biller = cls.new_user("einvoice_biller", "account.group_account_invoice")

    def apply(self, code, on=None, *, move=None, **values):
        move = move or self.move
        return move._apply_dunning_einvoice_status(code, on and day(on), **values)

    def stop(self, move=None):
        return self.row(move or self.move).stop

    def open_disputes(self, move=None):
        disputes = (move or self.move).dunning_dispute_ids
        return disputes.filtered(lambda dispute: dispute.state in ("open", "credit_note"))

    # -- What each means ---------------------------------------------------------------------------

    def test_refused_it_is_a_dispute_for_its_reason_at_once(self):
        for code, reason, expected in (
            ("210", "[PU_ERR] Not the price agreed", "price"),
            ("207", "LIVR_INCOMP", "delivery"),
            ("208", "CMD_ERR: order number missing", "administrative"),
            ("213", "REJ_SEMAN", "administrative"),
            ("210", "We never ordered that", "other"),
        ):
            with self.subTest(code=code, reason=reason):
                move = self.invoice(self.partner, 10)
                self.apply(code, "2026-05-20", move=move, reason=reason)
                self.assertEqual(self.stop(move), "hold")
                dispute = self.open_disputes(move)
                self.assertEqual((dispute.reason, str(dispute.date_open)), (expected, "2026-05-20"))
                self.assertTrue(dispute.activity_ids)
                self.assertIn("dispute open", move.dunning_einvoice_text)

    def test_the_tab_of_the_invoice_lists_its_statuses_the_last_first(self):
        self.apply("205", "2026-05-20")
        self.apply("210", "2026-05-21", reason="LIVR_INCOMP")
        groups = self.move.with_user(self.biller).get_dunning_facts()
        [table] = [
            group["table"]
            for group in groups
            if group.get("table") and group["table"]["model"] == "account.dunning.einvoice.status"
        ]
        self.assertEqual([row["tone"] for row in table["rows"]], ["danger", "success"])
        self.assertEqual([row["id"] for row in table["rows"]], self.move.dunning_einvoice_ids.ids)

    def test_of_what_is_approved_in_part_the_difference_is_disputed(self):
        self.apply("206", amount=30, reason="QTE_ERR")
        self.assertEqual(float(self.row(self.move).due_amount), 70)
        self.assertEqual((self.open_disputes().amount, self.open_disputes().reason), (30, "goods"))

    def test_one_quarrel_is_one_dispute(self):
        self.apply("208", "2026-05-20", reason="JUSTIF_ABS")
        first = self.open_disputes()
        self.apply("210", "2026-05-22", reason="PU_ERR")
        self.assertEqual(self.move.dunning_dispute_ids, first)
        self.assertEqual(first.reason, "price")
        self.apply("205", "2026-05-25")
        self.assertEqual(first.state, "accepted")
        self.assertFalse(self.stop())

    def test_what_a_person_opened_no_status_closes(self):
        dispute = self.env["account.dunning.dispute"].create({"move_id": self.move.id})
        self.apply("210", "2026-05-20")
        self.apply("205", "2026-05-21")
        self.assertEqual((self.move.dunning_dispute_ids, dispute.state), (dispute, "open"))

    def test_in_whatever_order_and_twice_the_issue_day_decides(self):
        statuses = (("202", "2026-05-12"), ("210", "2026-05-20"), ("205", "2026-05-25"))
        for arrived in permutations(statuses):
            with self.subTest(arrived=[code for code, _on in arrived]):
                move = self.invoice(self.partner, 10)
                for code, on in (*arrived, *arrived):
                    self.apply(code, on, move=move)
                self.assertFalse(self.stop(move))
                self.assertEqual(len(move.dunning_einvoice_ids), 3)
                self.assertFalse(self.open_disputes(move))
                self.assertEqual(move.dunning_einvoice_code, "205")

    def test_an_older_status_does_not_open_again_what_a_person_closed(self):
        self.apply("210", "2026-05-20")
        self.open_disputes().action_reject()
        self.apply("203", "2026-05-12")
        self.apply("207", "2026-05-15")
        self.assertFalse(self.stop())
        self.apply("210", "2026-05-28")
        self.assertEqual(self.stop(), "hold")

    def test_a_moment_decides_within_its_day_which_is_that_of_france(self):
        late = datetime.fromisoformat("2026-05-20T22:30:00")
        status = self.move._apply_dunning_einvoice_status("205", late)
        self.assertEqual((status.day, status.issued_at), (day("2026-05-21"), late))
        self.move._apply_dunning_einvoice_status(
            "210", datetime.fromisoformat("2026-05-20T21:00:00")
        )
        self.assertFalse(self.stop())

    def test_what_was_announced_long_ago_suspends_nothing(self):
        self.apply("211", "2026-05-01")
        self.assertFalse(self.stop())
        self.apply("211", "2026-05-29")
        self.assertEqual(self.stop(), "hold")

    # -- Collected ---------------------------------------------------------------------------------

    def test_collected_it_is_not_claimed_until_the_books_show_it(self):
        self.apply("212", amount=40)
        self.assertEqual(float(self.row(self.move).due_amount), 60)
        self.assertIn("record the payment", self.move.activity_ids.summary)
        self.pay(self.move, 40)
        self.assertEqual(float(self.row(self.move).due_amount), 60)
        self.assertFalse(self.move.activity_ids)

    def test_collected_and_in_the_books_already_it_is_only_shown(self):
        self.pay(self.move, 40)
        self.apply("212", amount=40)
        self.assertEqual(float(self.row(self.move).due_amount), 60)
        self.assertEqual(self.move.dunning_einvoice_code, "212")
        self.assertFalse(self.move.activity_ids)

    def test_why_it_is_suspended_is_said_again_in_the_language_of_today(self):
        never_received, disputed = self.move, self.invoice(self.partner, 10)
        self.apply("213", move=never_received, reason="REJ_ADR")
        self.apply("210", move=disputed, reason="PU_ERR")
        hold = never_received._get_dunning_einvoice_holds()
        texts = (
            (hold, "213 – Rejected"),
            (never_received.activity_ids, "213 – Rejected"),
            (self.open_disputes(disputed), "210 – Refused"),
        )
        for record, label in texts:
            self.assertIn(label, record.note)
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.dunning_lang = "fr_FR"
        labels = {"213": "213 – Rejetée", "210": "210 – Refusée"}
        with patch.object(
            type(self.env["account.dunning.einvoice.status"]),
            "_get_label",
            lambda _status, code: labels[code],
        ):
            (never_received + disputed)._retell_dunning_einvoice()
        for record, label in texts:
            self.assertIn(labels[label[:3]], record.note)
            self.assertNotIn(label, record.note)

    # -- Rejected for its address ------------------------------------------------------------------

    def test_he_who_never_had_it_owes_no_penalty_and_gets_no_reminder(self):
        move = self.late("2026-03-31", 1000)
        self.assertTrue(self.accrued(move, TODAY).interest)
        self.apply("213", "2026-03-05", move=move, reason="REJ_ADR")
        accrued = self.accrued(move, TODAY)
        self.assertEqual((accrued.interest, accrued.indemnity, accrued.problem), (0, 0, False))
        self.assertEqual(self.stop(move), "hold")
        self.assertFalse(move.dunning_dispute_ids)
        self.assertIn("Send it again", move.activity_ids.summary)
        self.assertIn("never had it", move.dunning_einvoice_text)

    def test_no_day_is_late_before_he_has_it(self):
        move, other = self.late("2026-03-31", 1000), self.late("2026-04-20", 1000)
        self.apply("213", "2026-03-05", move=move, reason="REJ_ADR")
        self.apply("203", "2026-04-20", move=move)
        self.assertFalse(move.activity_ids)
        got, expected = self.accrued(move, TODAY), self.accrued(other, TODAY)
        self.assertEqual(got.statement.segments, expected.statement.segments)
        self.assertEqual(got.indemnity, expected.indemnity)

    def test_he_had_it_before_its_due_date_nothing_changes(self):
        move, other = self.late("2026-03-31", 1000), self.late("2026-03-31", 1000)
        self.apply("221", "2026-03-05", move=move)
        self.apply("204", "2026-03-09", move=move)
        self.assertEqual(self.accrued(move, TODAY), self.accrued(other, TODAY))

    def test_what_was_booked_meanwhile_is_taken_back(self):
        move = self.late("2026-03-31", 1000)
        self.book("2026-05-31")
        booked = self.penalty(move).booked_interest
        self.assertTrue(booked)
        self.apply("213", "2026-03-05", move=move, reason="ADR_ERR")
        self.book("2026-06-01")
        self.assertEqual(self.penalty(move).booked_interest, 0)

    def test_reminders_count_from_the_day_on_which_he_got_it(self):
        move = self.invoice(self.customer("Found"), 40)
        self.apply("200", "2026-04-25", move=move, reason="NON_TRANSMISE")
        self.assertEqual(self.stop(move), "hold")
        self.apply("203", "2026-05-30", move=move)
        row = self.row(move)
        self.assertFalse(row.stop)
        self.assertEqual(row.next_date, day("2026-06-04"))  # five days after the 30th

    # -- What ends it ------------------------------------------------------------------------------

    def test_a_credit_note_of_all_that_is_contested_answers_a_refusal(self):
        self.apply("210")
        self.credit_note(self.partner, 40, self.move)
        self.assertEqual(self.open_disputes().state, "open")
        self.credit_note(self.partner, 60, self.move)
        self.assertEqual(self.move.dunning_dispute_ids.state, "accepted")
        part = self.invoice(self.partner, 10)
        self.apply("206", move=part, amount=30)
        self.credit_note(self.partner, 30, part)
        self.assertFalse(self.open_disputes(part))

    def test_a_cancelled_invoice_waits_for_nothing(self):
        self.apply("210")
        self.move.button_draft()
        self.move.button_cancel()
        self.assertFalse(self.open_disputes())
        self.assertTrue(self.apply("213", reason="REJ_ADR"))
        self.assertFalse(self.move.activity_ids)
        self.assertFalse(self.move._get_dunning_einvoice_holds())

    def test_of_a_paid_invoice_or_a_credit_note_statuses_are_kept_and_stop_nothing(self):
        self.pay(self.move)
        note = self.credit_note(self.partner, 10)
        for move in (self.move, note):
            self.assertTrue(self.apply("210", move=move))
            self.assertFalse(self.open_disputes(move))

    # -- Guards and rights -------------------------------------------------------------------------

    def test_nobody_writes_or_deletes_a_status(self):
        status = self.apply("205")
        manager = self.new_user("einvoice_manager", "account_dunning_fr.group_dunning_manager")
        mine = status.with_user(manager)
        for act in (
            lambda: mine.write({"code": "210"}),
            lambda: mine.create({"move_id": self.move.id, "code": "205", "day": TODAY}),
            mine.unlink,
            lambda: self.move.with_user(manager).write({"dunning_not_received": True}),
        ):
            with self.assertRaises(AccessError):
                act()

    # -- By hand and by file -----------------------------------------------------------------------

    def entry(self, **values):
        dialogs = self.env["account.dunning.einvoice.entry"].with_user(self.biller)
        return dialogs.create({"move_id": self.move.id, **values})

    def test_a_person_records_one(self):
        self.entry(code="210", reason="PU_ERR too much").action_record()
        status = self.move.dunning_einvoice_ids
        self.assertEqual((status.source, status.user_id), ("hand", self.biller))
        self.assertEqual(self.open_disputes().reason, "price")
        again = self.entry(code="210", reason="PU_ERR").action_record()
        self.assertIn("already", again["params"]["message"])

    def load(self, text):
        dialogs = self.env["account.dunning.einvoice.import"].with_user(self.biller)
        dialog = dialogs.create({"file": b64encode(text.encode())})
        return dialog, dialog.action_import()

    def test_of_a_list_the_good_lines_are_applied_and_the_bad_ones_named(self):
        other = self.invoice(self.customer("Other"), 10)
        lines = [
            f"{self.move.name};210;20/05/2026;;PU_ERR",
            f"{other.name};205;2026-05-21",
            f"{other.name};205;2026-05-21",
            "FAC/NOWHERE;210;20/05/2026",
            f"{other.name};999;20/05/2026",
        ]
        dialog, action = self.load("\n".join([HEADER, *lines]))
        self.assertEqual(action["res_id"], dialog.id)
        self.assertRegex(dialog.result, "applied: 2; known already: 1")
        self.assertEqual(dialog.problem_count, 2)
        self.assertRegex(dialog.problems, r"(?s)Line 5: .*FAC/NOWHERE.*Line 6: .*999")
        self.assertEqual(self.stop(), "hold")
        told = json.dumps([{"facture": self.move.name, "statut": 205, "date": "2026-05-25"}])
        self.assertIn("applied: 1", self.load(told)[1]["params"]["message"])
        self.assertFalse(self.stop())

    def test_a_message_of_the_life_cycle_is_applied_as_a_list_is(self):
        reference = (
            "<r:ReferenceReferencedDocument><r:IssuerAssignedID>{}</r:IssuerAssignedID>"
            "<r:ProcessConditionCode>{}</r:ProcessConditionCode><r:SpecifiedDocumentStatus>"
            "<r:ReasonCode>QTE_ERR</r:ReasonCode></r:SpecifiedDocumentStatus>"
            "</r:ReferenceReferencedDocument>"
        )
        text = (
            '\ufeff<?xml version="1.0" encoding="UTF-8"?>'
            '<m:CrossDomainAcknowledgementAndResponse xmlns:m="urn:m" xmlns:r="urn:r">'
            "<m:AcknowledgementDocument><r:IssueDateTime><m:DateTimeString "
            'format="204">20260520093000</m:DateTimeString></r:IssueDateTime>'
            + reference.format(self.move.name, 210)
            + reference.format("FAC/NOWHERE", 207)
            + "</m:AcknowledgementDocument></m:CrossDomainAcknowledgementAndResponse>"
        )
        dialog, _action = self.load(text)
        self.assertRegex(dialog.problems, "^Line 2: .*FAC/NOWHERE")
        self.assertEqual(self.open_disputes().reason, "goods")
        self.assertEqual(self.move.dunning_einvoice_ids.day, day("2026-05-20"))

    def test_another_file_or_another_company_s_invoice_is_refused(self):
        typed = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        for content in ("no list", "a;b\n1;2", "{}", "<Invoice/>", "<open", typed):
            with self.assert_refused(UserError, "no list of statuses"):
                self.load(content)
        stranger = self.env["res.company"].create({"name": "Stranger"})
        dialogs = self.env["account.dunning.einvoice.import"]
        foreign = dialogs.with_user(
            self.new_user("einvoice_stranger", "account.group_account_invoice", company=stranger)
        )
        text = f"{HEADER}\n{self.move.name};210;20/05/2026"
        dialog = foreign.create({"file": b64encode(text.encode())})
        dialog.action_import()
        self.assertEqual(dialog.problem_count, 1)
        self.assertFalse(self.move.dunning_einvoice_ids)

    # -- Where it is shown -------------------------------------------------------------------------

    def test_it_is_told_where_people_look(self):
        self.apply("203", "2026-05-05")
        self.apply("210", "2026-05-20", reason="PU_ERR")
        rejected = self.invoice(self.partner, 10)
        self.apply("213", "2026-05-20", move=rejected, reason="REJ_ADR")
        page = self.env["account.dunning.today"].with_user(self.biller).get_page()
        (card,) = [card for card in page["cards"] if card["key"] == "einvoice"]
        self.assertEqual(card["count"], 1)
        acts = [act for row in page["rows"] for act in row["acts"] if act["card"] == "einvoice"]
        self.assertEqual(
            {act["model"] for act in acts}, {"account.dunning.dispute", "account.move"}
        )
        events = self.env["account.dunning.chronology"]._get_events(self.partner, self.company)
        told = [event.title for event in events if event.kind == "einvoice"]
        self.assertEqual(len(told), 3)
        self.assertIn("Made available", told[0])
        search = self.env.ref("account_dunning_fr.view_invoice_search_einvoice").arch
        domain = search.partition('domain="')[2].partition('"')[0]
        found = self.env["account.move"].search(eval(domain))
        self.assertEqual(found & (self.move | rejected), self.move | rejected)
