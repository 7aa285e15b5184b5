"""What the dashboard brings after its figures: curves, forecast, penalties of the day, French."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dashboard_common import DashboardCommon
from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestOutlook(DashboardCommon, DunningCommon):
    """Today is 1 June 2026. Alpha owes 300 since February and 1 000 since May, Beta 50 in July."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.dashboard = cls.env["account.dunning.dashboard"]
        cls.ann = cls.new_user("ann", "account.group_account_invoice")
        cls.alpha = cls.customer("Alpha", user_id=cls.ann.id, dunning_regime="b2b")
        cls.beta = cls.customer("Beta")
        cls.old = cls.invoice(cls.alpha, "2026-02-01", 300)
        cls.late = cls.invoice(cls.alpha, "2026-05-01", 1000)
        cls.open = cls.invoice(cls.beta, "2026-07-15", 50, invoice_date="2026-05-10")

    def paid_on(self, day, move, amount=None):
        with self.on(day):
            self.pay(move, *([amount] if amount else []))

    # -- Curves ------------------------------------------------------------------------------------

    def test_a_point_of_the_curves_is_the_figure_of_that_day(self):
        self.paid_on("2026-05-12", self.late, 400)
        self.paid_on("2026-03-20", self.old, 100)
        early = self.invoice(self.alpha, "2026-04-30", 80)
        self.paid_on("2026-04-29", early)
        note = self.credit_note(self.alpha, 25)
        self.payment(self.beta, 15, payment_type="outbound", date="2026-03-02")
        curves = {curve["key"]: curve for curve in self.data()["curves"]}
        self.assertEqual({len(curve["values"]) for curve in curves.values()}, {24})
        days = self.env["account.dunning.outlook"]._get_month_ends(self.dashboard._get_scope({}))
        self.assertEqual(days[-1], fields.Date.to_date("2026-06-01"))
        for place, day in list(enumerate(days))[-5:]:
            data = self.data(as_of=fields.Date.to_string(day))
            for key in ("overdue", "dso"):
                shown = self.tile(key, data)["value"].removeprefix(">\xa0")
                self.assertEqual(curves[key]["texts"][place], shown, f"{key} {day}")
        self.assertEqual(curves["received"]["values"][-4:], [85, 80, 400, 0])
        self.assertTrue(note)

    def test_a_filter_narrows_the_curves(self):
        [overdue, *_others] = self.data(regime="b2b")["curves"]
        self.assertEqual(overdue["values"][-1], 1300)
        [overdue, *_others] = self.data(regime="b2c")["curves"]
        self.assertEqual(set(overdue["values"]), {0})

    # -- Forecast ----------------------------------------------------------------------------------

    def test_what_everybody_pays_within_ten_days_is_expected_within_ten_days(self):
        gamma = self.customer("Gamma")
        for month in ("01", "02", "03", "04"):
            for amount in (10, 20, 30):
                invoice = self.invoice(gamma, f"2026-{month}-10", amount)
                self.paid_on(f"2026-{month}-20", invoice)
        (self.old | self.late).button_draft()
        self.invoice(gamma, "2026-05-29", 100)
        forecast = self.data()["forecast"]
        # Due on 29 May, paid ten days late: on Monday 8 June, the second week.
        self.assertEqual(forecast["weeks"][0]["values"], [0, 0, 0])
        self.assertEqual(forecast["weeks"][1]["values"], [100, 100, 100])
        self.assertIn("P50", forecast["range"])
        self.assertIn("150", forecast["range"])  # with Beta's 50 of July

    def test_what_was_foreseen_is_compared_with_what_came(self):
        gamma = self.customer("Gamma")
        for amount in range(10, 20):
            invoice = self.invoice(gamma, "2026-01-10", amount)
            self.paid_on("2026-01-20", invoice)
        self.paid_on("2026-04-01", self.old, 120)
        # On 2 March: 300 open since 1 February, older than anything that was ever paid.
        test = self.data()["forecast"]["test"]
        self.assertIn("03/02/2026", test)
        self.assertIn("received: €\xa0120" if "€\xa0" in test else "received:", test)
        self.assertIn("120", test)

    def test_without_anything_open_there_is_nothing_to_foresee(self):
        forecast = self.data(regime="b2c")["forecast"]
        self.assertTrue(forecast["empty"])
        self.assertIn("nothing was open", forecast["test"])

    # -- Penalties owed by law, on the day ---------------------------------------------------------

    def owed(self, **filters):
        rows = {row["key"]: row for row in self.data(**filters)["penalties"]}
        return self.figure(rows["owed"]["exact"]) if rows else 0.0

    def expected(self, day, *moves):
        items = self.items(*moves)
        accrued = self.env["account.dunning.accrual"]._compute_items(
            items, fields.Date.to_date(day)
        )
        return round(sum(float(each.interest + each.indemnity) for each in accrued.values()), 2)

    def test_what_is_owed_by_law_follows_the_day_and_not_what_was_computed(self):
        self.assertFalse(self.env["account.dunning.penalty"].search([]))
        today = self.owed()
        self.assertGreater(today, 80)  # twice 40 €, and the interest
        self.assertEqual(today, self.expected("2026-06-01", self.old, self.late))
        past = self.owed(as_of="2026-04-30")
        self.assertEqual(past, self.expected("2026-04-30", self.old))
        penalties = self.env["account.dunning.penalty"].sudo()
        penalties._update(self.company, self.items(self.old), fields.Date.to_date("2026-03-01"))
        self.assertEqual(self.owed(), today)
        self.assertEqual(self.owed(as_of="2026-04-30"), past)

    def test_the_monthly_report_tells_each_day_its_own(self):
        report = self.dashboard._get_monthly_report(fields.Date.to_date("2026-04-15"), {})
        (row,) = (row for row in report["penalties"] if row["key"] == "owed")
        self.assertEqual(self.figure(row["exact"]), self.expected("2026-04-30", self.old))
        self.assertEqual(self.figure(row["before"]), round(self.expected("2026-03-31", self.old)))

    # -- The report beside the chart, and French ---------------------------------------------------

    def test_the_chart_shows_the_sums_of_the_report(self):
        self.payment(self.alpha, 150)
        self.payment(self.beta, 20, payment_type="outbound")
        for as_of in ("2026-06-01", "2026-05-01"):
            balance = self.env["account.dunning.aged.balance"].create({"date": as_of})
            balance._read_books()
            totals = balance._get_totals(balance.line_ids)
            rows = self.data(as_of=as_of)["ages"]
            self.assertEqual(
                {row["key"].removeprefix("age_"): row["number"] for row in rows},
                {name: total for name, total in totals.items() if name != "total"},
            )

    def test_amounts_and_days_are_french_for_a_french_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ann.lang = "fr_FR"
        dashboard = self.dashboard.with_user(self.ann).with_context(lang="fr_FR")
        data = dashboard.get_data({"as_of": "2026-05-31"})
        self.assertEqual(data["as_of_label"], "31/05/2026")
        values = {each["key"]: each["value"] for each in data["figures"]}
        self.assertEqual(
            values["receivables"].replace("\u202f", " ").replace("\xa0", " "), "1 350 €"
        )
        [curve, *_others] = dashboard.get_part("curves")["curves"]
        self.assertIn("juin 26", curve["labels"])
        self.assertIn("févr. 26", curve["labels"])

    # -- Who, and what -----------------------------------------------------------------------------

    def test_a_part_is_for_accountants_and_one_of_those_that_are(self):
        with self.assert_refused(AccessError, "Only accounting users"):
            self.dashboard.with_user(self.new_user("outsider")).get_part("curves")
        for name in ("", "unlink", "_get_curves", None, 1, "page"):
            with self.assert_refused(UserError, "no such part"):
                self.dashboard.get_part(name)
