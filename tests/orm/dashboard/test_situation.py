"""What the dashboard computes from the sums of its queries, without a database behind it."""

from datetime import date
from decimal import Decimal

from odoo.addons.account_dunning_fr.models.dashboard.situation import (
    Instalments,
    Penalties,
    Promises,
    Situation,
    Step,
)
from odoo.tests import BaseCase, tagged

ROWS = (
    ("kept", "-5", 50, 1),
    ("kept", "12", "100.10", 3),
    ("kept", "91", 200.2, 2),
    ("debits", "-5", 60, 1),
    ("debits", "12", "100.10", 3),
    ("debits", "91", 200.2, 2),
    ("credits", "", -10, 1),
    ("left_out", "3", 7, 1),
    ("opening", "true", 400, None),
    ("opening", "false", 100, None),
    ("collected", "", 100, 2),
    ("paid", "10", 300, None),
    ("paid", "-2", 100, None),
    ("sales", "2026-05-01", 900, 4),
    ("expected", "2026-06-03 certain", 70, 1),
    ("costs", "letter", 12, 4),
    ("costs", "fees", 30, 1),
)


@tagged("post_install", "-at_install")
class TestSituation(BaseCase):
    def setUp(self):
        super().setUp()
        self.situation = Situation.from_rows(ROWS)

    def test_a_section_that_is_none_is_refused(self):
        for section in ("kpet", "sold", ""):
            with self.assertRaises(TypeError):
                Situation.from_rows([(section, "", 1, 1)])

    def test_a_misspelt_figure_is_an_error(self):
        for name in ("owedd", "kpet", "over_due"):
            with self.assertRaises(AttributeError):
                getattr(self.situation, name)

    def test_what_no_query_told_is_nothing(self):
        nothing = Situation.from_rows([])
        self.assertEqual(nothing.owed, 0)
        self.assertEqual(set(nothing.aged.values()), {0})
        for figure in (
            nothing.overdue_rate,
            nothing.mean_age,
            nothing.mean_delay,
            nothing.loss_rate,
        ):
            self.assertIsNone(figure)
        self.assertFalse(nothing.days_of_sales(date(2026, 6, 1)).sold)

    def test_amounts_add_up_to_the_cent(self):
        self.assertEqual(self.situation.owed, Decimal("350.30"))
        self.assertEqual(self.situation.not_due, 60)
        self.assertEqual(sum(self.situation.aged.values()), self.situation.owed)
        self.assertEqual(self.situation.due_within(4), 0)
        self.assertEqual(self.situation.due_within(5), 60)
        self.assertEqual(self.situation.overdue, Decimal("300.30"))
        self.assertEqual(self.situation.at_risk, Decimal("200.20"))
        self.assertEqual(self.situation.shown, Decimal("357.30"))

    def test_a_formal_notice_without_a_deadline_is_neither_running_nor_expired(self):
        rows = [("formal", "true", 5, 1), ("formal", "false", 20, 1), ("formal", None, 100, 1)]
        situation = Situation.from_rows(rows)
        self.assertEqual((situation.formal_notices, situation.formal_expired), (25, 5))

    def test_rates_follow_from_the_amounts(self):
        self.assertEqual(self.situation.recovery_rate, 25)
        self.assertEqual(self.situation.mean_delay, 7)
        # (12 × 100.10 + 91 × 200.20) / 300.30
        self.assertEqual(self.situation.mean_age, Decimal("64.7"))
        self.assertEqual(self.situation.overdue_rate, Decimal("83.3"))  # of 360.30
        self.assertEqual(self.situation.share(Decimal("35.03")), 10)
        self.assertEqual(self.situation.weeks(date(2026, 6, 1))[0].amounts["certain"], 70)

    def test_a_cost_is_that_of_what_came_late(self):
        fees = self.situation.fees(Decimal(2))
        self.assertEqual(fees, 60)
        self.assertEqual(self.situation.work_cost, 12)
        self.assertEqual(self.situation.cost_per_euro(Decimal(72)), Decimal("0.24"))
        self.assertIsNone(self.situation.cost_per_euro(Decimal(0)))

    def test_what_is_read_beside_the_sums_tells_its_rate(self):
        self.assertEqual(Step(1, {}, Decimal(80), Decimal(20), 3).rate, 25)
        self.assertEqual(Instalments(kept=1, due=4).rate, 25)
        promises = Promises.of([(Decimal(100), Decimal(40)), (Decimal(100), Decimal(-10))])
        self.assertEqual((promises.rate, promises.missing), (20, 160))
        with self.assertRaises(AttributeError):
            Penalties(*[Decimal(0)] * 4).claimd  # noqa: B018
