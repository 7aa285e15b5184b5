"""Three customers, day by day, from 1 April to 31 May 2026, as the scheduled actions chase them."""

from datetime import timedelta
from operator import itemgetter

from odoo.tests import tagged

from ..dunning_common import LEVELS, DunningCommon, day

START, END = "2026-04-01", "2026-05-31"

# Alpha: one invoice of 100, due on 10 April, never paid.
# Beta: B1 of 200, due on 15 January (a backlog), and B2 of 50, due on 20 April. It pays B1 on
#   30 April by direct debit; the bank returns it on 12 May.
# Gamma: C1 of 300, due on 6 April, and C2 of 80 in two halves, due on 12 April and 12 May. It
#   promises on 14 April to pay by the 30th, does not, and pays on 15 May, without saying what
#   for, exactly C1 and the first half of C2.
#
# (day, customer, level, total, {items claimed and the level each takes}, items listed apart)
EXPECTED = [
    # 5 days before 6 April.
    ("2026-04-01", "Gamma", "courtesy", 300, {"C1": "courtesy"}, ""),
    # 76 days late, yet never reminded: the first reminder. Deadline 9 April.
    ("2026-04-01", "Beta", "first", 200, {"B1": "first"}, ""),
    # 5 days before 10 April.
    ("2026-04-05", "Alpha", "courtesy", 100, {"A1": "courtesy"}, ""),
    # 5 days before 12 April; C1 is late by a day and reaches nothing yet.
    ("2026-04-07", "Gamma", "courtesy", 40, {"C2a": "courtesy"}, ""),
    # The day after B1's deadline. By letter too: deadline 10 + 2 + 8 = 20 April.
    ("2026-04-10", "Beta", "firm", 200, {"B1": "firm"}, ""),
    # C1 is 5 days late; C2a falls due tomorrow, so it is not mentioned. Deadline 19 April.
    ("2026-04-11", "Gamma", "first", 300, {"C1": "first"}, ""),
    # A1 is 5 days late. Deadline 23 April.
    ("2026-04-15", "Alpha", "first", 100, {"A1": "first"}, ""),
    # B2 is due on the 20th; its courtesy waited from the 15th, 7 days after the last message.
    ("2026-04-17", "Beta", "courtesy", 50, {"B2": "courtesy"}, ""),
    # The day after B1's deadline. B2, late since today, was never reminded. Deadline 1 May.
    ("2026-04-21", "Beta", "registered", 200, {"B1": "registered"}, "B2"),
    # A1 is 15 days late, its deadline is over. Deadline 25 April + 2 + 8 = 5 May.
    ("2026-04-25", "Alpha", "firm", 100, {"A1": "firm"}, ""),
    # B2 is 5 days late since the 25th; 7 days after the last message. Deadline 6 May.
    ("2026-04-28", "Beta", "first", 250, {"B1": None, "B2": "first"}, ""),
    # The promise ran through 30 April. Each item takes its own level. Deadline 11 May.
    ("2026-05-01", "Gamma", "firm", 340, {"C1": "firm", "C2a": "first"}, ""),
    # B1 is paid. B2 is 15 days late since the 5th, its deadline was the 6th. Deadline 17 May.
    ("2026-05-07", "Beta", "firm", 50, {"B2": "firm"}, ""),
    # 5 days before 12 May was the 7th; 7 days after the last message. Nothing overdue is due
    # for more before the 12th.
    ("2026-05-08", "Gamma", "courtesy", 40, {"C2b": "courtesy"}, ""),
    # A1 is 30 days late. Deadline 20 May.
    ("2026-05-10", "Alpha", "registered", 100, {"A1": "registered"}, ""),
    # The day after the deadline: C1 reaches the registered letter, C2a is taken along. C2b falls
    # due today, so it is not late.
    ("2026-05-12", "Gamma", "registered", 340, {"C1": "registered", "C2a": "registered"}, ""),
    # B1 came back unpaid on the 12th and starts anew; 7 days after the last message. B2 is
    # claimed again at its level. Deadline 22 May.
    ("2026-05-14", "Beta", "first", 250, {"B1": "first", "B2": None}, ""),
    # C2b is 5 days late since the 17th; 7 days after the last message. The payment, not yet
    # allocated, covers the oldest items exactly. Deadline 27 May.
    ("2026-05-19", "Gamma", "first", 40, {"C2b": "first"}, ""),
    # B2 is 30 days late since the 20th, and its deadline was the 17th; 7 days after the last
    # message. B1, reminded in its new cycle, is taken along.
    ("2026-05-21", "Beta", "registered", 250, {"B1": "registered", "B2": "registered"}, ""),
    # A1 is 45 days late and its deadline is over.
    ("2026-05-25", "Alpha", "formal_notice", 100, {"A1": "formal_notice"}, ""),
    # The day after C2b's deadline; it is 15 days late since the 27th.
    ("2026-05-28", "Gamma", "firm", 40, {"C2b": "firm"}, ""),
]


