"""The monthly report: the dashboard's own figures at both ends, who gets it, and when."""

from datetime import date
from io import BytesIO

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from ..dashboard_common import Page
from ..dunning_common import DunningCommon

REPORT = "account_dunning_fr.report_monthly"


@tagged("post_install", "-at_install")
class TestMonthlyReport(DunningCommon):
    """Today is Monday 1 June 2026, the first working day of the month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.ann = cls.new_user("ann", "account.group_account_invoice", email="a@c.example")
        cls.alpha = cls.customer("Alpha", user_id=cls.ann.id, dunning_profile="strategic")
        cls.beta = cls.customer("Beta", dunning_regime="b2b")
        cls.late = cls.invoice(cls.alpha, "2026-04-20", 1000)
        cls.newer = cls.invoice(cls.beta, "2026-05-20", 300)
        cls.due = cls.invoice(cls.beta, "2026-07-15", 50, invoice_date="2026-05-10")

    def wizard(self, user=None, **values):
        wizards = self.env["account.dunning.monthly"]
        return (wizards.with_user(user) if user else wizards).create(values)

    def row(self, report, key):
        rows = [row for group in report["groups"] for row in group["rows"]]
        (row,) = (row for row in [*rows, *report["ages"], *report["holds"]] if row["key"] == key)
        return row

    def html(self, wizard):
        return self.env["ir.actions.report"]._render_qweb_html(REPORT, wizard.ids)[0].decode()

    # -- Figures -----------------------------------------------------------------------------------

    def test_the_month_that_ended_is_proposed_and_shown_beside_the_one_before(self):
        report = self.wizard()._get_report()
        self.assertEqual(report["title"], "May 2026")
        row = self.row(report, "overdue")
        self.assertIn("1,300", row["value"])
        self.assertIn("1,000", row["before"])

    def test_its_figures_are_those_of_the_dashboard_on_that_day(self):
        with self.on("2026-05-31"):
            self.pay(self.late, 400)
        report = self.wizard(month="2026-05-12")._get_report()
        for name, day in (("value", "2026-05-31"), ("before", "2026-04-30")):
            data = Page(self.env["account.dunning.dashboard"], {"as_of": day})
            for group in data["tiles"]:
                for tile in group["tiles"]:
                    self.assertEqual(self.row(report, tile["key"])[name], tile["value"])
            for age in data["ages"]:
                self.assertEqual(self.row(report, age["key"])[name], age["value"])

    def test_what_was_paid_since_does_not_change_a_past_month(self):
        before = self.wizard(month="2026-05-01")._get_report()
        self.pay(self.late)
        again = self.wizard(month="2026-05-31")._get_report()
        self.assertEqual(self.row(before, "overdue"), self.row(again, "overdue"))

    def test_the_present_month_stops_today_and_a_later_one_is_refused(self):
        report = self.wizard(month="2026-06-15")._get_report()
        self.assertIn("06/01/2026", report["last_label"])
        with self.assert_refused(UserError, "has not begun"):
            self.wizard(month="2026-07-01").action_print()

    def test_filters_narrow_it_and_are_printed(self):
        wizard = self.wizard(salesperson_id=self.ann.id, profile="strategic")
        self.assertIn("1,000", self.row(wizard._get_report(), "overdue")["value"])
        html = self.html(wizard)
        self.assertIn("Strategic", html)
        self.assertNotIn("Beta", html)

    def test_a_hold_that_ended_still_shows_what_it_was(self):
        held = self.hold(self.alpha, reason="dispute", date_from="2026-04-25")
        with self.on("2026-05-10"):
            held.action_release()
        row = self.row(self.wizard()._get_report(), "dispute")
        self.assertEqual(row["value"], "–")
        self.assertIn("1,000", row["before"])

    def test_everything_is_on_the_page(self):
        html = self.html(self.wizard())
        for text in ("May 2026", "Alpha", "DSO", "Recovery rate", "agree to the cent", "At risk"):
            self.assertIn(text, html)

    # -- Who ---------------------------------------------------------------------------------------

    def test_a_billing_user_prints_it_and_others_do_not(self):
        self.assertEqual(
            self.wizard(self.ann).action_print()["report_name"], "account_dunning_fr.monthly"
        )
        outsider = self.new_user("outsider")
        with self.assertRaises(AccessError):
            self.wizard(outsider)

    # -- By itself ---------------------------------------------------------------------------------

    def sent(self):
        return self.env["mail.mail"].search([("subject", "like", "Dunning of")])

    def test_nobody_receives_it_by_default(self):
        self.run_cron("monthly")
        self.assertFalse(self.sent())

    def test_it_leaves_once_on_the_first_working_day(self):
        self.company.dunning_monthly_user_ids = self.ann
        with self.on("2026-05-31"):  # a Sunday, and too late for April
            self.run_cron("monthly")
        self.assertFalse(self.sent())
        self.run_cron("monthly")
        mail = self.sent()
        self.assertEqual(len(mail), 1)
        self.assertIn("May 2026", mail.subject)
        self.assertIn("a@c.example", mail.email_to)
        self.assertEqual(len(mail.attachment_ids), 1)
        self.run_cron("monthly")
        with self.on("2026-06-03"):
            self.run_cron("monthly")
        self.assertEqual(self.sent(), mail)

    def test_the_first_working_day_is_no_holiday(self):
        self.company.dunning_monthly_user_ids = self.ann
        with self.on("2026-05-01"):  # a Friday, Labour Day
            self.run_cron("monthly")
        self.assertFalse(self.sent())
        with self.on("2026-05-04"):
            self.run_cron("monthly")
        self.assertIn("April 2026", self.sent().subject)

    def test_what_is_enclosed_is_a_pdf_of_the_reader_s_own_figures(self):
        dashboard = self.env["account.dunning.dashboard"].with_user(self.ann)
        dashboard = dashboard.with_context(force_report_rendering=True)
        vals = dashboard._prepare_monthly_mail_vals(date(2026, 5, 1))
        [(_create, _id, file)] = vals["attachment_ids"]
        self.assertTrue(file["raw"].startswith(b"%PDF"))
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(file["raw"])).pages)
        for word in ("May 2026", "Alpha", "Beta"):
            self.assertIn(word, " ".join(text.split()))

    def test_who_has_no_accounting_right_receives_nothing(self):
        self.company.dunning_monthly_user_ids = self.new_user("outsider", email="o@c.example")
        self.run_cron("monthly")
        self.assertFalse(self.sent())
