"""Registered letters: from the printer to the receipt, by hand or by a provider."""

from base64 import b64decode, b64encode
from io import BytesIO

from psycopg2.errors import CheckViolation

from odoo import models
from odoo.addons.account_dunning_fr.models.registered.account_dunning_registered import (
    POSTING_LIST,
)
from odoo.addons.account_dunning_fr.models.registered.account_dunning_registered_provider import (
    PREFIX,
    Posting,
    Tracking,
)
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.orm.model_classes import add_to_registry
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfReader

from ..dunning_common import DunningCommon, day

NUMBERS = ("1A195123456781", "1A195123456782", "1A195123456783")
PROVIDER_LOG = "odoo.addons.account_dunning_fr.models.registered.account_dunning_registered"


class FakeProvider(models.AbstractModel):
    """A provider that takes what it is told to take, and says what it is told to say."""

    _module = None
    _name = PREFIX + "fake"
    _inherit = ["account.dunning.registered.provider"]
    _description = "Fake provider"

    def _get_label(self):
        return "Fake"

    def _get_cost(self, letter):
        return 7.56

    def _send(self, letter):
        name = letter.partner_id.name
        if name == "Refused":
            raise UserError("This address is unknown.")
        if name == "Broken":
            raise ConnectionError
        return Posting(f"order-{letter.id}", NUMBERS[0], (("deposit.pdf", b"%PDF deposit"),))

    def _track(self, letter):
        dates = {"presented_on": day("2026-06-03"), "delivered_on": day("2026-06-04")}
        return Tracking(dates=dates, receipts=(("receipt.pdf", b"%PDF receipt"),))


class RegisteredCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new_clerks()
        cls.manager = cls.new_user(
            "manager", "account_dunning_fr.group_dunning_manager", lang="en_US"
        )
        cls.Letter = cls.env["account.dunning.registered"]
        cls.partner = cls.debtor("Zoé")

    @classmethod
    def debtor(cls, name, **values):
        """Create a customer with an address, who gets a registered letter today."""
        address = {"street": "1 rue Haute", "zip": "69001", "city": "Lyon"}
        partner = cls.customer(name, **{**address, **values})
        move = cls.invoice(partner, 60)
        cls.history(cls.firm, "2026-05-01", move)
        return partner

    def printed(self, partner=None, user=None, *, confirmed=True):
        """Confirm and print the registered letter of the day to a customer."""
        notice = self.draft(partner or self.partner)
        if confirmed:
            notice.action_confirm()
        notice.with_user(user or self.billing).action_print()
        return notice.registered_ids

    def posted(self, partner=None):
        """Print and post the registered letter of the day to a customer."""
        letter = self.printed(partner)
        letter.notice_id.with_user(self.clerk).action_mark_posted()
        return letter

    def file(self, name="scan.pdf", content=b"%PDF scan", user=None, **values):
        """Upload a file, as billing or another user."""
        Attachment = self.env["ir.attachment"].with_user(user or self.billing)
        return Attachment.create({"name": name, "raw": content, **values})


