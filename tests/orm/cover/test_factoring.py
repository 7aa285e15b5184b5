"""Invoices assigned to a factor: one hand, no reminder and no account of ours, and back again."""

from base64 import b64encode
from unittest.mock import patch

from lxml import html

from odoo import Command
from odoo.addons.account_dunning_fr.models.agreement.debtor_page import DebtorPage
from odoo.addons.account_dunning_fr.models.agreement.debtor_payment import DebtorPayment
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day

OURS = "FR7630006000011234567890189"
HIS = "DE89370400440532013000"
SENTENCE = "Ne payez plus que {factor}, subrogé dans nos droits."
HEAD = "Quittance;Date;Facture;Montant;Définancée le\n"


@tagged("post_install", "-at_install")
class TestFactoring(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.biller = cls.new_user("factor_biller", "account.group_account_invoice")
        cls.manager = cls.new_user("factor_manager", "account_dunning_fr.group_dunning_manager")
        cls.factor = cls.customer("Factor", dunning_lang="en_US")
        cls.his_bank = cls.env["res.partner.bank"].create(
            {"acc_number": HIS, "partner_id": cls.factor.id}
        )
        cls.debtor = cls.customer("Debtor", dunning_lang="en_US", dunning_regime="b2b")
        cls.first = cls.invoice(cls.debtor, 20, 1000)
        cls.second = cls.invoice(cls.debtor, 6, 500)
        cls.own = cls.invoice(cls.customer("Other", dunning_lang="en_US"), 20, 300)
        cls.history(cls.first_level(), "2026-05-20", cls.first)
        cls.moves = cls.first + cls.second
        cls.Assignment = cls.env["account.dunning.assignment"]
        cls.wording = cls.env["account.dunning.assignment.wording"]

    @classmethod
    def first_level(cls):
        return cls.env.ref("account_dunning_fr.level_first")

    def confirm_sentence(self):
        found = self.wording.search([("basis", "=", "subrogation")])
        found.with_user(self.manager).text = SENTENCE
        found.with_user(self.manager).action_confirm()

    def assign(self, moves=None, **values):
        """Prepare the remittance as billing does."""
        moves = (self.moves if moves is None else moves).with_user(self.biller)
        action = moves.action_dunning_assign()
        return (
            self.Assignment.with_user(self.biller)
            .with_context(**action["context"])
            .create(
                {
                    "name": "Q-2026-1",
                    "holder_id": self.factor.id,
                    "bank_id": self.his_bank.id,
                    **values,
                }
            )
        )

    def out(self, moves=None, **values):
        assignment = self.assign(moves, **values).with_user(self.manager)
        assignment.action_hand_over()
        return assignment

    def back(self, assignment, on=TODAY, moves=None):
        action = assignment.action_take_back()
        dialog = self.env[action["res_model"]].with_user(self.manager)
        dialog = dialog.with_context(**action["context"]).create({"on": on, "reason": "Unpaid"})
        if moves:
            dialog.line_ids = dialog.line_ids.filtered(lambda line: line.move_id in moves)
        dialog.action_confirm()

    def page(self, report, record, context=None):
        content, _type = (
            self.env["ir.actions.report"]
            .with_context(lang="en_US", **(context or {}))
            ._render_qweb_html(report, record.ids)
        )
        text = content.decode() if isinstance(content, bytes) else content
        return text.replace(" ", "").replace("\xa0", "")

    def pay_online(self):
        """Let the creditor's invoices be paid online."""
        self.startPatcher(
            patch.object(
                type(self.company),
                "_compute_dunning_pays_online",
                lambda companies: companies.update({"dunning_pays_online": True}),
            )
        )
        self.company.invalidate_recordset(["dunning_pays_online"])

    def hands(self, *moves):
        return self.env["account.dunning.hand"]._get_live(self.items(*moves))

    # -- Leaving and coming back -------------------------------------------------------------------

    def test_it_leaves_our_reminders_and_comes_back_at_its_old_level(self):
        before = self.row(self.first)
        self.assertEqual(before.level_id, self.first_level().id)
        assignment = self.out()
        self.assertEqual(self.hands(*self.moves).mapped("kind"), ["factor"] * 2)
        for move in self.moves:
            self.assertEqual(self.row(move).stop, "hold")
            self.assertIn("factor", move.dunning_reason)
        self.prepare()
        self.assertFalse(self.live(self.debtor))
        self.assertFalse(self.row(self.own).stop)  # another's stays ours
        self.back(assignment, moves=self.first)
        self.assertEqual((assignment.state, self.hands(self.second).kind), ("out", "factor"))
        self.assertEqual(self.row(self.first), before)
        with self.on("2026-06-02"):
            self.back(assignment, "2026-06-02")
        self.assertEqual(assignment.state, "back")
        self.assertFalse(self.hands(*self.moves))
        events = self.env["account.dunning.chronology"]._get_events(
            self.debtor, self.company, self.first
        )
        told = [(str(e.on), e.title) for e in events if e.kind == "assignment"]
        self.assertEqual(
            told, [(TODAY, "Assigned to a factor"), (TODAY, "Came back from the factor")]
        )

    def test_what_is_missing_is_said_before_it_leaves(self):
        bare = self.assign(bank_id=False, date="2026-06-02").with_user(self.manager)
        self.payment(self.debtor, 500)
        self.pay(self.second)
        for words in ("account of the factor", "day is to come", f"{self.second.name} is not open"):
            with self.subTest(words), self.assert_refused(UserError, words):
                bare.action_hand_over()
        bare.line_ids.unlink()
        with self.assert_refused(UserError, "at least one item"):
            bare.action_hand_over()
        mandated = self.assign(self.first, name="M", chases="us").with_user(self.manager)
        with self.assert_refused(UserError, "No sentence is confirmed"):
            mandated.action_hand_over()

    def test_an_item_is_in_one_hand(self):
        self.out(self.first)
        for refused in (
            lambda: self.assign(self.first, name="Q-2"),
            lambda: self.first.with_user(self.manager).action_prepare_dunning_case(),
        ):
            with self.assert_refused(UserError, f"{self.first.name}.*Factor Q-2026-1 since"):
                refused()
        case = self.env["account.dunning.case"].create(
            {"partner_id": self.debtor.id, "company_id": self.company.id}
        )
        item = {"case_id": case.id, "move_line_id": self.items(self.second).id}
        self.env["account.dunning.case.item"].create(item)
        with self.assert_refused(UserError, f"{case.name} since.*close the file"):
            self.assign(self.second, name="Q-3")

    def test_only_a_hold_that_ends_with_it(self):
        self.out(self.first)
        hold = self.first.with_user(self.biller).dunning_hold_id
        with self.assert_refused(RedirectWarning, "take it back there"):
            hold.action_release()

    def test_a_mistake_is_undone_while_nobody_was_told(self):
        before = self.first.partner_bank_id
        assignment = self.out(self.first)
        assignment.action_undo()
        self.assertEqual(assignment.state, "draft")
        self.assertFalse(self.row(self.first).stop)
        self.assertEqual(self.first.partner_bank_id, before)
        assignment.action_hand_over()
        assignment.notified_on = TODAY
        with self.assert_refused(UserError, "were told on"):
            assignment.action_undo()
        with self.assert_refused(UserError, "is kept"):
            assignment.unlink()
        with self.assert_refused(UserError, "stays as it was"):
            assignment.line_ids.unlink()
        for on in ("2026-05-31", "2026-06-02"):
            with self.subTest(on=on), self.assert_refused(UserError, "the day of the hand-over"):
                self.back(assignment, on)

    def test_items_that_odoo_writes_again_stay_where_they_are(self):
        assignment = self.out(self.first)
        self.first.button_draft()
        line, hand = assignment.line_ids.sudo(), self.hands(self.first)
        line.move_line_id = hand.move_line_id = False
        self.env["account.dunning.hold"].sudo().search(
            [("assignment_id", "=", assignment.id)]
        ).unlink()
        self.first.action_post()
        item = self.items(self.first)
        self.assertEqual((line.move_line_id, hand.move_line_id), (item, item))
        self.assertEqual(self.row(self.first).stop, "hold")

    # -- No account of ours ------------------------------------------------------------------------

    def test_every_paper_bears_the_factor_s_account_and_none_of_ours(self):
        self.confirm_sentence()
        assignment = self.out(self.first, chases="us")
        self.assertFalse(self.row(self.first).stop)  # we chase in his name
        notice = self.draft(self.debtor)
        self.assertEqual(notice.line_ids.filtered("claimed").move_id, self.moves)
        pages = {
            "letter": self.page("account_dunning_fr.report_notice_letter", notice),
            "e-mail": str(notice.message_html).replace(" ", "").replace("\xa0", ""),
            "invoice of Odoo": self.page("account.report_invoice", self.first),
            "notice": self.page("account_dunning_fr.assignment_notice", assignment),
        }
        copy = self.page("account_dunning_fr.report_invoice_copy", self.first)
        pages["copy"] = copy
        for name, page in pages.items():
            with self.subTest(paper=name):
                self.assertIn(HIS, page)
                self.assertNotIn(OURS, page)
        sentence = SENTENCE.replace("{factor}", "Factor").replace(" ", "")
        for name in ("letter", "e-mail", "notice"):
            self.assertIn(sentence, pages[name])
        self.assertFalse(notice._get_qr_code() and OURS in str(notice._get_transfers()))
        # What is all his has one account, and its code is his.
        self.second.action_dunning_assign()
        self.out(self.second, name="Q-2", chases="us")
        [transfer] = notice._get_transfers()
        self.assertEqual(transfer["account"], self.his_bank)
        self.assertTrue(notice._get_qr_code())

    def test_a_note_of_penalties_bears_none_of_ours(self):
        whose = {"partner_id": self.debtor.id, "company_id": self.company.id}
        money = {"currency_id": self.company.currency_id.id}
        ours = self.company_data["default_journal_bank"].bank_account_id
        self.out(self.first)
        for moves, account in (
            (self.first, self.his_bank),
            (self.second, ours),
            (self.moves, ours.browse()),
        ):
            penalties = self.env["account.dunning.penalty"].sudo()
            penalties = penalties.create(
                [{**whose, **money, "move_line_id": item.id} for item in self.items(*moves)]
            )
            lines = [Command.create({**money, "dunning_penalty_id": each.id}) for each in penalties]
            entry = self.env["account.move"].new({"company_id": self.company.id, "line_ids": lines})
            with self.subTest(invoices=moves.mapped("name")):
                self.assertEqual(entry._get_dunning_bank_account(), account)
            penalties.unlink()

    def test_the_statement_of_account_bears_none_of_ours(self):
        report = "account_dunning_fr.report_account_statement"
        for moves, shown in ((self.first, False), (self.second, True)):
            # One of two invoices is the factor's: none of ours; both are: his alone.
            self.out(moves, name=f"Q{moves.id}")
            dialog = self.env["account.dunning.account.statement"].create(
                {"partner_ids": self.debtor.ids}
            )
            page = self.page(report, dialog)
            with self.subTest(all_his=shown):
                self.assertIn(self.first.name, page)
                self.assertNotIn(OURS, page)
                self.assertEqual(HIS in page, shown)
                self.pay_online()
                sent = self.env["account.dunning.sent.statement"].new(
                    {
                        "partner_id": self.debtor.id,
                        "company_id": self.company.id,
                        "currency_id": self.company.currency_id.id,
                        "amount": 100,
                    }
                )
                self.assertFalse(sent._get_payment_url())
                self.assertEqual(sent._get_bank_account() == self.his_bank, shown)

    def test_the_debtor_s_page_bears_none_of_ours(self):
        links = self.env["account.dunning.link"].sudo()
        link = links.create(
            {
                "company_id": self.company.id,
                "partner_id": self.debtor.id,
                "channel": "email",
                "token_hash": "x",
                "until": "2099-01-01",
            }
        )
        self.out(self.first)
        self.pay_online()
        self.env.flush_all()
        page = DebtorPage(link._for_visitor())
        details = {owed.name: owed.detail for owed in page.owed}
        self.assertIn("to be paid to Factor", details[self.first.name])
        for move, account in ((self.first, self.his_bank), (self.second, self.his_bank.browse())):
            payment = DebtorPayment(page, self.items(move).ids)
            with self.subTest(invoice=move.name):
                self.assertEqual(payment.moves, move)
                self.assertEqual(payment.account, account)
                self.assertEqual(payment.online, move == self.second)
        both = DebtorPayment(page, self.items(*self.moves).ids)
        self.assertEqual(len(both.chosen), 1)  # two payees are never one sum

    def test_the_account_of_the_factor_is_his(self):
        ours = self.company_data["default_journal_bank"].bank_account_id
        others = self.env["res.partner.bank"].create(
            {"acc_number": "BE68539007547034", "partner_id": self.debtor.id}
        )
        for bank in (ours, others):
            with (
                self.subTest(bank=bank.acc_number),
                self.assert_refused(ValidationError, "not one of the factor's"),
            ):
                self.assign(bank_id=bank.id, name=f"Q{bank.id}")
        assignment = self.out(self.first)
        moved = self.env["res.partner.bank"].create(
            {"acc_number": "BE68539007547034", "partner_id": self.factor.id}
        )
        assignment.bank_id = moved
        self.assertEqual(self.first.partner_bank_id, moved)

    # -- The sentence, the notice ------------------------------------------------------------------

    def test_no_sentence_is_printed_that_nobody_confirmed(self):
        assignment = self.out(self.first)
        with self.assert_refused(UserError, "No sentence is confirmed"):
            assignment.action_print_notice()
        with self.assert_refused(AccessError, "not allowed to modify"):
            self.wording.search([]).with_user(self.biller).action_confirm()
        self.confirm_sentence()
        action = assignment.action_print_notice()
        self.assertEqual(action["report_name"], "account_dunning_fr.assignment_notice")
        found = self.wording.search([("basis", "=", "subrogation")])
        found.with_user(self.manager).text = "{factor} alone."
        self.assertFalse(found.is_confirmed)
        for text in ("Nobody", "{factor} or {factor}"):
            with self.subTest(text=text), self.assert_refused(ValidationError, "once"):
                found.text = text

    def test_the_notice_is_one_letter_a_debtor(self):
        self.confirm_sentence()
        assignment = self.out(self.moves + self.own)
        tree = html.fromstring(
            self.env["ir.actions.report"]._render_qweb_html(
                "account_dunning_fr.assignment_notice", assignment.ids
            )[0]
        )
        letters = [each.text_content() for each in tree.xpath("//div[@class='article']")]
        self.assertEqual(len(letters), 2)
        self.assertEqual([self.own.name in letter for letter in letters].count(True), 1)

    # -- To be told --------------------------------------------------------------------------------

    def acts(self):
        today = self.env["account.dunning.today"].with_user(self.biller)
        return [
            act
            for act in today._get_assignment_acts(self.company, day(TODAY))
            if act.card == "assignment"
        ]

    def test_a_credit_note_or_a_dispute_afterwards_is_to_be_told(self):
        self.credit_note(self.debtor, 50, of=self.first)  # known when it leaves
        self.out()
        self.assertFalse(self.acts())
        self.credit_note(self.debtor, 20, of=self.first)
        self.env["account.dunning.dispute"].create({"move_id": self.second.id})
        acts = {act.detail.partition(",")[0]: act for act in self.acts()}
        self.assertEqual(set(acts), {self.first.name, self.second.name})
        self.assertIn("Credit note", acts[self.first.name].label)
        self.assertIn("Disputed", acts[self.second.name].label)
        for act in acts.values():
            lines = self.env[act.model].with_user(self.biller).browse(act.ids)
            getattr(lines, act.method)()
        self.assertFalse(self.acts())
        self.credit_note(self.debtor, 5, of=self.first)
        self.assertEqual(len(self.acts()), 1)

    # -- Rights ------------------------------------------------------------------------------------

    def test_billing_prepares_and_managers_hand_over_and_take_back(self):
        assignment = self.assign()
        with self.assert_refused(AccessError, "Only dunning managers"):
            assignment.action_hand_over()
        assignment.with_user(self.manager).action_hand_over()
        for act in (
            assignment.action_take_back,
            assignment.action_undo,
            lambda: assignment._take_back(assignment.line_ids, day(TODAY)),
        ):
            with self.assert_refused(AccessError, "Only dunning managers"):
                act()

    # -- The list of the factor --------------------------------------------------------------------

    def read(self, text):
        dialog = self.env["account.dunning.assignment.import"].with_user(self.manager)
        dialog = dialog.create(
            {
                "file": b64encode(text.encode("utf-8-sig")),
                "holder_id": self.factor.id,
                "bank_id": self.his_bank.id,
            }
        )
        dialog.action_import()
        return dialog

    def test_a_list_is_handed_over_whole_once_and_what_came_back(self):
        rows = [
            f"Q1;01/06/2026;{self.first.name};1000,00;",
            f"Q1;01/06/2026;{self.second.name};;01/06/2026",
            f"Q2;28/05/2026;{self.own.name};300;",
        ]
        for _twice in range(2):
            self.assertFalse(self.read(HEAD + "\n".join(rows)).problems)
            found = self.Assignment.search([], order="name")
            self.assertEqual(found.mapped("name"), ["Q1", "Q2"])
            states = {line.move_id: line.state for line in found.line_ids}
            self.assertEqual(states, {self.first: "out", self.second: "back", self.own: "out"})
        rows[0] += "01/06/2026"
        self.read(HEAD + "\n".join(rows))
        self.assertEqual(found[0].state, "back")

    def test_one_bad_line_and_nothing_is_done(self):
        self.out(self.second, name="Q0")
        self.pay(self.own)
        good = f"Q1;01/06/2026;{self.first.name};;\n"
        for line, words in (
            ("Q1;01/06/2026;FAC/NONE;;", "no open invoice of yours"),
            (f"Q1;01/06/2026;{self.own.name};;", "no open invoice of yours"),
            (f"Q1;01/06/2026;{self.second.name};;", "Factor Q0 since"),
            (f"Q9;01/06/2026;{self.own.name};12;", "no open invoice"),
            (f"Q1;31/05/2026;{self.own.name};;", "another date"),
            (f"Q9;02/06/2026;{self.own.name};;", "is to come"),
            ("Q9;soon;F;;", "“soon” is no date"),
            (f"Q0;01/06/2026;{self.first.name};;", "handed over already"),
            (f"Q9;01/06/2026;{self.first.name};999;", "not that of the invoice"),
        ):
            with self.subTest(line=line):
                dialog = self.read(HEAD + good + line)
                self.assertIn(words, dialog.problems)
                self.assertRegex(dialog.problems, "Line 3: ")
                self.assertFalse(self.Assignment.search([("name", "in", ("Q1", "Q9"))]))
        for text in ("", "a;b\n1;2", "<xml/>"):
            with self.subTest(text=text), self.assert_refused(UserError, "no list of remittances"):
                self.read(text)
