"""The statement of penalties adds up on paper and in a spreadsheet; letters state the same."""

from base64 import b64decode
from dataclasses import FrozenInstanceError
from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook

from odoo.addons.account_dunning_fr.models.penalty.statement_book import make_statement_book
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..dunning_common import day
from ..penalty_common import CASES, PenaltyCommon, written

NBSP = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"


def plain(html):
    """Return a page as text: no tag within an amount, no special space, no thousands sign."""
    text = str(html).replace('<span class="oe_currency_value">', "").replace("</span>", "")
    for space in (NBSP, NARROW, "&nbsp;", "&#160;"):
        text = text.replace(space, " ")
    return text


@tagged("post_install", "-at_install")
class TestPenaltiesStatement(PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.lang = cls.partner.dunning_lang = "en_US"

    def worked_e2(self, **values):
        invoice = self.invoice(self.partner, "2025-04-30", 12000, **values)
        self.pay_on("2025-09-15", invoice, 5000)
        return invoice

    def statement_of(self, invoices, until, **values):
        """Open the statement of these invoices as their button does."""
        action = invoices.action_dunning_statement()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.write({"date_until": until, **values})
        return wizard

    def sheet(self, wizard):
        wizard.action_export()
        return load_workbook(BytesIO(b64decode(wizard.xlsx_file))).active

    # -- The figures -------------------------------------------------------------------------------

    def test_what_reduces_the_base_is_named_with_its_day(self):
        invoice = self.late("2026-03-31", 1000)
        self.pay_on("2026-04-15", invoice, 100)
        self.credit(invoice, 200, "2026-04-20")
        self.hold(move_id=invoice.id, amount_held=300, reason="dispute", date_from="2026-05-04")
        wizard = self.statement_of(invoice, "2026-05-31")
        [section] = wizard._make_dunning_statement().sections
        self.assertEqual(
            [tuple(row) for row in section.reductions],
            [
                (day("2026-03-31"), "Credit note, counted from the due date", 200),  # prudent
                (day("2026-04-15"), "Payment", 100),
                (day("2026-05-04"), "Disputed or held back, not claimed", 300),
            ],
        )
        # On paper each stands where it reduced the base.
        kinds = ["segment" if segment else "reduction" for segment, _reduced in section.lines]
        self.assertEqual(kinds, ["reduction", "segment"] * 3)
        left = 1000 - sum(row.amount for row in section.reductions)
        self.assertEqual(section.segments[-1].base, left)
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_statement", wizard.ids
        )
        for words in ("Credit note", "Payment", "Disputed or held back", "300.00", "4 May 2026"):
            self.assertIn(words, plain(html.decode()))
        # What comes later reduces nothing yet; a court is told the whole.
        wizard.date_until = "2026-05-03"
        self.assertEqual(len(wizard._make_dunning_statement().sections[0].reductions), 2)
        wizard.write({"date_until": "2026-05-31", "with_disputed": True})
        self.assertEqual(len(wizard._make_dunning_statement().sections[0].reductions), 2)

    def test_the_segments_add_up_to_the_totals(self):
        late = self.invoice(self.partner, "2026-03-31", 1000)
        wizard = self.statement_of(self.worked_e2() + late, "2026-08-31")
        statement = wizard._make_dunning_statement()
        for section in statement.sections:
            cents = sum(segment.interest for segment in section.segments)
            self.assertEqual(cents, section.interest)
        (total,) = statement.totals
        # 1 000: 30.29 on 30 June, then 62 days at 12.40 %: 21.0630
        self.assertEqual([str(s.interest) for s in statement.sections], ["1389.81", "51.35"])
        self.assertEqual(total.interest, Decimal("1441.16"))
        self.assertEqual((total.principal, statement.indemnity), (8000, 80))

    def test_imputation_on_the_interest_first_gives_the_other_worked_case(self):
        wizard = self.statement_of(self.worked_e2(), "2026-08-31", imputation="interest")
        statement = wizard._make_dunning_statement()
        (section,) = statement.sections
        case = CASES["E2i"]
        segments = [(s.days, s.annual_rate, s.base, s.interest) for s in section.segments]
        self.assertEqual(segments, written(case["segments"]))
        for name in ("interest", "interest_left", "principal_left"):
            self.assertEqual(getattr(section, name), Decimal(case[name]), name)
        (total,) = statement.totals
        whole = total.principal + total.interest + statement.indemnity
        self.assertEqual(whole, Decimal("8496.62"))

    def test_what_was_booked_is_shown(self):
        invoice = self.late("2026-03-31", 1000)
        self.book("2026-05-31")
        statement = self.statement_of(invoice, "2026-06-30")._make_dunning_statement()
        (section,) = statement.sections
        self.assertEqual((section.booked, section.booked_indemnity), (Decimal("20.31"), 40))

    def test_penalties_that_were_paid_are_in_its_lines_and_owed_no_more(self):
        invoice = self.late("2026-03-31", 1000)
        entries = self.book("2026-05-31")
        paid = self.payment(self.partner, 60.31).move_id  # 20.31 of interest and the 40 euros
        (entries + paid).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        wizard = self.statement_of(invoice, "2026-06-30")
        statement = wizard._make_dunning_statement()
        (total,) = statement.totals
        # 1 000 × 12.15 % × 91 / 365 = 30.2918, of which 20.31 was paid
        self.assertEqual((total.principal, total.interest), (1000, Decimal("9.98")))
        self.assertEqual(statement.indemnity, 0)
        page = plain(
            self.env["ir.actions.report"]
            ._render_qweb_html("account_dunning_fr.report_statement", wizard.ids)[0]
            .decode()
        )
        for text in ("30.29", "already paid or waived", "20.31", "1,009.98"):
            self.assertIn(text, page)
        sheet = load_workbook(BytesIO(make_statement_book(statement))).active
        told = {row[0]: row[7] for row in sheet.iter_rows(values_only=True) if row[0]}
        self.assertEqual(told["Of which already paid or waived"], 20.31)
        self.assertNotIn("Flat indemnity for recovery costs", told)

    def test_a_statement_stays_as_it_was_made(self):
        invoice = self.late("2026-03-31", 1000)
        wizard = self.statement_of(invoice, "2026-05-31")
        before = wizard._make_dunning_statement()
        self.pay_on("2026-05-15", invoice, 600)
        self.assertEqual(before.totals[0].principal, 1000)
        self.assertEqual(wizard._make_dunning_statement().totals[0].principal, 400)
        with self.assertRaises(FrozenInstanceError):
            before.sections[0].interest = Decimal(0)

    def test_the_statement_of_a_customer_takes_what_is_overdue_without_the_penalties(self):
        late = self.late("2026-03-31", 1000)
        self.book("2026-05-31")
        self.invoice(self.partner, "2026-07-31", 1000)
        paid = self.invoice(self.partner, "2026-02-28", 1000)
        self.pay_on("2026-03-15", paid)
        wizard = self.env["account.dunning.statement"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "date_until": "2026-06-30",
            }
        )
        self.assertEqual(wizard.item_ids, self.items(late))

    def test_currencies_have_their_own_totals(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        euros = self.invoice(self.partner, "2026-03-31", 1000)
        dollars = self.invoice(self.partner, "2026-03-31", 2000, currency_id=usd.id)
        wizard = self.statement_of(euros + dollars, "2026-05-20")
        statement = wizard._make_dunning_statement()
        self.assertEqual(
            {t.currency.name: (t.principal, str(t.interest)) for t in statement.totals},
            {"EUR": (1000, "16.64"), "USD": (2000, "33.29")},
        )
        self.assertEqual(statement.indemnity, 80)
        rows = list(self.sheet(wizard).iter_rows(values_only=True))
        sums = [row[7] for row in rows if str(row[7]).startswith("=SUMIF")]
        self.assertEqual(sums, ['=SUMIF(I2:I3,"EUR",H2:H3)', '=SUMIF(I2:I3,"USD",H2:H3)'])

    def test_an_item_that_owes_no_interest_keeps_its_principal_in_its_currency(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        consumer = self.customer("Consumer", dunning_regime="b2c")
        invoice = self.invoice(consumer, "2026-03-31", 1000, currency_id=usd.id)
        statement = self.statement_of(invoice, "2026-05-20")._make_dunning_statement()
        (section,) = statement.sections
        self.assertEqual((section.principal_left, section.interest), (1000, 0))

    def test_a_statement_is_of_one_customer(self):
        other = self.invoice(self.customer("Other", dunning_regime="b2b"), "2026-03-31", 1000)
        with self.assert_refused(UserError, "one customer"):
            (self.worked_e2() + other).action_dunning_statement()

    # -- On paper ----------------------------------------------------------------------------------

    def test_the_printed_statement_contains_each_amount(self):
        wizard = self.statement_of(self.worked_e2(), "2026-08-31")
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_statement", wizard.ids
        )
        page = plain(html.decode())
        for days, rate, base, interest in written(CASES["E2"]["segments"]):
            for figure in (f">{days}<", f"{rate:.2f} %", f"{base:,.2f}", f"{interest:,.2f}"):
                self.assertIn(figure, page)
        for total in ("1,389.81", "7,000.00", "40.00", "8,429.81"):
            self.assertIn(total, page)

    def test_the_printed_statement_shows_what_the_payment_settled(self):
        wizard = self.statement_of(self.worked_e2(), "2026-08-31", imputation="interest")
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_statement", wizard.ids
        )
        page = plain(html.decode())
        for amount in ("1,456.62", "571.30", "885.32", "7,571.30", "8,496.62"):
            self.assertIn(amount, page)

    # -- In a spreadsheet --------------------------------------------------------------------------

    def test_the_spreadsheet_read_back_adds_up(self):
        sheet = self.sheet(self.statement_of(self.worked_e2(), "2026-08-31"))
        rows = list(sheet.iter_rows(values_only=True))
        case = written(CASES["E2"]["segments"])
        lines = rows[1 : 1 + len(case)]
        self.assertEqual(
            [(line[4], line[6], line[5]) for line in lines],
            [(float(days), float(rate), float(base)) for days, rate, base, _interest in case],
        )
        cents = [
            round(Decimal(str(base)) * Decimal(str(rate)) * days / 36500 + Decimal("1e-9"), 2)
            for _invoice, _due, _from, _to, days, base, rate, _formula, _currency in lines
        ]
        self.assertEqual(sum(cents), Decimal(CASES["E2"]["interest"]))
        self.assertEqual(lines[0][7], "=ROUND(F2*G2/100*E2/365,2)")
        self.assertEqual(rows[6][7], '=SUMIF(I2:I6,"EUR",H2:H6)')
        self.assertEqual(lines[0][2].date(), day("2025-05-01"))
        self.assertEqual([(row[0], row[7]) for row in rows[7:]][-1][1], 40)

    def test_the_name_of_an_invoice_never_becomes_a_formula(self):
        invoice = self.invoice(self.partner, "2026-03-31", 1000, name="=1+1")
        self.assertEqual(invoice.name, "=1+1")
        cell = self.sheet(self.statement_of(invoice, "2026-05-20")).cell(2, 1)
        self.assertEqual((cell.value, cell.data_type), ("=1+1", "s"))