@tagged("post_install", "-at_install")
class TestTwoMonths(DunningCommon):
    chart_template = "fr"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.new_user("clerk", "account_dunning_fr.group_dunning_user")
        partners = {name: cls.customer(name) for name in ("Alpha", "Beta", "Gamma")}
        cls.partners = partners
        cls.moves = {
            "A1": cls.invoice(partners["Alpha"], "2026-04-10", 100),
            "B1": cls.invoice(partners["Beta"], "2026-01-15", 200),
            "B2": cls.invoice(partners["Beta"], "2026-04-20", 50),
            "C1": cls.invoice(partners["Gamma"], "2026-04-06", 300),
            "C2": cls.instalments(partners["Gamma"], "2026-04-12", "2026-05-12", 80),
        }
        cls.names = {cls.items(cls.moves[name]): name for name in ("A1", "B1", "B2", "C1")}
        first, second = cls.items(cls.moves["C2"])
        cls.names |= {first: "C2a", second: "C2b"}

    def live_through(self, text):
        """What happens on a day besides the scheduled actions."""
        gamma = self.partners["Gamma"]
        if text == "2026-04-14":
            self.hold(gamma, reason="promise", date_until="2026-04-30")
        elif text == "2026-04-30":
            self.pay(self.moves["B1"])
        elif text == "2026-05-12":
            debit = self.env["account.payment"].search(
                [("partner_id", "=", self.partners["Beta"].id)]
            )
            debit.action_draft()
            debit.action_cancel()
        elif text == "2026-05-15":
            self.payment(gamma, 340)

    def post_letters(self):
        """As the clerk does in the morning: print and post the letters to confirm."""
        letters = self.Notice.search([("state", "=", "draft"), ("send_registered", "=", True)])
        for notice in letters.with_user(self.clerk):
            notice.action_print()
            self.post(notice)

    def test_three_customers_are_chased_as_written_by_hand(self):
        today = day(START)
        while today <= day(END):
            with self.on(str(today)):
                self.live_through(str(today))
                self.run_day()
                self.post_letters()
            today += timedelta(days=1)
        notices = self.Notice.search([("state", "=", "sent")])
        sent = sorted(map(self.told, notices), key=itemgetter(0, 1))
        self.assertEqual(sent, sorted(EXPECTED, key=itemgetter(0, 1)))
        self.assertFalse(self.Notice.search([("state", "in", ("draft", "ready"))]))

    def told(self, notice):
        """Return a message as a row of ``EXPECTED``."""
        keys = {getattr(self, name): name for name in LEVELS}
        lines = notice.line_ids.filtered(lambda line: not line.drop_reason)
        claimed = {
            self.names[line.move_line_id]: keys.get(line.level_id)
            for line in lines.filtered("claimed").sorted("date_maturity")
        }
        listed = [self.names[line.move_line_id] for line in lines if not line.claimed]
        return (
            str(notice.date),
            notice.partner_id.name,
            keys[notice.level_id],
            notice.amount_total,
            claimed,
            " ".join(listed),
        )
