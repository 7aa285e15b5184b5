"""The bank's files of returned debits: what they open again, what is told, what it costs whom."""

from base64 import b64encode

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..case_common import CaseCommon, pdf
from ..dunning_common import TODAY, day

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd"
IBAN = "FR1420041010050500013M02606"
TRANSACTION = """
    <TxDtls><Refs><EndToEndId>{end}</EndToEndId><MndtId>{mandate}</MndtId></Refs>
      <AmtDtls><InstdAmt><Amt Ccy="{currency}">{amount}</Amt></InstdAmt></AmtDtls>
      <Chrgs><Rcrd><Amt Ccy="EUR">{fee}</Amt></Rcrd></Chrgs>
      <RltdPties><DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct></RltdPties>
      <RmtInf><Ustrd>{words}</Ustrd></RmtInf>
      <RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf></TxDtls>"""
ENTRY = """
    <Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
      <BookgDt><Dt>{on}</Dt></BookgDt>
      <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>
      <NtryDtls>{told}</NtryDtls></Ntry>"""


def told(end="NOTPROVIDED", amount=100, code="AM04", **values):
    """One returned debit, as the bank's file tells it."""
    plain = {"mandate": "", "currency": "XXX", "fee": 6.5, "iban": "", "words": "", "on": TODAY}
    values = {**plain, **values, "end": end, "amount": amount, "code": code}
    return ENTRY.format(on=values["on"], told=TRANSACTION.format(**values))


def file_of(*entries):
    text = "".join(entries)
    root = f'<Document xmlns="{NAMESPACE}:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>'
    return f"{root}<Ntfctn>{text}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>".encode()