@tagged("post_install", "-at_install")
class TestPenaltiesInLetters(PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.dunning_lang = "en_US"

    def notice(self, level, *, partner=None, due="2026-03-31"):
        """Prepare the message of 1 June that gives its level to an invoice of 1 000."""
        partner = partner or self.partner
        invoice = self.invoice(partner, due, 1000)
        before = {self.firm: self.first, self.registered: self.firm}.get(level)
        if before:
            self.history(before, "2026-05-10", invoice)
        notice = self.draft(partner)
        self.assertEqual(notice.level_id, level)
        return notice

    def test_a_letter_states_what_each_invoice_owes_from_the_level_that_says_so(self):
        statement = self.notice(self.registered)._get_penalty_statement()
        (row,) = statement["rows"]
        # 62 days: 1 000 × 12.15 % × 62 / 365 = 20.6384; a day: 0.3329
        self.assertEqual((row["days"], row["interest"], row["rate"]), (62, 20.64, 12.15))
        self.assertAlmostEqual(row["a_day"], 0.3329, places=4)
        self.assertEqual((row["indemnity"], row["problem"]), (40, False))
        self.assertEqual(statement["indemnity"], 40)
        self.assertEqual(statement["totals"], {self.company.currency_id: (20.64, 0.33)})

    def test_what_is_added_up_once_is_worded_in_each_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        notice = self.notice(self.registered)._with_penalties()
        english = notice.with_context(lang="en_US")._get_penalty_statement()
        french = notice.with_context(lang="fr_FR")._get_penalty_statement()
        self.assertEqual(english["totals"], french["totals"])
        self.assertEqual(dict(english["rows"][0]), dict(french["rows"][0]))
        self.assertIn("main refinancing rate", english["rows"][0]["label"])
        self.assertIn("taux", french["rows"][0]["label"])

    def test_what_is_remembered_is_that_of_the_day_and_of_the_items(self):
        notice = self.notice(self.registered)._with_penalties()
        self.assertEqual(notice._with_penalties().env, notice.env)
        notice.sudo().date = "2026-06-11"
        self.assertNotEqual(notice._with_penalties().env, notice.env)
        # 72 days: 1 000 × 12.15 % × 72 / 365
        self.assertEqual(notice._with_penalties()._get_penalty_statement()["rows"][0]["days"], 72)

    def test_a_milder_letter_states_nothing(self):
        self.assertFalse(self.notice(self.first)._get_penalty_statement())
        other = self.customer("Other", dunning_regime="b2b")
        self.assertTrue(self.notice(self.firm, partner=other)._get_penalty_statement())

    def test_nothing_is_stated_before_the_regime_is_confirmed(self):
        notice = self.notice(self.registered, partner=self.customer("Unknown"))
        self.assertFalse(notice._get_penalty_statement())
        self.assertFalse(notice._get_penalty_problem())

    def test_a_consumer_reads_nothing_about_penalties_before_the_formal_notice(self):
        consumer = self.customer("Consumer", dunning_regime="b2c")
        self.assertFalse(self.notice(self.registered, partner=consumer)._get_penalty_statement())

    def test_penalties_paid_and_waived_are_no_longer_stated(self):
        invoice = self.late("2026-03-31", 1000)
        self.book("2026-05-31")
        self.penalty(invoice)._waive("Gesture", interest=Decimal("20.00"), indemnity=Decimal(40))
        notice = self.Notice.search([("partner_id", "=", self.partner.id), ("state", "=", "sent")])
        statement = notice._get_penalty_statement()
        accrued = self.accrued(invoice, str(notice.date)).interest
        self.assertEqual(statement["rows"][0]["interest"], max(float(accrued) - 20, 0))
        self.assertEqual(statement["indemnity"], 0)

    def test_a_missing_rate_stops_the_message_with_a_clear_reason(self):
        notice = self.notice(self.registered)
        self.env["account.dunning.rate"].search([("date_from", "=", "2026-01-01")]).unlink()
        self.assertIn("01/01/2026 are missing", notice._get_penalty_problem())
        notice.action_print()
        with self.assert_refused(UserError, "01/01/2026 are missing"):
            self.post(notice)
        self.assertEqual(notice.state, "draft")

    def test_an_unconfirmed_rate_is_told_to_the_user_and_not_to_the_customer(self):
        self.env["account.dunning.rate"].sudo().search(
            [("date_from", "=", "2026-01-01")]
        ).ecb_state = "to_confirm"
        notice = self.notice(self.registered)
        self.assertIn("ECB rate of the half-year from 01/01/2026", notice.rate_warning)
        self.assertNotIn("not confirmed", notice.message_html)
