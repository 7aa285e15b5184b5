"""What an approved platform says of an invoice: ``account_dunning_fr_pdp`` on a stand-in."""

from datetime import datetime
from unittest.mock import patch

from lxml import etree

from odoo.addons.account_dunning_fr_pdp import post_init_hook
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..orm.dunning_common import day
from ..orm.penalty_common import PenaltyCommon


@tagged("post_install", "-at_install")
class TestEinvoicePdp(PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice(cls.partner, 10, 1000, peppol_message_uuid="uuid")

    def respond(self, code, at="2026-05-20 10:00:00", *, move=None, **values):
        """Receive a response, as the platform's module makes it from a message."""
        values = {"peppol_state": "done", "pdp_flow_number": "2", "pdp_issue_date": at, **values}
        return (
            self.env["account.peppol.response"]
            .sudo()
            .create({"move_id": (move or self.move).id, "response_code": code, **values})
        )

    def codes(self, move=None):
        return set((move or self.move).dunning_einvoice_ids.mapped("code"))

    def stop(self):
        return self.row(self.move).stop

    def test_refused_it_is_a_dispute_in_the_same_transaction(self):
        self.respond("refused", pdp_status_info="[PU_ERR] Prix erroné\nVoir devis")
        self.assertEqual(self.move.peppol_move_state, "refused")
        self.assertEqual(self.stop(), "hold")
        status = self.move.dunning_einvoice_ids
        self.assertEqual((status.code, status.day), ("210", day("2026-05-20")))
        self.assertEqual(status.issued_at, datetime.fromisoformat("2026-05-20T10:00:00"))
        self.assertEqual((status.source, status.reason), ("platform", "Prix erroné Voir devis"))
        self.assertEqual(self.move.dunning_dispute_ids.reason, "price")

    def test_each_code_is_one_of_the_norm(self):
        for code, expected in (
            *(("submitted", "200"), ("sent", "201"), ("AB", "202"), ("made_available", "203")),
            *(("in_hand", "204"), ("AP", "205"), ("contested", "207"), ("suspended", "208")),
            *(("completed", "209"), ("payment_sent", "211"), ("RE", "213"), ("PD", "211")),
        ):
            move = self.invoice(self.partner, 10)
            self.respond(code, move=move)
            self.assertEqual(self.codes(move), {expected}, code)
        for flow, code in ((False, "RE"), (False, "UQ")):  # the customer's own, over the network
            move = self.invoice(self.partner, 10)
            self.respond(code, False, move=move, pdp_flow_number=flow)
            self.assertEqual(self.codes(move), {{"RE": "210", "UQ": "208"}[code]})

    def test_what_the_state_answers_to_our_reports_is_no_status_of_the_invoice(self):
        for flow in ("1", "6", "10"):
            self.respond("refused", pdp_flow_number=flow)
        self.respond("cancelled")
        self.assertFalse(self.move.dunning_einvoice_ids)

    def test_what_is_not_complete_says_nothing_until_it_is(self):
        response = self.respond("suspended", peppol_state="processing")
        self.assertFalse(self.stop())
        response.peppol_state = "done"
        self.assertEqual(self.stop(), "hold")
        response.peppol_state = "done"
        self.respond("completed", "2026-05-22 10:00:00")
        self.assertFalse(self.stop())
        self.respond("suspended", "2026-05-20 10:00:00")
        self.assertFalse(self.stop())

    def test_what_we_report_as_collected_is_shown_and_asks_for_nothing(self):
        self.pay(self.move, 400)
        told = [
            {"type_code": "MEN", "amount": "400", "currency": "EUR"},
            {"type_code": "RAP", "amount": "600", "currency": "EUR"},
        ]
        response = self.respond("PD", peppol_state="processing", pdp_payment_info=told)
        response.peppol_state = "done"
        self.assertEqual(self.move.dunning_einvoice_ids.mapped("amount"), [400])
        self.assertEqual(float(self.row(self.move).due_amount), 600)

    def test_what_cannot_be_applied_stops_no_platform(self):
        self.company.partner_id.dunning_lang = "en_US"

        def refuse(_move, *_args, **_values):
            raise ValidationError("No")

        with (
            patch.object(type(self.move), "_apply_dunning_einvoice_status", refuse),
            mute_logger("odoo.addons.account_dunning_fr_pdp.models.account_peppol_response"),
        ):
            response = self.respond("refused")
        self.assertTrue(response.exists())
        self.assertIn("not applied", str(self.move.message_ids[0].body))

    def test_what_came_before_the_addon_is_read_once_it_is_there(self):
        with patch.object(
            type(self.env["account.peppol.response"]), "_tell_dunning", lambda _self: None
        ):
            self.respond("RE", pdp_status_info="[REJ_ADR]")
        self.assertFalse(self.stop())
        post_init_hook(self.env(su=True))
        self.assertTrue(self.move.dunning_not_received)

    # -- What it says of late payment --------------------------------------------------------------

    def notes(self, move):
        """Return the notes of an e-invoice in Odoo's French format, ``{code: text}``."""
        content, _errors = self.env["account.edi.xml.ubl_21_fr"]._export_invoice(move)
        texts = [node.text for node in etree.fromstring(content).findall("{*}Note")]
        self.assertTrue(all(text.startswith("#") for text in texts), texts)
        codes = [text.split("#", 2)[1] for text in texts]
        self.assertEqual(len(codes), len(set(codes)), "BR-FR-06: each code once")
        return {text.split("#", 2)[1]: text.split("#", 2)[2] for text in texts}

    def test_the_notes_of_the_platform_say_what_the_letters_claim(self):
        self.company.dunning_mentions = True
        terms = {"dunning_rate_type": "fixed", "dunning_rate_percent": 11.5}
        debtor = self.customer("Menuiserie", dunning_regime="b2b", lang="en_US", **terms)
        move = self.invoice(debtor, 10)
        told = self.notes(move)
        self.assertEqual(told, dict(move.with_context(lang="en_US")._get_dunning_mentions()))
        item = self.item(move)
        self.assertIn(item._get_dunning_rate_labels()[item], told["PMD"])
        self.assertIn("11.50 %", told["PMD"])
        public = self.invoice(self.customer("Commune", dunning_regime="b2g", lang="en_US"), 10)
        self.assertIn("plus 8 points", self.notes(public)["PMD"])
        consumer = self.customer("Particulier", dunning_regime="b2c", is_company=False)
        self.assertEqual(set(self.notes(self.invoice(consumer, 10))), {"AAB"})
        self.company.dunning_mentions = False
        self.assertEqual(self.notes(move)["PMD"], "An annual rate of 10%", "nothing is ours")

    # -- What is reported as collected -------------------------------------------------------------

    def residual(self, move=None):
        return (move or self.move).pdp_lifecycle_residual

    def test_money_received_is_reported_as_collected(self):
        self.pay(self.move, 400)
        self.assertEqual(self.residual(), 400)
        line = self.statement(self.partner, 600)
        self.match(line, self.item(self.move))
        self.assertEqual(self.residual(), 1000)

    def test_a_transfer_a_set_off_and_a_loss_are_not(self):
        penalties = self.account("763199", "income_other")
        payable = self.account("401999", "liability_payable")
        for account in (self.doubtful, self.losses, payable, penalties):
            move = self.invoice(self.partner, 10, 1000, peppol_message_uuid=account.code)
            values = {account: 1000}
            self.settle_by_entry(move, "2026-05-20", *values.items())
            self.assertEqual(move.amount_residual, 0)
            self.assertEqual(self.residual(move), 0, account.code)

    def test_what_a_payment_writes_off_is_not(self):
        self.pay_on(
            "2026-05-20",
            self.move,
            950,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.losses.id,
        )
        self.assertEqual((self.move.amount_residual, self.residual()), (0, 950))

    def test_what_is_received_on_the_doubtful_account_is(self):
        entry = self.settle_by_entry(self.move, "2026-05-20", (self.doubtful, 1000))
        moved = entry.line_ids.filtered(lambda line: line.account_id == self.doubtful)
        self.match(self.statement(self.partner, 300), moved)
        self.assertEqual(self.move._pdp_get_paid_amount(), 300)