class ProviderCommon(RegisteredCommon):
    """A provider is plugged in for the class, and the company's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_to_registry(cls.registry, FakeProvider)
        cls.addClassCleanup(cls.registry.models.pop, FakeProvider._name)
        cls.registry._setup_models__(cls.env.cr, [])
        cls.company.dunning_registered_provider = "fake"


@tagged("post_install", "-at_install")
class TestRegistered(RegisteredCommon):
    # -- From the printer to the receipt -----------------------------------------------------------

    def test_a_letter_is_opened_when_its_message_is_printed_and_followed_to_its_receipt(self):
        letter = self.printed()
        self.assertEqual((letter.state, letter.waiting_for), ("to_post", "posting"))
        self.post(letter.notice_id.with_user(self.clerk))
        self.assertEqual((letter.posted_on, letter.waiting_for), (day("2026-06-01"), "number"))
        self.assertEqual(letter.address, "Zoé\n1 rue Haute\n69001 Lyon")
        letter = letter.with_user(self.billing)
        letter.number = "1a 195 1234 56781"
        self.assertEqual((letter.number, letter.waiting_for), ("1A195123456781", "receipt"))
        with self.on("2026-06-10"):
            letter.write({"presented_on": "2026-06-03", "delivered_on": "2026-06-04"})
            self.assertEqual((letter.state, letter.age), ("delivered", 9))
            letter.receipt_ids = self.file()
            self.assertFalse(letter.waiting_for)

    def test_a_message_confirmed_opens_its_letter_and_cancelled_gives_it_up(self):
        notice = self.draft(self.partner)
        self.assertFalse(notice.registered_ids)
        notice.with_user(self.clerk).action_confirm()
        letter = notice.registered_ids
        self.assertEqual(letter.waiting_for, "posting")
        self.pay(notice.move_ids)
        self.prepare()
        self.assertEqual((letter.state, letter.waiting_for), ("cancelled", False))

    def test_a_letter_no_longer_registered_is_forgotten(self):
        letter = self.printed()
        # A level that asks for a registered letter keeps it: this one no longer does.
        self.registered.write({"send_registered": False, "send_letter": True})
        letter.notice_id.with_user(self.clerk).write(
            {"send_registered": False, "send_letter": True}
        )
        self.assertFalse(letter.exists())

    def test_each_way_a_letter_may_end(self):
        letter = self.posted()
        with self.on("2026-06-20"):
            for field, state in (
                ("presented_on", "presented"),
                ("delivered_on", "delivered"),
                ("refused_on", "refused"),
                ("unclaimed_on", "unclaimed"),
            ):
                letter.write(
                    dict.fromkeys(("delivered_on", "refused_on", "unclaimed_on"), False)
                    | {field: "2026-06-05"}
                )
                self.assertEqual(letter.state, state)

    def test_dates_that_cannot_be_are_refused(self):
        unposted = self.printed(self.debtor("Other"))
        letter = self.posted()
        cases = [
            (unposted.sudo(), {"delivered_on": "2026-06-01"}, "posted_first"),
            (letter, {"delivered_on": "2026-05-30"}, "in_order"),
            (letter, {"delivered_on": "2026-06-01", "refused_on": "2026-06-01"}, "one_outcome"),
            (letter, {"delivered_on": "2026-06-02"}, "in the future"),
        ]
        for record, values, message in cases:
            with (
                self.subTest(**values),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex((CheckViolation, ValidationError), message),
                self.env.cr.savepoint(),
            ):
                record.write(values)
                record.flush_recordset()

    # -- Numbers -----------------------------------------------------------------------------------

    def test_a_number_that_no_label_bears_is_refused(self):
        letter = self.posted()
        for number, message in (("abc", "is not the number"), ("RK473124828GB", "check digit")):
            with self.subTest(number=number), self.assert_refused(ValidationError, message):
                letter.number = number

    def test_a_number_is_that_of_one_letter(self):
        self.posted().number = NUMBERS[0]
        with self.assert_refused(ValidationError, "already that of the letter REL/.* to Zoé"):
            self.posted(self.debtor("Other")).number = NUMBERS[0]

    # -- The evidence ------------------------------------------------------------------------------

    def test_what_was_posted_stays_as_it_was(self):
        letter = self.posted()
        other = self.draft(self.debtor("Other"))
        for values in (
            {"posted_on": "2026-05-01"},
            {"address": "Elsewhere"},
            {"kind": "lre"},
            {"notice_id": other.id},
        ):
            with self.subTest(**values), self.assert_refused(AccessError, "not written by hand"):
                letter.with_user(self.clerk).write(values)
        with self.assert_refused(UserError, "not deleted"):
            letter.sudo().unlink()

    def test_the_posting_is_not_typed_by_hand(self):
        letter = self.printed().with_user(self.clerk)
        with self.assert_refused(AccessError, "not written by hand"):
            letter.posted_on = "2026-06-01"

    def test_a_proof_is_added_and_never_taken_out(self):
        letter = self.posted().with_user(self.billing)
        scan = self.file()
        letter.deposit_ids = scan
        self.assertEqual(letter.proof_ids.kind, "deposit")
        with self.assert_refused(UserError, "not taken out"):
            letter.deposit_ids = False
        with self.assert_refused(UserError, "evidence"):
            scan.unlink()
        with self.assert_refused(UserError, "evidence"):
            scan.sudo().raw = b"other"
        # The same content, as a move of the file store.
        scan.sudo().write({"raw": b"%PDF scan", "mimetype": scan.mimetype})
        with self.assert_refused(AccessError, "account.dunning.proof"):
            letter.proof_ids.unlink()
        with self.assert_refused(UserError, "not deleted"):
            letter.sudo().proof_ids.unlink()

    def test_a_file_dropped_on_the_letter_is_a_proof_of_posting_then_a_receipt(self):
        letter = self.posted()
        target = {"res_model": letter._name, "res_id": letter.id}
        first = self.file("deposit.pdf", **target)
        second = self.file("receipt.pdf", b"%PDF other", **target)
        self.assertEqual((letter.deposit_ids, letter.receipt_ids), (first, second))

    def test_a_reader_files_no_proof(self):
        letter = self.posted().with_user(self.reader)
        with self.assertRaises(AccessError):
            letter._add_proofs(self.file(user=self.reader))

    def test_a_manager_withdraws_a_wrong_file_and_the_history_tells_it(self):
        letter = self.posted()
        letter.receipt_ids = self.file("wrong.pdf")
        with self.assert_refused(UserError, "Only a dunning manager"):
            letter.proof_ids.with_user(self.clerk).action_withdraw()
        proof = letter.proof_ids
        checksum = proof.sha256
        proof.with_user(self.manager).action_withdraw()
        self.assertFalse(letter.receipt_ids)
        self.assertRegex(letter.message_ids[0].body, f"wrong.pdf.*{checksum}")

    # -- Wrong address -----------------------------------------------------------------------------

    def test_a_wrong_address_asks_for_another_and_holds_what_follows(self):
        self.company.partner_id.dunning_lang = "en_US"
        letter = self.posted()
        with self.on("2026-06-12"):
            letter.with_user(self.billing).wrong_address_on = "2026-06-10"
            self.assertEqual(letter.state, "wrong_address")
            self.assertIn("find where Zoé is", letter.activity_ids.summary)
            hold = self.partner.dunning_hold_ids
            self.assertEqual((hold.reason, hold.is_current), ("address", True))
            self.prepare()
            self.assertFalse(self.live(self.partner))
            self.partner.city = "Lyon"  # as it is
            self.assertTrue(hold.is_current)
            self.partner.write({"street": "2 rue Basse"})
            self.assertFalse(hold.is_current)
            self.assertFalse(letter.activity_ids)
            self.prepare()
            self.assertTrue(self.live(self.partner))

    # -- Posted later than planned -----------------------------------------------------------------

    def test_a_letter_that_follows_an_e_mail_is_printed_again_with_its_own_date(self):
        self.registered.write({"send_email": True})
        notice = self.draft(self.partner)
        notice.with_user(self.clerk).action_send()
        mailed, deadline = notice.letter_id, notice.deadline
        with self.on("2026-06-04"):
            with self.assert_refused(UserError, "another day"):
                self.post(notice.with_user(self.clerk))
            notice.with_user(self.billing).action_print()
            self.assertNotEqual(notice.letter_id, mailed)
            # 14 June is a Sunday: nobody can act before the Monday.
            self.assertEqual((deadline, notice.deadline), (day("2026-06-11"), day("2026-06-15")))
            page = notice.letter_id.raw.decode()
            self.assertIn("15/06/2026", page)
            self.assertNotIn("11/06/2026", page)
            self.post(notice.with_user(self.clerk))
        self.assertEqual(notice.registered_ids.posted_on, day("2026-06-04"))
        self.assertEqual(notice.date, day("2026-06-01"))
        self.assertTrue(mailed.exists())

    def test_a_letter_paid_after_its_e_mail_is_not_posted(self):
        self.registered.write({"send_email": True})
        notice = self.draft(self.partner)
        notice.with_user(self.clerk).action_send()
        with self.on("2026-06-04"):
            self.pay(notice.move_ids)
            notice.with_user(self.billing).action_print()
        self.assertTrue(notice.not_posted_reason)
        self.assertFalse(notice.to_post)
        self.assertEqual(notice.registered_ids.state, "cancelled")

    def test_a_letter_whose_e_mail_left_may_be_given_up(self):
        self.registered.write({"send_email": True})
        notice = self.draft(self.partner).with_user(self.clerk)
        with self.assert_refused(UserError, "already left"):
            notice.action_give_up_posting()
        notice.action_send()
        notice.action_give_up_posting()
        self.assertIn("clerk", notice.not_posted_reason)
        self.assertNotIn(notice, self.Notice.search([("to_post", "=", True)]))

    def test_a_letter_posted_in_the_evening_is_recorded_the_next_day(self):
        letter = self.printed()
        with self.on("2026-06-02"):
            self.prepare()
            wizard = self.enter(self.clerk, posted_on="2026-06-01")
            wizard.line_ids.number = NUMBERS[0]
            wizard.action_record()
        self.assertFalse(wizard.problems)
        notice = letter.notice_id
        self.assertEqual(letter.posted_on, day("2026-06-01"))
        self.assertEqual((notice.date, notice.deadline), (day("2026-06-01"), day("2026-06-11")))

    # -- The letters of the day --------------------------------------------------------------------

    def enter(self, user, **values):
        """Open the letters of the day."""
        wizard = self.env["account.dunning.registered.entry"].with_user(user).create(values)
        self.assertTrue(wizard.line_ids)
        return wizard

    def test_numbers_are_typed_and_scanned_line_by_line(self):
        letters = self.printed() | self.printed(self.debtor("Other", zip="13001"))
        with Form(self.env["account.dunning.registered.entry"].with_user(self.clerk)) as form:
            for index in range(2):
                with form.line_ids.edit(index) as line:
                    line.number = NUMBERS[index]
        form.record.action_record()
        self.assertEqual(letters.mapped("state"), ["posted", "posted"])
        # Marseille comes before Lyon, as in the list.
        self.assertEqual(letters.mapped("number"), [NUMBERS[1], NUMBERS[0]])

    def test_a_pasted_list_keeps_the_good_lines_and_tells_the_bad_ones(self):
        letters = self.printed() | self.printed(self.debtor("B")) | self.printed(self.debtor("C"))
        one, two, three = letters.notice_id.sorted("id").mapped("name")
        wizard = self.enter(
            self.clerk,
            pasted=f"{one};{NUMBERS[0]}\n{two};abc\nREL/1999/1;{NUMBERS[1]}\n{three};{NUMBERS[2]}"
            ";2026-05-01",
        )
        action = wizard.action_record()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertIn("1 letters recorded", wizard.done_text)
        first, second, third = wizard.problems.split("\n")
        self.assertRegex(first, "line 2: this is not the number .*abc")
        self.assertRegex(second, "line 3: no registered letter waits .*REL/1999/1")
        self.assertRegex(third, "line 4: .*another day")
        states = letters.sorted("id").mapped(lambda x: (x.state, x.number))
        self.assertEqual(states, [("posted", NUMBERS[0]), ("to_post", False), ("to_post", False)])
        self.assertEqual(len(wizard.line_ids), 2)

    def test_a_csv_of_a_french_spreadsheet_is_read(self):
        letter = self.printed()
        content = f"Référence;Numéro\n{letter.notice_id.name};1A 195 1234 56781\n".encode("cp1252")
        wizard = self.enter(self.clerk, csv_file=b64encode(content), csv_name="n.csv")
        self.assertEqual(
            wizard.action_record()["params"]["next"]["type"], "ir.actions.act_window_close"
        )
        self.assertEqual((letter.number, letter.state), (NUMBERS[0], "posted"))

    def test_billing_enters_numbers_and_does_not_post(self):
        letter = self.printed()
        wizard = self.enter(self.billing)
        wizard.line_ids.number = NUMBERS[0]
        wizard.action_record()
        self.assertIn("Only dunning users send", wizard.problems)
        self.assertEqual((letter.number, letter.state), (False, "to_post"))
        wizard.record_posting = False
        wizard.line_ids.number = NUMBERS[0]
        wizard.action_record()
        self.assertEqual((letter.number, letter.state), (NUMBERS[0], "to_post"))

    def test_nothing_typed_is_nothing_recorded(self):
        self.printed()
        with self.assert_refused(UserError, "Type or scan a number"):
            self.enter(self.clerk).action_record()

    def test_a_posting_in_the_future_is_refused(self):
        self.printed()
        wizard = self.enter(self.clerk, posted_on="2026-06-02")
        wizard.line_ids.number = NUMBERS[0]
        wizard.action_record()
        self.assertIn("in the future", wizard.problems)

    def test_the_letters_of_the_day_come_in_one_pdf_with_the_posting_list(self):
        letters = self.printed() | self.printed(self.debtor("Other", zip="13001"))
        letters.notice_id.sudo()._drop_letters()
        wizard = self.enter(self.billing).with_context(force_report_rendering=True)
        wizard.line_ids[0].number = NUMBERS[0]
        action = wizard.action_print()
        self.assertIn("pdf_file", action["url"])
        pages = [
            page.extract_text() for page in PdfReader(BytesIO(b64decode(wizard.pdf_file))).pages
        ]
        for text in (NUMBERS[0], *letters.notice_id.mapped("name"), "Lyon"):
            self.assertIn(text, pages[0])
        # The list of several letters is one paper, in the language of its sender.
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = report.sudo()._render_qweb_pdf(POSTING_LIST, letters.ids)
        reader = PdfReader(BytesIO(content))
        lang = self.company.partner_id._get_dunning_lang()
        title = self.env.ref(POSTING_LIST).with_context(lang=lang).name
        self.assertEqual(reader.metadata.title, title)
        self.assertEqual(reader.trailer["/Root"]["/Lang"], lang.replace("_", "-"))
        # Each letter takes what it announces along: a copy of its invoice comes behind it.
        other, zoe = (
            next(index for index, text in enumerate(pages) if index and name in text)
            for name in ("Other", "Zoé")
        )
        self.assertEqual((other, zoe), (1, 3))

    def test_the_letters_of_the_day_of_another_company_are_not_shown(self):
        other = self.setup_other_company()["company"]
        user = self.new_user("foreign", "account_dunning_fr.group_dunning_user", company=other)
        letter = self.printed()
        self.assertFalse(self.Letter.with_user(user).search([("id", "=", letter.id)]))

    # -- What waits --------------------------------------------------------------------------------

    def test_what_is_missing_is_told_to_do(self):
        letter = self.posted()
        today = self.env["account.dunning.today"].with_user(self.billing)
        keys = {task.key for task in today._get_tasks(self.company)}
        self.assertIn("registered_number", keys)
        letter.number = NUMBERS[0]
        with self.on("2026-06-22"):
            self.assertNotIn("registered_receipt", {t.key for t in today._get_tasks(self.company)})
        with self.on("2026-06-23"):
            tasks = {task.key: task.count for task in today._get_tasks(self.company)}
        self.assertEqual(tasks["registered_receipt"], 1)

    def test_the_way_of_a_letter_is_in_the_chronology_with_its_proofs(self):
        letter = self.posted()
        deposit, receipt = self.file("deposit.pdf"), self.file("receipt.pdf", b"%PDF r")
        letter.write({"number": NUMBERS[0], "deposit_ids": deposit, "receipt_ids": receipt})
        with self.on("2026-06-10"):
            letter.write({"presented_on": "2026-06-03", "refused_on": "2026-06-04"})
        events = self.env["account.dunning.chronology"]._get_registered_events(
            self.partner, self.company, None
        )
        self.assertEqual(
            [(str(event.on), event.proofs) for event in events],
            [("2026-06-01", deposit), ("2026-06-03", None), ("2026-06-04", receipt)],
        )

    # -- Rights ------------------------------------------------------------------------------------

    def test_who_may_do_what(self):
        letter = self.posted()
        letter.with_user(self.reader).read(["number"])
        with self.assertRaises(AccessError):
            letter.with_user(self.reader).number = NUMBERS[0]
        letter.with_user(self.billing).number = NUMBERS[0]
        stranger = self.new_user("stranger")
        with self.assertRaises(AccessError):
            letter.with_user(stranger).read(["number"])


@tagged("post_install", "-at_install")
class TestProvider(ProviderCommon):
    """A provider that is plugged in."""

    def test_a_provider_is_offered_once_it_is_there(self):
        field = self.company._fields["dunning_registered_provider"]
        self.assertEqual(dict(field._description_selection(self.env))["fake"], "Fake")

    def test_a_letter_is_sent_then_tracked_with_its_proofs(self):
        letter = self.printed()
        self.assertIn("7.56", letter.cost_text)
        letter.with_user(self.clerk).action_send_by_provider()
        self.assertEqual((letter.state, letter.number), ("posted", NUMBERS[0]))
        self.assertEqual(letter.notice_id.state, "sent")
        self.assertEqual(letter.deposit_ids.name, "deposit.pdf")
        with self.on("2026-06-05"):
            self.run_cron("registered")
            self.assertEqual((letter.state, letter.waiting_for), ("delivered", False))
            letter.action_track()
        self.assertEqual(len(letter.proof_ids), 2)

    def test_a_letter_that_fails_does_not_stop_the_others(self):
        refused = self.printed(self.debtor("Refused"))
        broken = self.printed(self.debtor("Broken"))
        good = self.printed()
        with mute_logger(PROVIDER_LOG):
            (refused | broken | good).with_user(self.clerk).action_send_by_provider()
        self.assertEqual(refused.provider_problem, "This address is unknown.")
        self.assertIn("could not be reached", broken.provider_problem)
        self.assertEqual(
            [letter.state for letter in (refused, broken, good)], ["to_post", "to_post", "posted"]
        )
        with self.assert_refused(UserError, "address is unknown"):
            refused.with_user(self.clerk).action_send_by_provider()

    def test_billing_sends_nothing_through_a_provider(self):
        letter = self.printed()
        with self.assert_refused(AccessError, "Only dunning users send"):
            letter.with_user(self.billing).action_send_by_provider()

    def test_by_hand_nothing_is_sent_by_itself(self):
        self.company.dunning_registered_provider = "manual"
        letter = self.printed()
        with self.assert_refused(UserError, "No provider is set"):
            letter.with_user(self.clerk).action_send_by_provider()
        self.assertFalse(letter.cost_text)
        self.run_cron("registered")