@tagged("post_install", "-at_install")
class TestDebitReturns(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.debited = cls.customer("Debited", dunning_pay_mode="debit", dunning_regime="b2b")

    def debit(self, partner=None, amount=100.0):
        """Invoice a customer and collect it by direct debit, booked before the bank says no."""
        move = self.invoice(partner or self.debited, "2026-05-26", amount)
        self.pay_on("2026-05-27", move)
        self.assertEqual(move.amount_residual, 0)
        return move

    def take(self, *entries, user=None):
        """Import a file; return the dialog, and what the dialog made."""
        returns = self.env["account.dunning.debit.return"]
        before = returns.search([])
        dialog = self.env["account.dunning.return.import"].with_user(user or self.biller)
        content = file_of(*entries).replace(b"XXX", self.company.currency_id.name.encode())
        dialog = dialog.create({"file": b64encode(content)})
        dialog.action_import()
        return dialog, returns.search([]) - before

    # -- What it opens again -----------------------------------------------------------------------

    def test_it_is_unpaid_again_at_once_and_claimed_with_a_to_do(self):
        move = self.debit()
        _dialog, made = self.take(told(move.name))
        item = self.item(move)
        self.assertEqual((move.amount_residual, made.item_ids), (100, item))
        self.assertEqual((item.dunning_returned_on, item.dunning_return_code), (day(TODAY), "AM04"))
        # The payment stands in the books until the bank's line comes, and pays nothing.
        self.assertFalse(made.payment_item_id.reconciled)
        row = self.row(move)
        self.assertEqual((row.reason, row.credit_amount), ("claimed", 0))
        self.assertIn("present it again", move.activity_ids.summary)
        events = self.env["account.dunning.chronology"]._get_events(self.debited, self.company)
        (event,) = [event for event in events if event.kind == "return"]
        self.assertEqual((event.record, event.amount), (made, 100))
        self.assertIn("AM04", event.detail)
        parts = self.env["account.dunning.customer"]._get_debit_return_parts(
            self.debited, self.company, day(TODAY)
        )
        self.assertIn("AM04", parts[0].rows[0]["detail"])

    def test_a_promise_that_the_returned_debit_had_kept_is_judged_again(self):
        move = self.invoice(self.debited, "2026-05-26", 100.0)
        promise = self.env["account.dunning.promise"].create(
            {
                "partner_id": self.debited.id,
                "item_ids": self.items(move).ids,
                "date_made": "2026-05-26",
                "date_promised": TODAY,
            }
        )
        self.pay_on("2026-05-27", move)
        promise._review(self.company, day(TODAY))
        self.assertEqual(promise.state, "kept")
        self.take(told(move.name))
        self.assertGreater(move.amount_residual, 0)
        self.assertEqual(promise.state, "running")

    def test_the_line_of_the_bank_is_claimed_no_second_time_whichever_comes_first(self):
        for first in ("file", "line"):
            with self.subTest(first=first):
                move = self.debit(amount=70.0 if first == "file" else 80.0)
                amount = move.amount_total
                if first == "file":
                    self.take(told(move.name, amount))
                back = self.statement(self.debited, -amount, on=TODAY)
                if first == "file":  # the line waits in suspense
                    self.assertEqual(self.row(move).reason, "claimed")
                _bank, suspense, _other = back._seek_for_lines()
                suspense.account_id = self.item(move).account_id
                if first == "line":
                    self.take(told(move.name, amount))
                rows = [
                    row
                    for row in self.plan._simulate(self.company, day(TODAY), self.debited)
                    if row.residual > row.credit_amount and not row.exclusion
                ]
                self.assertIn(move.id, [row.move_id for row in rows])
                same = [row for row in rows if row.residual == amount]
                claimed = sum(row.residual - row.credit_amount for row in same)
                self.assertEqual(claimed, amount)

    def test_what_each_reason_asks_for(self):
        for code, words, disputed in (
            ("MD01", None, True),
            ("MD06", None, True),
            ("MS02", None, True),
            ("SL01", None, True),
            ("AC04", "bank details", False),
            ("MS03", "see why", False),
            ("FF05", "see why", False),
        ):
            with self.subTest(code=code):
                move = self.debit()
                _dialog, made = self.take(told(move.name, code=code))
                self.assertEqual(bool(move.dunning_dispute_ids), disputed)
                self.assertEqual(self.row(move).stop or "", "hold" if disputed else "")
                if words:
                    self.assertIn(words, move.activity_ids.summary)
                self.assertEqual(
                    (made.told, made.code), (code, code if code != "FF05" else "other")
                )

    def test_one_that_was_never_booked_as_paid_needs_no_more_days_of_the_bank(self):
        move = self.invoice(self.debited, "2026-05-26", 100)
        self.assertEqual(self.row(move).reason, "waiting")
        _dialog, made = self.take(told(f"PREL-{move.name}"))
        self.assertEqual(self.row(move).reason, "claimed")
        self.assertFalse(made.payment_item_id)

    def test_one_debit_for_several_invoices_is_told_by_their_names_and_sum(self):
        moves = [self.invoice(self.debited, "2026-05-26", amount) for amount in (30, 50)]
        words = " ".join(move.name for move in moves)
        _dialog, made = self.take(told(words=words, amount=80))
        self.assertEqual(made.item_ids, self.items(*moves))
        self.assertEqual({self.row(move).reason for move in moves}, {"claimed"})

    # -- What names it -----------------------------------------------------------------------------

    def test_it_is_found_by_reference_else_by_account_and_sum_alone(self):
        self.env["res.partner.bank"].create({"acc_number": IBAN, "partner_id": self.debited.id})
        by_words, by_account, compact = (self.debit(amount=amount) for amount in (11.0, 12.0, 13.0))
        dialog, made = self.take(
            told(words=f"Facture {by_words.name} mai", amount=11),
            told(amount="12.00", iban=IBAN),
            told(by_account.name.replace("/", ""), amount=99),  # another sum than its own
            told(compact.name.replace("/", ""), amount=13),
            told("UNKNOWN", amount=5),
        )
        self.assertEqual(
            set(made.item_ids.move_id), {by_words, by_account, compact}, dialog.problems
        )
        self.assertEqual(dialog.problem_count, 2)
        self.assertIn("Line 5: “UNKNOWN” is no payment", dialog.problems)
        self.assertIn("applied: 3", dialog.result)

    def test_what_may_be_several_is_left_to_a_person(self):
        self.env["res.partner.bank"].create({"acc_number": IBAN, "partner_id": self.debited.id})
        moves = [self.debit(amount=21.0) for _number in range(2)]
        longer = self.debit(amount=22.0)
        dialog, made = self.take(told(iban=IBAN, amount=21), told(longer.name[:-1], amount=22))
        self.assertFalse(made)
        self.assertIn("several", dialog.problems)
        self.assertIn("no payment", dialog.problems)
        self.assertEqual({move.amount_residual for move in [*moves, longer]}, {0})

    def test_another_company_s_payments_are_no_match(self):
        other = self.env["res.company"].sudo().create({"name": "Other creditor"})
        move = self.debit()
        biller = self.new_user("other_biller", "account.group_account_invoice", company=other)
        dialog, made = self.take(told(move.name), user=biller)
        self.assertFalse(made)
        self.assertEqual((dialog.problem_count, move.amount_residual), (1, 0))

    def reject(self, *ends):
        """Import a report of the bank that repeats nothing of the debits but their names."""
        told = "".join(
            f"<TxInfAndSts><OrgnlEndToEndId>{end}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
            "<StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf></TxInfAndSts>"
            for end in ends
        )
        root = f'<Document xmlns="{NAMESPACE}:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr>'
        content = (
            f"{root}<CreDtTm>{TODAY}T07:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
            "<OrgnlMsgNmId>pain.008.001.02</OrgnlMsgNmId></OrgnlGrpInfAndSts>"
            f"<OrgnlPmtInfAndSts>{told}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
        )
        returns = self.env["account.dunning.debit.return"]
        before = returns.search([])
        dialog = self.env["account.dunning.return.import"].with_user(self.biller)
        dialog = dialog.create({"file": b64encode(content.encode())})
        dialog.action_import()
        return dialog, returns.search([]) - before

    def test_without_its_sum_it_is_the_payment_that_its_name_names(self):
        move, other = self.debit(amount=45.0), self.debit(amount=46.0)
        dialog, made = self.reject(move.name)
        self.assertEqual((made.item_ids, made.amount), (self.item(move), 45), dialog.problems)
        self.assertEqual((move.amount_residual, other.amount_residual), (45, 0))
        # The same file, and the line of the statement with all of it, tell it again.
        self.assertFalse(self.reject(move.name)[1] | self.take(told(move.name, 45))[1])
        # The other way round.
        self.assertEqual(len(self.take(told(other.name, 46))[1]), 1)
        self.assertFalse(self.reject(other.name)[1])

    def test_without_its_sum_nothing_is_guessed(self):
        transferred = self.debit(self.customer("By transfer"), 47.0)
        halves = self.invoice(self.debited, "2026-05-26", 48.0)
        for _half in range(2):
            self.pay_on("2026-05-27", halves, 24.0)
        open_one = self.invoice(self.debited, "2026-05-26", 49.0)
        twice = self.debit(amount=50.0)
        dialog, made = self.reject(
            transferred.name, halves.name, open_one.name, "UNKNOWN", f"{twice.name}-1", twice.name
        )
        self.assertEqual(made.item_ids, self.item(twice), dialog.problems)
        self.assertEqual(transferred.amount_residual + halves.amount_residual, 0)
        self.assertEqual(dialog.problem_count, 5)
        self.assertIn("several", dialog.problems)
        self.assertFalse(open_one.line_ids.filtered("dunning_returned_on"))
        again = self.reject(twice.name, twice.name)[1]
        self.assertFalse(again)

    # -- Twice -------------------------------------------------------------------------------------

    def test_the_same_return_changes_nothing_however_it_is_told_again(self):
        move = self.debit()
        _dialog, made = self.take(told(move.name))
        self.pay_on("2026-06-01", move)  # he paid otherwise meanwhile
        again, more = self.take(told(move.name))
        later, other = self.take(told(move.name, on="2026-06-03"))  # by the statement
        self.assertFalse(more | other)
        self.assertEqual((again.problem_count, later.problem_count), (0, 0))
        self.assertEqual((move.amount_residual, len(made)), (0, 1))
        two = [self.debit(amount=33.0) for _number in range(2)]
        twice = [told(each.name, 33) for each in two]
        self.assertEqual(len(self.take(*twice)[1]), 2)
        self.assertFalse(self.take(*twice)[1])

    def test_presented_again_and_returned_again_is_another_return(self):
        move = self.debit()
        _dialog, made = self.take(told(move.name))
        back = self.statement(self.debited, -100, on=TODAY)
        _bank, suspense, _other = back._seek_for_lines()
        suspense.account_id = self.item(move).account_id
        (suspense + made.payment_item_id).reconcile()
        self.assertTrue(made.payment_item_id.reconciled)
        self.pay_on("2026-06-20", move)
        with self.on("2026-06-22"):
            dialog, made = self.take(told(move.name, on="2026-06-22"))
        self.assertEqual((len(made), move.amount_residual), (1, 100), dialog.problems)

    def test_one_identifier_for_all_debits_loses_none_of_them(self):
        partners = [self.customer(f"Subscriber {number}") for number in range(3)]
        entries = []
        for number, partner in enumerate(partners):
            account = f"FR763000600001123456789{number:04d}"
            self.env["res.partner.bank"].create({"acc_number": account, "partner_id": partner.id})
            self.debit(partner, 29.0)
            entries.append(told("PRLV", 29, iban=account, mandate=f"RUM-{number}"))
        dialog, made = self.take(*entries)
        self.assertEqual(made.partner_id, self.env["res.partner"].union(*partners), dialog.problems)
        again, more = self.take(*reversed(entries))
        self.assertFalse(more, again.problems)

    def test_another_file_is_refused_with_a_sentence(self):
        for content, words in (
            (b"Facture;Motif", "no XML"),
            (b"<Document/>", "no file about returned debits"),
            (b'<!DOCTYPE d [<!ENTITY a "a">]><Document>&a;</Document>', "no XML"),
        ):
            with self.subTest(words=words), self.assert_refused(UserError, words):
                dialog = self.env["account.dunning.return.import"]
                dialog.create({"file": b64encode(content)}).action_import()

    # -- What it cost ------------------------------------------------------------------------------

    def test_a_fee_is_claimed_from_a_professional_with_its_proof_and_is_in_the_court_file(self):
        move = self.debit(self.partner)
        _dialog, made = self.take(told(move.name))
        self.assertEqual((made.fee_told, made.fee_amount), (6.5, 0))
        biller = made.with_user(self.biller)
        with self.assert_refused(ValidationError, "notice of the bank"), self.env.cr.savepoint():
            biller.fee_amount = 6.5
        self.assertFalse(self.prepare_case(move).cost_ids)
        biller.write(
            {"fee_amount": 6.5, "fee_file": b64encode(pdf("fee")), "fee_file_name": "n.pdf"}
        )
        case = self.env["account.dunning.case"].search([("partner_id", "=", self.partner.id)])
        case.with_user(self.manager).action_gather()
        case.with_user(self.manager).action_gather()
        self.assertEqual((case.cost_ids.claimed, case.cost_ids.return_id), (True, made))
        self.assertEqual(case.amount_costs, case.cost_ids.amount)
        piece = case.piece_ids.filtered(lambda piece: piece.category == "costs")
        self.assertEqual(piece.attachment_id.raw, pdf("fee"))

    def test_a_fee_is_claimed_from_no_consumer_and_from_nobody_unconfirmed(self):
        proof = {"fee_amount": 6.5, "fee_file": b64encode(pdf("fee"))}
        for regime in ("b2c", False):
            with self.subTest(regime=regime):
                self.debited.dunning_regime = regime
                _dialog, made = self.take(told(self.debit().name))
                self.assertFalse(made.is_fee_allowed)
                with self.assert_refused(ValidationError, "never from a consumer"):
                    made.with_user(self.biller).write(proof)

    # -- A match undone by hand --------------------------------------------------------------------

    def unmatched(self, partner):
        events = self.env["account.dunning.chronology"]._get_events(partner, self.company)
        return [event for event in events if event.kind == "unmatched"]

    def test_a_receipt_taken_off_by_hand_is_told_with_who_and_why(self):
        partner = self.customer("Unmatched")
        move = self.invoice(partner, 20, 100)
        self.pay(move, 40)
        receipt = self.items(move).matched_credit_ids.credit_move_id.move_id
        self.items(move).with_user(self.biller).remove_move_reconcile()
        (event,) = self.unmatched(partner)
        self.assertEqual((event.on, event.moves), (day(TODAY), move))
        for words in (receipt.name, self.biller.name, "unmatched by hand"):
            self.assertIn(words, event.detail)
        facts = {group["title"]: group for group in move.with_user(self.biller).get_dunning_facts()}
        told = facts["Receipt taken off"]
        self.assertEqual(told["buttons"][0]["name"], "action_dunning_unmatched")
        action = move.with_user(self.biller).action_dunning_unmatched()
        dialog = self.env[action["res_model"]].with_user(self.biller).browse(action["res_id"])
        dialog.reason = "Of another customer"
        dialog.action_confirm()
        (event,) = self.unmatched(partner)
        self.assertIn("Of another customer", event.detail)
        self.assertNotIn("by hand", event.detail)
        # Matched again with the same receipt, nothing was taken off.
        (self.items(move) + receipt.line_ids.filtered(lambda line: line.credit)).filtered(
            lambda line: line.account_id == self.items(move).account_id
        ).reconcile()
        self.assertFalse(self.unmatched(partner))

    def test_what_the_bank_or_a_cancelled_receipt_undid_is_not_said_to_be_by_hand(self):
        move = self.debit()
        self.take(told(move.name))
        self.assertFalse(self.unmatched(self.debited))
        partner = self.customer("Cancelled")
        other = self.invoice(partner, 20, 100)
        payment = self.pay(other)
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(other.amount_residual, 100)
        self.assertFalse(self.unmatched(partner))
