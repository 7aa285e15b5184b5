"""The set-based plan against the plain rules of the core, on a ledger drawn at random.

The ledger is drawn once (fixed seed); both sides then plan it on several days. The core is asked
item by item, as its docstrings say; nothing of the plan's own query is used to foresee its answer.
"""

import random
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import Command
from odoo.addons.account_dunning_fr.core.credits import (
    RATE_MARGIN,
    Credit,
    OpenItem,
    allocate,
    share,
)
from odoo.addons.account_dunning_fr.core.schedule import Level, next_level, reached_level
from odoo.addons.account_dunning_fr.core.spec.composition import Item, compose
from odoo.addons.account_dunning_fr.core.spec.returned_money import Movement, take_back
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day

SEED = 20260601
CUSTOMERS = 25
DAYS = (0, 1, 4, 9, 15, 30)  # days after TODAY on which both sides plan
OTHER_POLICY = (
    (-10, "courtesy"),
    (-2, "courtesy"),
    (3, "reminder"),
    (12, "reminder"),
    (20, "registered"),
    (28, "registered"),
    (60, "formal_notice"),
)


class Answer(NamedTuple):
    """What both sides say of one item."""

    covered: Decimal
    held: Decimal
    next_level: int
    reached: bool
    role: str
    takes: int
    tone: int


