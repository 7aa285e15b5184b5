"""Invoices entrusted to a collection agency: its convention, its pack, its months, its cost."""

import re
from base64 import b64encode
from io import BytesIO
from unittest.mock import patch
from zipfile import ZipFile

from lxml import html

from odoo import Command
from odoo.addons.account_dunning_fr.models.cover.account_dunning_convention import LETTER, TERMS
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day

HEAD = "Date;Facture;Montant;Commission;Référence\n"
JARGON = re.compile(r"requ[êe]te|request|bordereau|court|tribunal|writ", re.IGNORECASE)


@tagged("post_install", "-at_install")
class TestAgency(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.biller = cls.new_user("agency_biller", "account.group_account_invoice")
        cls.manager = cls.new_user("agency_manager", "account_dunning_fr.group_dunning_manager")
        cls.agency = cls.customer("Agency", dunning_lang="en_US")
        cls.debtor = cls.customer("Debtor", dunning_lang="en_US", dunning_regime="b2b")
        cls.first = cls.invoice(cls.debtor, 40, 1000)
        cls.second = cls.invoice(cls.customer("Second", dunning_lang="en_US"), 40, 500)
        cls.moves = cls.first + cls.second
        cls.Receipt = cls.env["account.dunning.agency.receipt"]
        cls.convention = (
            cls.env["account.dunning.convention"]
            .with_user(cls.manager)
            .create(
                {
                    "agency_id": cls.agency.id,
                    "company_id": cls.company.id,
                    "signed_on": "2026-01-15",
                    "commission_percent": 15,
                    **dict.fromkeys(TERMS, "As agreed"),
                }
            )
        )

    def entrust(self, moves=None, **values):
        action = (moves or self.moves).with_user(self.biller).action_dunning_entrust()
        return (
            self.env["account.dunning.assignment"]
            .with_user(self.biller)
            .with_context(**action["context"])
            .create(
                {
                    "name": "R-1",
                    "holder_id": self.agency.id,
                    "convention_id": self.convention.id,
                    **values,
                }
            )
        )

    def out(self, moves=None, **values):
        assignment = self.entrust(moves, **values).with_user(self.manager)
        assignment.action_hand_over()
        return assignment

    def read(self, text):
        dialog = self.env["account.dunning.agency.import"].with_user(self.manager)
        dialog = dialog.create(
            {"file": b64encode(text.encode("cp1252")), "agency_id": self.agency.id}
        )
        dialog.action_import()
        return dialog

    def test_its_notes_speak_the_language_of_the_creditor(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.dunning_lang = "fr_FR"
        assignment = self.out()
        assignment._take_back(assignment.line_ids, day(TODAY))
        for move in self.moves:
            told = " ".join(move.message_ids.mapped("body"))
            self.assertRegex(told, r"Remise à\W*(nbsp;)?Agency le\W*(nbsp;)?01/06/2026")
            self.assertRegex(told, r"Revenue de\W*(nbsp;)?Agency le\W*(nbsp;)?01/06/2026")

    # -- The convention ----------------------------------------------------------------------------

    def test_nothing_is_entrusted_without_a_whole_convention_in_force(self):
        assignment = self.entrust().with_user(self.manager)
        for values, words in (
            ({"power_text": " "}, "Power to receive"),
            ({"return_text": False}, "Return of the funds"),
            ({"signed_on": "2026-06-02"}, "not in force"),
            ({"until": "2026-05-31"}, "not in force"),
        ):
            with self.subTest(**values):
                before = {name: self.convention[name] for name in values}
                self.convention.write(values)
                with self.assert_refused(UserError, words):
                    assignment.action_hand_over()
                self.convention.write(before)
        assignment.convention_id = False
        with self.assert_refused(UserError, "Choose the convention"):
            assignment.action_hand_over()
        assignment.write({"convention_id": self.convention.id, "chases": "us"})
        with self.assert_refused(UserError, "chases by itself"):
            assignment.action_hand_over()
        with self.assert_refused(ValidationError, "somebody else"):
            self.convention.agency_id = self.company.partner_id

    def test_the_letter_of_the_agency_is_checked_as_a_list(self):
        self.assertIn("L. 111-8", self.convention.letter_missing_text)
        self.convention.write(dict.fromkeys(LETTER, True))
        self.assertFalse(self.convention.letter_missing_text)
        checked = (self.convention.letter_checked_by, str(self.convention.letter_checked_on))
        self.assertEqual(checked, (self.manager, TODAY))

    # -- In its hand -------------------------------------------------------------------------------

    def test_it_leaves_our_reminders_and_is_recalled(self):
        before = self.row(self.first)
        bank = self.first.partner_bank_id
        assignment = self.out()
        self.assertEqual(self.row(self.first).stop, "hold")
        self.assertIn("collection agency", self.first.dunning_reason)
        self.assertEqual(self.first.partner_bank_id, bank)  # the debt stays ours
        self.assertIsNone(self.first._get_dunning_factor_account())
        with self.assert_refused(UserError, f"{self.first.name}.*Agency R-1 since"):
            self.first.with_user(self.biller).action_dunning_assign()
        assignment._take_back(assignment.line_ids, day(TODAY), "Recalled")
        self.assertEqual((assignment.state, self.row(self.first)), ("back", before))
        events = self.env["account.dunning.chronology"]._get_events(self.debtor, self.company)
        titles = [event.title for event in events if event.kind == "assignment"]
        self.assertEqual(titles, ["Entrusted to a collection agency", "Came back from the agency"])

    def test_only_managers_hand_over_and_read_its_months(self):
        assignment = self.entrust()
        with self.assert_refused(AccessError, "Only dunning managers"):
            assignment.action_hand_over()
        with self.assert_refused(AccessError, "not allowed"):
            self.env["account.dunning.agency.import"].with_user(self.biller).create(
                {"file": b64encode(b"x"), "agency_id": self.agency.id}
            )
        with self.assert_refused(AccessError, "not allowed"):
            self.convention.with_user(self.biller).commission_percent = 1

    def test_it_is_a_way_with_its_own_days_where_a_convention_is_in_force(self):
        used = self.env.ref("account_dunning_fr.group_use_agencies").sudo()
        routes = self.env["account.dunning.route"].with_user(self.manager)
        offered = []
        for switched_on, until in ((True, False), (True, "2026-05-31"), (False, False)):
            command = Command.link if switched_on else Command.unlink
            self.env.ref("base.group_user").sudo().implied_ids = [command(used.id)]
            self.convention.until = until
            values = {"company_id": self.company.id, "partner_id": self.debtor.id}
            case = self.env["account.dunning.case"].sudo().new(values)  # what is not saved is lost
            offered.append("agency" in routes._get_offers(case))
        self.assertEqual(offered, [True, False, False])
        paid = self.out(self.first, date="2026-05-01")
        self.pay(self.first)
        back = self.out(self.second, name="R-2", date="2026-05-12")
        kept = self.out(self.invoice(self.debtor, 5), name="R-3")
        back._take_back(back.line_ids, day("2026-05-22"), "Recalled")
        self.assertEqual((paid.state, kept.state), ("out", "out"))
        outcome = routes._get_outcomes(self.company)["agency"]
        self.assertEqual((outcome.closed, outcome.paid, outcome.titled), (2, 1, 0))
        self.assertEqual(outcome.days, 21)  # 31 days until paid, 10 until it came back: the middle

    # -- The pack ----------------------------------------------------------------------------------

    def test_the_pack_lists_each_element_in_its_own_words(self):
        assignment = self.out()
        page, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.assignment_pack", assignment.ids
        )
        text = page.decode()
        for words in (self.first.name, self.second.name, "Penalties", "Flat indemnity", "1,000.00"):
            self.assertIn(words, text)
        self.assertFalse(JARGON.search(text.replace("Court file", "")))
        report = type(self.env["ir.actions.report"])
        with patch.object(
            report, "_print_dunning_page", lambda *_args: (b"%PDF-1.4 listed", "pdf")
        ):
            action = assignment.action_pack()
        self.assertIn(str(assignment.sudo().pack_id.id), action["url"])
        archive = ZipFile(BytesIO(assignment.sudo().pack_id.raw))
        self.assertTrue(any("entrusted" in name.lower() for name in archive.namelist()))
        with self.assert_refused(UserError, "Hand the items over first"):
            self.entrust(self.invoice(self.debtor, 5), name="R-9").action_pack()

    def test_a_court_file_goes_to_an_agency_without_the_words_of_the_court(self):
        template = self.env.ref("account_dunning_fr.mail_template_case").sudo()
        for role, has in (("agency", False), ("insurer", False), ("commissaire", True)):
            self.agency.dunning_role = role
            case = self.env["account.dunning.case"].new(
                {
                    "partner_id": self.debtor.id,
                    "company_id": self.company.id,
                    "handover_partner_id": self.agency.id,
                }
            )
            with self.subTest(role=role):
                self.assertEqual(bool(JARGON.search(self.words_of(template, case))), has)

    def words_of(self, template, case):
        """Return what the e-mail says, of a record that is not saved."""
        page = (
            self.env["ir.qweb"]
            .with_context(lang="en_US")
            ._render(
                html.fromstring(str(template.with_context(lang="en_US").body_html)),
                {"object": case},
            )
        )
        return re.sub(r"<[^>]+>", "", str(page))

    # -- Its months --------------------------------------------------------------------------------

    def test_a_month_is_kept_once_with_its_cost(self):
        assignment = self.out(date="2026-05-01")
        text = HEAD + (
            f"10/05/2026;{self.first.name};400,00;60,00;A1\n20/05/2026;{self.second.name};100;15;\n"
        )
        for _twice in range(2):
            self.assertFalse(self.read(text).problems)
            self.assertEqual(self.Receipt.search_count([]), 2)
        self.assertEqual((assignment.amount_received, assignment.amount_commission), (500, 75))
        self.assertEqual(assignment.cost_per_euro, 0.15)
        self.assertEqual(self.first.amount_residual, 1000)  # the bank's line books it
        tile = self.cost_tile()
        self.assertIn("0.15", tile["note"])

    def cost_tile(self):
        page = self.env["account.dunning.dashboard"].get_data()
        part = self.env["account.dunning.dashboard"]
        tiles = [*self.find_tiles(page), *self.find_tiles(part.get_part("more"))]
        return next(tile for tile in tiles if tile["key"] == "cost")

    def find_tiles(self, value):
        if isinstance(value, dict):
            if "key" in value and "note" in value:
                yield value
            for each in value.values():
                yield from self.find_tiles(each)
        elif isinstance(value, (list, tuple)):
            for each in value:
                yield from self.find_tiles(each)

    def test_one_bad_line_and_nothing_is_kept(self):
        self.out(self.first, date="2026-05-01")
        good = f"10/05/2026;{self.first.name};400;60;\n"
        for line, words in (
            (f"10/05/2026;{self.second.name};10;1;", "was not entrusted"),
            (f"30/04/2026;{self.first.name};10;1;", "was not entrusted"),
            ("10/05/2026;NONE;10;1;", "was not entrusted"),
            (f"02/06/2026;{self.first.name};10;1;", "is to come"),
            (f"10/05/2026;{self.first.name};10;11;", "more than what was received"),
            (f"10/05/2026;{self.first.name};400;60;", "stands twice"),
        ):
            with self.subTest(line=line):
                dialog = self.read(HEAD + good + line)
                self.assertRegex(dialog.problems, f"Line 3: .*{words}")
                self.assertFalse(self.Receipt.search([]))
        for text in ("", "Date;Facture\n", "{}"):
            with self.subTest(text=text), self.assert_refused(UserError, "no month of an agency"):
                self.read(text)
