"""Public reports of people who do this job, replayed: addresses, numbers, files, new customers."""

import io

from pypdf import PdfWriter
from pypdf.generic import NameObject, NumberObject

from odoo.addons.account_dunning_fr.models.party.french_numbers import read_siren
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..case_common import pdf
from ..public_reports_common import PublicReportsCommon


class CustomerReportsCommon(PublicReportsCommon):
    """What the list of customers to complete says, and their contacts."""

    def contacts(self, parent, *names, **values):
        return self.env["res.partner"].create(
            [
                {"name": name, "parent_id": parent.id, "email": f"{name}@client.example", **values}
                for name in names
            ]
        )


@tagged("post_install", "-at_install")
class TestPublicReports(CustomerReportsCommon):
    # K10 OCA/social#1724
    def test_k10_two_addresses_in_one_field(self):
        p = self.b2b("K10", email="a@client.example;b@client.example")
        self.invoice(p, 6, 100)
        self.prepare()
        self.assertFalse(self.live(p)._get_email_problem())

    # K10 the list of what to complete
    def test_k10_an_address_that_cannot_be_used_is_listed(self):
        p = self.b2b("K10b", email="no_at.client.example")
        self.invoice(p, 6, 100)
        self.assertTrue(self.gaps(p).no_email)

    # K11 invoiceninja/invoiceninja#9078, Dolibarr/dolibarr#18009
    def test_k11_the_contact_of_the_invoice_receives_the_reminder(self):
        p = self.b2b("K11", email="siege@client.example")
        _one, two = self.contacts(p, "f1", "f2", type="invoice")
        self.invoice(two, 6, 100)
        self.prepare()
        self.assertEqual(self.live(p).recipient_email, "f2@client.example")

    # K12 OCA/social#520
    def test_k12_who_left_receives_nothing(self):
        p = self.b2b("K12", email="siege@client.example")
        left = self.contacts(p, "left")
        p.dunning_contact_id = left
        self.invoice(p, 6, 100)
        left.active = False
        self.prepare()
        self.assertEqual(self.live(p).recipient_email, "siege@client.example")

    # K13 arthurdejong/python-stdnum#245
    def test_k13_a_swiss_number_is_no_siren(self):
        p = self.b2b(
            "K13", company_registry="CHE-109.298.651", country_id=self.env.ref("base.ch").id
        )
        self.assertEqual((p._get_dunning_siren(), p.dunning_regime_proposed), ("", "b2b"))

    # K13 arthurdejong/python-stdnum#46
    def test_k13_a_monaco_vat_number_holds_no_siren(self):
        p = self.b2b("K13b", vat="FR40000066034", country_id=self.env.ref("base.mc").id)
        self.assertEqual(p._get_dunning_siren(), "")

    # K13 betagouv/conseillers-entreprises#4683
    def test_k13_a_wrong_check_digit_is_told(self):
        p = self.b2b("K13c", company_registry="123456789")
        self.invoice(p, 6, 100)
        self.assertTrue(self.gaps(p).no_siren)

    # K13 arthurdejong/python-stdnum#481 (RCS)
    def test_k13_a_number_with_its_register(self):
        p = self.b2b("K13d", company_registry="552 100 554 RCS PARIS 8")
        self.assertEqual(p._get_dunning_siren(), "552100554")

    # K17 h2non/filetype.py#123, py-pdf/pypdf#3925
    def test_k17_a_pdf_after_a_byte_order_mark(self):
        piece = self.add_piece(
            self.ready_case(), "order", data=b"\xef\xbb\xbf" + pdf("delivery note")
        )
        self.assertEqual((piece.kind, piece.problem), ("pdf", False))

    # K18 py-pdf/pypdf#338
    def test_k18_a_page_turned_by_an_odd_angle(self):
        writer = PdfWriter()
        writer.append(io.BytesIO(pdf("scan")))
        writer.pages[0][NameObject("/Rotate")] = NumberObject(45)
        stream = io.BytesIO()
        writer.write(stream)
        case = self.ready_case()
        self.add_piece(case, "order", data=stream.getvalue())
        self.complete(case)
        self.assertTrue(self.generate(case))

    # K19 odoo/odoo#211004, axelor/axelor-open-suite#7217
    def test_k19_a_dispute_survives_a_new_parent(self):
        p = self.b2b("K19", is_company=False)
        a = self.invoice(p, "2026-05-10", 100)
        self.hold(p, reason="dispute")
        p.parent_id = self.b2b("K19 SARL")
        self.assert_stopped(a, "hold")

    # K20 invoiceninja/invoiceninja#1278
    def test_k20_who_is_billed_instead_starts_anew(self):
        wrong, right = self.b2b("K20 wrong"), self.b2b("K20 right")
        a = self.climbed(
            self.invoice(wrong, "2026-04-10", 1000),
            (self.first, "2026-04-16"),
            (self.firm, "2026-04-26"),
        )
        a.button_draft()
        a.partner_id = right
        a.invoice_date_due = "2026-04-10"
        a.action_post()
        self.assertEqual(self.next_level(a), self.first)

    # -- Neighbours of the same kinds --------------------------------------------------------------

    def recipient_of(self, partner):
        self.prepare()
        return self.live(partner).recipient_email

    def test_k10_addresses_are_read_as_odoo_reads_them(self):
        for number, (email, usable) in enumerate(
            (
                ("a@client.example, b@client.example", True),
                ("Accounts <a@client.example>; b@client.example", True),
                ("a@client.example b@client.example", True),
                ("no-at.client.example", False),
                ("call us; 01 23 45 67 89", False),
                ("", False),
            )
        ):
            with self.subTest(email=email):
                p = self.b2b(f"K10 {number}", email=email)
                self.invoice(p, 6, 100)
                self.assertEqual(self.gaps(p).no_email, not usable)
                self.prepare()
                problem = self.live(p)._get_email_problem() or ""
                self.assertEqual("no valid e-mail address" in problem, not usable)

    def test_k10_odoo_writes_to_each_of_the_addresses(self):
        p = self.b2b("K10c", email="a@client.example;b@client.example")
        self.invoice(p, 6, 100)
        notice = self.draft(p)
        notice.enclose_invoices = False
        notice.action_send()
        to = " ".join(message["To"] for message in self.hand_over(notice))
        self.assertIn("a@client.example", to)
        self.assertIn("b@client.example", to)

    def test_k11_who_owes_most_of_what_is_claimed_comes_first(self):
        p = self.b2b("K11b", email="siege@client.example")
        one, two = self.contacts(p, "one", "two")
        self.invoice(one, 6, 100)
        self.invoice(two, 6, 300)
        self.invoice(p, 6, 1000)
        self.assertEqual(self.recipient_of(p), "two@client.example")

    def test_k11_what_was_chosen_for_the_customer_comes_before(self):
        p = self.b2b("K11c", email="siege@client.example")
        chosen, invoiced = self.contacts(p, "chosen", "invoiced")
        p.dunning_contact_id = chosen
        self.invoice(invoiced, 6, 100)
        self.assertEqual(self.recipient_of(p), "chosen@client.example")

    def test_k11_without_an_address_the_next_one_receives_it(self):
        p = self.b2b("K11d", email="siege@client.example")
        mute = self.contacts(p, "mute")
        mute.email = False
        self.invoice(mute, 6, 100)
        self.assertEqual(self.recipient_of(p), "siege@client.example")

    def test_k12_no_archived_contact_receives_anything(self):
        p = self.b2b("K12b", email="siege@client.example")
        billing, invoiced = self.contacts(p, "billing", type="invoice") + self.contacts(p, "person")
        self.invoice(invoiced, 6, 100)
        (billing + invoiced).active = False
        self.assertEqual(self.recipient_of(p), "siege@client.example")
        notice = self.live(p)
        invoiced.active = True
        notice.recipient_id = invoiced
        notice.invalidate_recordset()
        self.assertEqual(notice.recipient_email, "person@client.example")
        invoiced.active = False
        self.assertEqual(notice.recipient_email, "siege@client.example")

    def test_k12_an_archived_customer_with_debts_is_told(self):
        p = self.b2b("K12c")
        self.invoice(p, 6, 100)
        self.assertFalse(self.gaps(p).archived)
        p.active = False
        row = self.env["account.dunning.quality"].search([("partner_id", "=", p.id)])
        row.invalidate_recordset()
        self.assertTrue(self.gaps(p).archived)
        self.assertIn("Archived", self.gaps(p).missing)
        self.prepare()
        self.assertIn("archived", self.live(p)._get_email_problem())
        p.active = True
        self.assertFalse(self.live(p)._get_email_problem())

    def test_k13_numbers_are_read_with_their_key(self):
        for registry, vat, country, expected in (
            ("552 100 554 RCS PARIS 8", "", "FR", ("552100554", False)),
            ("RCS Paris B 552 100 554", "", False, ("552100554", False)),
            ("SIRET : 552.100.554.00013", "", "FR", ("552100554", False)),
            ("35600000049837", "", "FR", ("356000000", False)),  # La Poste: a key of its own
            ("35600000049838", "", "FR", ("", True)),
            ("552100555", "", "FR", ("", True)),
            ("55210055400014", "", "RE", ("", True)),
            ("", "FR83404833048", False, ("404833048", False)),
            ("", "FR 83 404 833 048", "DE", ("404833048", False)),
            ("", "FR84404833048", "FR", ("", True)),
            ("552100554", "FR84404833048", "FR", ("552100554", True)),
            ("", "BE0477472701", "BE", ("", False)),
            ("404833048", "", "DE", ("", False)),
            ("CHE-109.298.651", "", False, ("", False)),
            ("", "FR40000066034", "FR", ("", False)),  # Monaco's, whatever the address says
            ("404833048", "", "NC", ("", False)),  # a register of its own
        ):
            with self.subTest(registry=registry, vat=vat, country=country):
                self.assertEqual(read_siren(registry, vat, country), expected)

    def test_k13_a_wrong_key_is_told_before_a_court_file(self):
        self.partner.company_registry = "404833049"
        case = self.prepare_case()
        self.assertIn("check digits", " ".join(case.finding_ids.mapped("message")))
        self.partner.company_registry = "404833048"
        case.action_examine()
        self.assertNotIn("check digits", " ".join(case.finding_ids.mapped("message")))

    def test_k13_two_customers_with_one_siren_are_told(self):
        one = self.b2b("Twin 1", company_registry="732 829 320")
        two = self.b2b("Twin 2", company_registry="73282932000074")
        self.invoice(one, 6, 100)
        self.assertTrue(self.gaps(one).same_siren)
        two.is_company = False
        two.parent_id = one
        self.assertFalse(self.gaps(one).same_siren)
        two.parent_id = False
        two.active = False
        self.assertFalse(self.gaps(one).same_siren)

    def test_k19_every_hold_follows_the_debts_and_holds_no_other(self):
        for number, values in enumerate(
            ({"reason": "manual"}, {"reason": "insolvency", "claims_before": "2026-05-31"}, {})
        ):
            with self.subTest(values=values):
                p = self.b2b(f"K19 {number}", is_company=False)
                company = self.b2b(f"K19 {number} SARL")
                held, other = self.invoice(p, 20, 100), self.invoice(company, 20, 100)
                self.hold(p, **values)
                p.parent_id = company
                self.assert_stopped(held, "hold")
                self.assertFalse(self.row(other).stop)

    def test_k19_an_opening_balance_stays_on_hold(self):
        p = self.b2b("K19 entry", is_company=False)
        company = self.b2b("K19 entry SARL")
        receivable = self.company_data["default_account_receivable"]
        entry = self.entry(
            self.company_data["default_journal_misc"],
            "2026-04-01",
            p,
            (receivable, 500),
            (self.income, -500),
        )
        item = self.items(entry)
        item.write({"no_followup": False, "date_maturity": "2026-04-30"})
        other = self.invoice(company, 20, 100)
        self.hold(p, reason="insolvency", claims_before="2026-05-01")
        self.assert_stopped(entry, "hold")
        p.parent_id = company
        self.assert_stopped(entry, "hold")
        self.assertFalse(self.row(other).stop)
        judgments = self.env["account.dunning.accrual"]._get_opening_judgments(
            item + self.items(other)
        )
        self.assertEqual(set(judgments), set(item.ids))

    def test_k19_a_judgment_stops_the_interest_of_who_became_a_contact(self):
        p = self.b2b("K19 judged", is_company=False)
        company = self.b2b("K19 judged SARL")
        held, other = self.invoice(p, 62, 1000), self.invoice(company, 62, 1000)
        self.hold(p, reason="insolvency", claims_before="2026-05-01")
        p.parent_id = company
        judgments = self.env["account.dunning.accrual"]._get_opening_judgments(
            self.items(held, other)
        )
        self.assertEqual(set(judgments), set(self.items(held).ids))

    def test_k19_a_merged_customer_keeps_holds_and_level(self):
        one, two = self.b2b("Merged 1"), self.b2b("Merged 2")
        held, climbed = self.invoice(one, 20, 100), self.invoice(one, 60, 100)
        self.climbed(climbed, (self.first, "2026-04-16"), (self.firm, "2026-04-26"))
        self.hold(move_id=held.id, reason="dispute")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((one + two).ids, two)
        self.env.invalidate_all()
        self.assert_stopped(held, "hold")
        self.assertEqual(self.next_level(climbed), self.registered)

    def test_k19_a_new_parent_keeps_the_level(self):
        p = self.b2b("K19 level", is_company=False)
        a = self.invoice(p, 60, 100)
        self.climbed(a, (self.first, "2026-04-16"), (self.firm, "2026-04-26"))
        p.parent_id = self.b2b("K19 level SARL")
        self.assertEqual(self.next_level(a), self.registered)

    def correct(self, move, partner):
        """Correct the customer of an invoice, as a person does."""
        due = move.invoice_date_due
        move.button_draft()
        move.partner_id = partner
        move.invoice_date_due = due
        move.action_post()

    def test_k20_the_same_customer_goes_on(self):
        p = self.b2b("K20 same")
        a = self.invoice(p, "2026-04-10", 1000)
        self.climbed(a, (self.first, "2026-04-16"), (self.firm, "2026-04-26"))
        contact = self.contacts(p, "k20")
        self.correct(a, contact)
        self.assertEqual(self.next_level(a), self.registered)

    def test_k20_the_new_customer_is_written_to_at_each_level(self):
        wrong, right = self.b2b("K20 b wrong"), self.b2b("K20 b right")
        a = self.invoice(wrong, "2026-05-20", 1000)
        self.climbed(a, (self.first, "2026-05-26"))
        self.correct(a, right)
        self.run_day()
        notice = self.Notice.search([("partner_id", "=", right.id)])
        self.assertEqual((notice.state, notice.level_id), ("sent", self.first))

    def test_k20_a_start_level_was_the_others(self):
        wrong, right = self.b2b("K20 c wrong"), self.b2b("K20 c right")
        a = self.invoice(wrong, "2026-04-10", 1000)
        self.climbed(a, (self.first, "2026-04-16"))
        self.correct(a, right)
        self.assertFalse(self.items(a).dunning_level_id)
        self.correct(a, wrong)  # who was written to, and goes on
        self.assertEqual(self.next_level(a), self.firm)