class DrawnLedger(DunningCommon):
    """A ledger of some customers, drawn at random from a fixed seed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draw = random.Random(SEED)
        cls.dollar = cls.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        cls.other = cls.new_policy(*OTHER_POLICY, min_interval=10, min_amount=40)
        cls.partners = [cls.draw_customer(number) for number in range(CUSTOMERS)]
        cls.debts = cls.env["account.move"]
        cls.credits = cls.env["account.move"]
        for partner in cls.partners:
            cls.draw_ledger(partner)
        cls.back = cls.env["account.move"]
        cls.advances = cls.env["account.move"]
        cls.draw_money()
        (cls.debts | cls.credits | cls.back | cls.advances).action_post()
        cls.due_items = cls.items(*cls.debts)
        for item in cls.draw.sample(list(cls.due_items), 15):
            item.sudo().dunning_cycle = 1
        for partner in cls.partners:
            cls.draw_history(partner)
        cls.draw_stops()
        cls.env.flush_all()

    # -- The ledger --------------------------------------------------------------------------------

    @classmethod
    def draw_customer(cls, number):
        policy = cls.draw.choice([cls.env["account.dunning.policy"], cls.other, cls.policy])
        return cls.customer(f"Client {number}", dunning_policy_id=policy.id)

    @classmethod
    def draw_amount(cls, most=90000):
        return cls.draw.randint(500, most) / 100

    @classmethod
    def draw_ledger(cls, partner):
        """Draw invoices of one to three instalments, and credits referring to some of them."""
        for _ in range(cls.draw.randint(1, 5)):
            currency = cls.draw.choice([cls.company.currency_id] * 3 + [cls.dollar])
            last = cls.draw.randint(-75, 12)
            dues = [
                day(TODAY) + timedelta(days=last + 20 * index)
                for index in range(cls.draw.randint(1, 3))
            ]
            debt = cls.entry(partner, currency, [(due, cls.draw_amount()) for due in dues])
            cls.debts |= debt
            if cls.draw.random() < 0.25:
                credit = cls.entry(partner, currency, [(day(TODAY), -cls.draw_amount(60000))])
                credit.reversed_entry_id = cls.draw.choice([debt, cls.env["account.move"]])
                cls.credits |= credit

    @classmethod
    def entry(cls, partner, currency, dues):
        """Create an entry of the sales journal with these receivable items."""
        rate = Decimal("1.25") if currency == cls.dollar else Decimal(1)

        def line(amount, **values):
            balance = float(round(Decimal(str(amount)) / rate, 2))
            return Command.create(
                {
                    "amount_currency": amount,
                    "balance": balance,
                    "currency_id": currency.id,
                    "partner_id": partner.id,
                    **values,
                }
            )

        receivable = cls.company_data["default_account_receivable"].id
        lines = [line(amount, account_id=receivable, date_maturity=due) for due, amount in dues]
        return cls.env["account.move"].create(
            {
                "move_type": "entry",
                "partner_id": partner.id,
                "journal_id": cls.sales.id,
                "date": dues[0][0] - timedelta(days=30),
                "line_ids": lines
                + [line(-amount, account_id=cls.income.id) for _due, amount in dues],
            }
        )

    @classmethod
    def draw_money(cls):
        """Draw money that went back, receipts that it came from, and advances on 4191.

        With a generator of their own: what is drawn before and after them stays as it is.
        """
        draw = random.Random(SEED + 1)
        advances = cls.env["account.account"].create(
            {
                "code": "419100",
                "name": "Advances",
                "account_type": "liability_current",
                "reconcile": True,
            }
        )
        debtors = cls.company_data["default_account_receivable"]
        # Of those who are late anyway: the few courtesies of the draw stay.
        late = cls.debts.line_ids.filtered(
            lambda line: line.date_maturity and line.date_maturity < day(TODAY)
        )
        partners = list(late.partner_id)
        for partner in draw.sample(partners, min(10, len(partners))):
            on = day(TODAY) - timedelta(days=draw.randint(1, 40))
            amount = draw.randint(500, 60000) / 100
            cls.back |= cls.simple_entry(cls.bank, on, partner, debtors, amount)
            if draw.random() < 0.7:  # the payment that came back, or another sum
                paid = amount if draw.random() < 0.5 else draw.randint(500, 60000) / 100
                received = cls.entry(partner, cls.company.currency_id, [(on, -paid)])
                cls.credits |= received
        for partner in draw.sample(partners, min(8, len(partners))):
            on = day(TODAY) - timedelta(days=draw.randint(1, 40))
            amount = -draw.randint(500, 60000) / 100
            journal = cls.company_data["default_journal_misc"]
            cls.advances |= cls.simple_entry(journal, on, partner, advances, amount)

    @classmethod
    def simple_entry(cls, journal, on, partner, account, amount):
        lines = ((account.id, amount), (cls.income.id, -amount))
        return cls.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": on,
                "line_ids": [
                    Command.create({"account_id": each, "partner_id": partner.id, "balance": sum_})
                    for each, sum_ in lines
                ],
            }
        )

    @classmethod
    def draw_history(cls, partner):
        """Draw messages sent before, each with some items, which climb from one to the next."""
        items = [item for item in cls.due_items if item.partner_id == partner]
        levels = cls.draw.choice([cls.policy, cls.other]).level_ids.sorted("rank")
        steps = sorted(cls.draw.sample(range(len(levels)), cls.draw.randint(0, 3)))
        on = day(TODAY) - timedelta(days=cls.draw.randint(35, 60))
        for step in steps:
            on += timedelta(days=cls.draw.randint(1, 15))
            chosen = cls.draw.sample(items, cls.draw.randint(1, len(items)))
            cls.draw_notice(levels[step], min(on, day("2026-05-31")), chosen)

    @classmethod
    def draw_notice(cls, level, on, items):
        deadline = on + timedelta(days=cls.draw.randint(0, 20))
        cls.history(
            level,
            on,
            items=cls.due_items.browse(item.id for item in items),
            deadline=None if level.kind == "courtesy" else deadline,
        )

    @classmethod
    def draw_stops(cls):
        """Draw holds on customers, invoices and items, excluded and blocked ones, start levels."""
        for partner in cls.draw.sample(cls.partners, 3):
            until = day(TODAY) + timedelta(days=cls.draw.randint(0, 20))
            cls.hold(partner, date_until=until)
        for move in cls.draw.sample(list(cls.debts), 4):
            cls.hold(
                move_id=move.id, claims_before=move.date + timedelta(days=cls.draw.choice((0, 1)))
            )
        for item in cls.draw.sample(list(cls.due_items), 5):
            cls.hold(move_id=item.move_id.id, move_line_id=item.id)
        for item in cls.draw.sample(list(cls.due_items), 5):
            item.no_followup = True
        for item in cls.draw.sample(list(cls.due_items), 12):
            level = cls.draw.choice([cls.first, cls.firm])
            item.write({"dunning_start_level_id": level.id, "dunning_start_reason": "Known"})
        blocked = cls.draw.sample(list(cls.debts), 3)
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE account_move SET payment_state = 'blocked' WHERE id IN %s",
            (tuple(move.id for move in blocked),),
        )
        cls.env.invalidate_all()
        for move in cls.draw.sample(list(cls.debts), 10):
            cls.hold(move_id=move.id, amount_held=cls.draw_amount(60000))
        for item in cls.draw.sample(list(cls.due_items), 10):
            cls.hold(
                move_id=item.move_id.id, move_line_id=item.id, amount_held=cls.draw_amount(60000)
            )


@tagged("post_install", "-at_install")
class TestPlanAgainstCore(DrawnLedger):
    # -- The core's answer -------------------------------------------------------------------------

    def core_level(self, level):
        return Level(level.kind, level.days, level.id) if level else None

    def foresee(self, today):
        """Return ``{item: Answer}`` by the rules of the core."""
        answers = {}
        for partner in self.partners:
            answers |= self.foresee_customer(partner, today)
        return answers

    def foresee_customer(self, partner, today):
        items = (self.due_items + self.items(*self.back)).filtered(
            lambda item: item.partner_id == partner
        )
        held = self.foresee_parts(items)
        covered = self.foresee_credits(partner, items, held)
        policy = partner.dunning_policy_id or self.policy
        levels = [self.core_level(level) for level in policy.level_ids]
        sent = self.Notice.search([("partner_id", "=", partner.id), ("state", "=", "sent")])
        last_on = max(sent.filtered(lambda n: n.kind != "courtesy").mapped("date"), default=None)
        drawn, foreseen = [], {}
        for item in items:
            present, deadline = self.present_level(item)
            arguments = levels, present, self.due(item), today
            following = next_level(*arguments)
            reached = reached_level(*arguments, last_on, policy.min_interval, deadline)
            residual = Decimal(str(item.amount_residual_currency))
            # What is left may be disputed as a whole: unpaid, and not chased.
            disputed = held[item] and covered[item] >= residual - held[item]
            stopped = self.is_stopped(item, today) or bool(disputed)
            still_open = covered[item] < residual
            drawn.append(Item(item.id, self.due(item), present, reached, still_open, stopped))
            foreseen[item] = (
                covered[item],
                held[item],
                following and following.key,
                bool(reached and still_open and not stopped),
            )
        notice = compose(drawn, today, overdue_notice_today=bool(last_on and last_on >= today))
        if notice and self.claimed_total(notice, items, covered, held) < Decimal(
            str(policy.min_amount)
        ):
            notice = None
        lines = {line.key: line for line in notice.lines} if notice else {}
        answers = {}
        for item, values in foreseen.items():
            line = lines.get(item.id)
            answers[item.id] = Answer(
                *values,
                line and ("claimed" if line.claimed else "info"),
                line and line.level and line.level.key,
                line and notice.level.key,
            )
        return answers

    def foresee_parts(self, items):
        """Return ``{item: part on hold}``: its own, then its share of its invoice's part."""
        parts = self.env["account.dunning.hold"].search([("amount_held", ">", 0)])
        held = {}
        for move, group in items.grouped("move_id").items():
            mine = parts.filtered(lambda hold, move=move: hold.move_id == move)
            rooms = []
            for item in group:
                residual = Decimal(str(item.amount_residual_currency))
                own = mine.filtered(lambda hold, item=item: hold.move_line_id == item)
                held[item] = min(residual, Decimal(str(round(sum(own.mapped("amount_held")), 2))))
                rooms.append(OpenItem(item, move, self.due(item), residual - held[item]))
            whole = mine.filtered(lambda hold: not hold.move_line_id)
            amount = Decimal(str(round(sum(whole.mapped("amount_held")), 2)))
            # A part of an invoice is shared out as a credit on it would be: the oldest due first.
            rooms = [room._replace(key=room.key.id) for room in rooms]
            shares = allocate(rooms, [Credit(amount, move)]).covered
            for item in group:
                held[item] += shares[item.id]
        return held

    def due(self, item):
        return item.date_maturity or item.date

    def foresee_credits(self, partner, items, held):
        """Return ``{item: amount covered}``: what is surely his payment, then what may be."""
        received = self.items(*self.credits).filtered(lambda c: c.partner_id == partner)
        covered, surplus = {}, []
        currencies = items.currency_id | received.currency_id
        for currency in currencies:
            mine = received.filtered(lambda c, currency=currency: c.currency_id == currency)
            group = items.filtered(lambda item, currency=currency: item.currency_id == currency)
            sure, left = self.foresee_sure(group, mine, held)
            covered |= sure
            surplus.append((currency, left))
        return self.foresee_possible(partner, items, held, covered, surplus)

    def foresee_sure(self, items, received, held):
        """Return what the money of one currency covers, and the value of what it leaves."""
        amounts = {line: Decimal(str(-line.amount_residual_currency)) for line in received}
        back = items.filtered(lambda item: item.move_id in self.back)
        left, met = take_back(
            [Movement(line.id, amounts[line], line.date) for line in received],
            [
                Movement(item.id, Decimal(str(item.amount_residual_currency)), item.date)
                for item in back
            ],
        )
        credits = [
            Credit(left[line.id], line.move_id.reversed_entry_id.id or None) for line in received
        ]
        owed = [
            OpenItem(
                item.id,
                item.move_id.id,
                self.due(item),
                Decimal(str(item.amount_residual_currency)) - met.get(item.id, Decimal(0)),
                held[item],
            )
            for item in items
        ]
        allocation = allocate(owed, credits)
        whole = sum(left.values())
        value = sum(
            Decimal(str(-line.amount_residual)) * left[line.id] / amounts[line] for line in received
        )
        covered = {
            item: allocation.covered[item.id] + met.get(item.id, Decimal(0)) for item in items
        }
        return covered, value * allocation.left / whole if whole else Decimal(0)

    def foresee_possible(self, partner, items, held, covered, surplus):
        """Add what an advance, or money left in another currency, may cover by its value."""
        lines = self.advances.line_ids.filtered(
            lambda line: line.partner_id == partner and line.account_id.code == "419100"
        )
        sources = [
            (line.currency_id, Decimal(str(-line.amount_residual))) for line in lines
        ] + surplus
        money = [
            Credit(round(value * (RATE_MARGIN if items.currency_id - currency else 1), 6))
            for currency, value in sources
        ]
        left, values = {}, {}
        for item in items:
            residual = Decimal(str(item.amount_residual_currency))
            left[item] = residual - held[item] - covered[item]
            values[item] = round(Decimal(str(item.amount_residual)) * left[item] / residual, 6)
        owed = [OpenItem(item.id, None, self.due(item), values[item]) for item in items]
        shares = allocate(owed, money).covered
        return {
            item: covered[item] + share(left[item], values[item], shares[item.id], 2)
            for item in items
        }

    def present_level(self, item):
        """Return the level of an item and the deadline that was printed with it."""
        lines = item.sudo().dunning_line_ids.filtered(
            lambda line: line.state == "sent" and line.cycle == item.dunning_cycle
        )
        taken = [
            (self.core_level(line.level_id), line.notice_id.deadline or None) for line in lines
        ]
        start = self.core_level(item.dunning_start_level_id)
        highest = max(taken, key=lambda pair: pair[0], default=(None, None))
        return (start, None) if start and (not taken or start > highest[0]) else highest

    def is_stopped(self, item, today):
        if item.no_followup or item.move_id.payment_state == "blocked":
            return True
        holds = self.env["account.dunning.hold"].search(
            [
                ("partner_id", "=", item.partner_id.id),
                ("released_on", "=", False),
            ]
        )
        return any(
            not hold.amount_held
            and (not hold.move_id or hold.move_id == item.move_id)
            and (not hold.move_line_id or hold.move_line_id == item)
            and hold.date_from <= today
            and (not hold.date_until or today <= hold.date_until)
            and (not hold.claims_before or item.move_id.date < hold.claims_before)
            for hold in holds
        )

    def claimed_total(self, notice, items, covered, held):
        """Return the total claimed, in the company's currency."""
        total = Decimal(0)
        for line in notice.lines:
            if line.claimed:
                item = items.browse(line.key)
                residual = Decimal(str(item.amount_residual_currency))
                share = (residual - held[item] - covered[item]) / residual
                total += round(Decimal(str(item.amount_residual)) * share, 2)
        return total

    # -- The comparison ----------------------------------------------------------------------------

    def test_the_plan_agrees_with_the_core_item_by_item(self):
        seen = set()
        for offset in DAYS:
            today = day(TODAY) + timedelta(days=offset)
            planned = {
                row.move_line_id: Answer(
                    Decimal(f"{row.credit_amount:.2f}"),
                    Decimal(f"{row.held_amount:.2f}"),
                    row.next_level_id,
                    bool(row.reached),
                    row.final_role,
                    row.take_level_id if row.final_role else None,
                    row.tone_level_id if row.final_role else None,
                )
                for row in self.plan._simulate(self.company, today=today)
            }
            foreseen = self.foresee(today)
            self.assertEqual(set(planned), set(foreseen))
            differences = {
                item_id: (planned[item_id], answer)
                for item_id, answer in foreseen.items()
                if planned[item_id] != answer
            }
            self.assertEqual(differences, {}, f"plan and core on {today}")
            for answer in foreseen.values():
                tone = self.env["account.dunning.level"].browse(answer.tone)
                seen.add((tone.kind, answer.role, bool(answer.takes)))
        self.assert_drawn_widely(seen)

    def assert_drawn_widely(self, seen):
        """Check that the draw shows every case: a lucky ledger would prove nothing."""
        self.assertGreaterEqual(len(self.due_items), 130)
        for kind in ("courtesy", "reminder", "registered", "formal_notice"):
            self.assertIn((kind, "claimed", True), seen)
        for kind in ("registered", "formal_notice"):
            self.assertIn((kind, "info", False), seen)
        self.assertIn(("reminder", "claimed", False), seen)

    def test_the_simulation_is_what_the_run_writes(self):
        rows = [row for row in self.plan._simulate(self.company) if row.final_role]
        counts = self.env["account.dunning.notice.draft"]._follow_plan(self.company)
        notices = self.Notice.search([("state", "in", ("draft", "ready"))])
        self.assertEqual(counts["created"], len({row.partner_id for row in rows}))
        written = {
            line.move_line_id.id: (
                line.partner_id.id,
                line.notice_id.level_id.id,
                line.claimed,
                line.level_id.id or None,
                round(line.amount_residual, 2),
                round(line.amount_held, 2),
                round(line.amount_credit, 2),
                round(line.amount_due, 2),
            )
            for line in notices.line_ids
        }
        simulated = {
            row.move_line_id: (
                row.partner_id,
                row.tone_level_id,
                row.final_role == "claimed",
                row.take_level_id,
                float(row.residual),
                float(row.held_amount),
                float(row.credit_amount),
                float(row.due_amount or 0),
            )
            for row in rows
        }
        self.assertEqual(written, simulated)
        self.assertGreater(len(written), 30)
        totals = defaultdict(float)
        for row in rows:
            totals[row.partner_id] += float(row.due_company or 0)
        for notice in notices:
            self.assertAlmostEqual(notice.amount_total, totals[notice.partner_id.id], 2)

    def test_the_simulation_writes_nothing(self):
        self.plan._simulate(self.company)
        self.assertFalse(self.Notice.search([("state", "in", ("draft", "ready"))]))

    def test_one_customer_alone_is_planned_as_among_all(self):
        everybody = self.plan._simulate(self.company)
        for partner in self.partners[:5]:
            alone = self.plan._simulate(self.company, partners=partner)
            among = [row for row in everybody if row.partner_id == partner.id]
            self.assertEqual(
                sorted(alone, key=lambda row: row.move_line_id),
                sorted(among, key=lambda row: row.move_line_id),
            )

    def test_the_money_that_is_surely_a_customer_s_is_found_by_a_look(self):
        rows = [row for partner in self.partners for row in self.assert_sure_money(partner)]
        self.assertGreater(len(rows), 10)
        everybody = self.env["res.partner"].union(*self.partners)
        self.assertCountEqual(self.assert_sure_money(everybody), rows)