@tagged("post_install", "-at_install")
class TestBesideFrance(CustomerReportsCommon):
    """A creditor abroad, another dunning module: what is refused, left out, told."""

    def abroad(self, code="be"):
        self.company.country_id = self.env.ref(f"base.{code}")

    def test_a_creditor_abroad_is_told_on_the_go_live_page(self):
        page = self.env["account.dunning.golive"]
        self.assertFalse(page.create({}).foreign_warning)
        for code in ("be", "mc", "ch"):
            self.abroad(code)
            golive = page.create({})
            self.assertIn("is not in France", golive.foreign_warning)
            self.assertNotIn("RCS", golive.missing_warning or "")
        self.abroad("re")
        self.assertFalse(page.create({}).foreign_warning)

    def test_a_creditor_abroad_states_and_books_no_penalty_of_french_law(self):
        p = self.b2b("Abroad")
        a = self.invoice(p, 62, 1000)
        self.climbed(a, (self.first, "2026-04-06"))
        self.prepare()
        notice = self.live(p)
        self.assertEqual(notice._get_stated_regime(), "b2b")
        self.abroad()
        self.assertFalse(notice._get_stated_regime())
        accrued = self.accrued(a, "2026-06-01")
        self.assertIn("is not in France", accrued.problem)
        self.assertEqual(self.book("2026-05-31", partners=p).ids, [])

    def test_a_creditor_abroad_sends_reminders_and_no_formal_notice(self):
        p = self.b2b("Abroad 2")
        self.invoice(p, 6, 1000)
        self.abroad()
        self.run_day()
        self.assertEqual(self.Notice.search([("partner_id", "=", p.id)]).state, "sent")
        formal = self.history(self.formal_notice, "2026-05-20", self.invoice(p, 80, 100))
        self.assertIn("is not in France", formal._get_formal_problem())

    def test_a_creditor_abroad_opens_no_court_file(self):
        self.abroad()
        with self.assertRaisesRegex(UserError, "is not in France"):
            self.prepare_case()
        with self.assertRaisesRegex(UserError, "is not in France"):
            self.Case.create({"company_id": self.company.id, "partner_id": self.partner.id})

    def test_another_dunning_module_is_told_on_the_go_live_page(self):
        page = self.env["account.dunning.golive"]
        self.assertFalse(page.create({}).others_warning)
        for name in ("account_credit_control", "account_followup"):
            module = self.env["ir.module.module"].search([("name", "=", name)])
            module = module or module.create({"name": name, "shortdesc": name})
            module.state = "installed"
            self.assertIn(name, page.create({}).others_warning)
            module.state = "uninstalled"
            self.assertFalse(page.create({}).others_warning)
