"""What a batch writes of its items, of many in one statement: the same as message by message."""

from functools import wraps
from itertools import product
from unittest.mock import patch

from odoo import models
from odoo.addons.account_dunning_fr.models.common.rows import write_alike
from odoo.addons.account_dunning_fr.models.common.upstream import SEQUENCES
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day

ITEMS = "odoo.addons.account_dunning_fr.models.notice.account_move_line.MANY"
ROWS = "odoo.addons.account_dunning_fr.models.common.rows.MANY"
DATED = {"ir_sequence_date": "2024-03-05"}
ODOO = "odoo.orm.models.UPDATE_BATCH_SIZE"  # rows that Odoo writes in one statement


@tagged("post_install", "-at_install")
class TestLevelsTogether(DunningCommon):
    def setUp(self):
        super().setUp()
        for name in (ROWS, ITEMS):
            self.startPatcher(patch(name, 2))

    def make_customers(self, name):
        """Return customers at two levels, with an item that will be paid and one left out."""
        new, chased, mixed, paying, choosing = (
            self.customer(f"{name} {rank}") for rank in range(5)
        )
        moves = {
            partner: self.invoices(*((partner, 20, 100 + rank) for rank in range(4)))
            for partner in (new, chased, mixed, paying, choosing)
        }
        self.history(self.first, "2026-05-20", *moves[chased])
        self.history(self.first, "2026-05-20", *moves[mixed][:2])
        self.start(self.courtesy, moves[mixed][3])
        self.prepare()
        kept_back = self.items(moves[choosing][0]).dunning_line_ids
        kept_back.action_leave_out()
        self.pay(moves[paying][1])
        return [(partner, moves[partner]) for partner in moves]

    def describe(self, customers):
        """Return what the database says of the items and of the lines of each customer."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT item.partner_id, move.amount_total, level.rank, item.write_uid, line.state,
                   taken.rank, line.claimed, line.drop_reason
              FROM account_move_line item
              JOIN account_move move ON move.id = item.move_id
              LEFT JOIN account_dunning_level level ON level.id = item.dunning_level_id
              LEFT JOIN account_dunning_notice_line line ON line.move_line_id = item.id
              LEFT JOIN account_dunning_level taken ON taken.id = line.level_id
             WHERE item.move_id = ANY(%s) AND item.display_type = 'payment_term'
             ORDER BY item.partner_id, move.amount_total, line.id
            """,
            [[move.id for _partner, moves in customers for move in moves]],
        )
        rows = self.env.cr.fetchall()
        ranks = {partner.id: rank for rank, (partner, _moves) in enumerate(customers)}
        return [(ranks[partner_id], *row) for partner_id, *row in rows]

    def check_cache(self, customers):
        """What is in memory is what the database has."""
        items = self.items(*(move for _partner, moves in customers for move in moves))
        moves, lines = items.move_id, items.dunning_line_ids

        def read():
            return (
                items.mapped(lambda item: (item.id, item.dunning_level_id.id, item.write_date)),
                moves.mapped(lambda move: (move.id, move.dunning_level_id.id)),
                lines.mapped(lambda line: (line.id, line.state, line.level_id.id)),
            )

        before = read()
        self.env.invalidate_all()
        self.assertEqual(read(), before)

    def send(self, *groups):
        for group in groups:
            group.sudo()._send_locked(day(TODAY))
            self.assertEqual(set(group.mapped("state")), {"sent"})

    def test_a_batch_writes_what_message_by_message_does(self):
        alone, together = self.make_customers("Alone"), self.make_customers("Together")
        self.send(*(self.live(partner) for partner, _moves in alone))
        batch = self.Notice.union(*(self.live(partner) for partner, _moves in together))
        self.assertEqual(len(batch), 5)
        self.send(batch)
        self.check_cache(alone + together)
        written = self.describe(together)
        self.assertEqual(written, self.describe(alone))
        by_customer = {}
        for customer, _amount, rank, *_others in written:
            by_customer.setdefault(customer, set()).add(rank)
        first, firm = self.first.rank, self.firm.rank
        # The item paid, and the one left out, took no level.
        self.assertEqual(
            by_customer,
            {0: {first}, 1: {firm}, 2: {first, firm}, 3: {first, None}, 4: {first, None}},
        )
        self.assertIn("cancelled", {row[4] for row in written})

    def test_many_items_at_one_level_take_as_many_statements_as_few(self):
        self.startPatcher(patch(ODOO, 2))

        def count(number):
            partner = self.customer(f"Customer {number}")
            self.invoices(*((partner, 20, 100 + rank) for rank in range(number)))
            self.prepare()
            notice = self.live(partner).sudo()
            self.env.flush_all()
            notice.line_ids.mapped("state")
            notice.line_ids.move_line_id.mapped("dunning_line_ids.level_id")

            def write():
                notice.state = "sent"
                self.env.flush_all()

            return self.count_queries(write)

        count(3)
        self.assertEqual(count(4), count(12))


@tagged("post_install", "-at_install")
class TestNumbersTogether(DunningCommon):
    """The references of a batch: each once, one after the other, whatever the sequence."""

    def setUp(self):
        super().setUp()
        self.sequence = self.env.ref("account_dunning_fr.sequence_notice")

    def draw(self, name):
        """Return the numbers of the references of a batch of three, then of one message."""
        partners = [self.customer(f"{name} {rank}") for rank in range(4)]
        self.invoices(*((partner, 20, 100) for partner in partners))
        self.prepare()
        notices = self.Notice.union(*(self.live(partner) for partner in partners)).sudo()
        for group in (notices[:3], notices[3]):
            group._send_locked(day(TODAY))
        self.assertEqual(set(notices.mapped("state")), {"sent"})
        return [int(name[-self.sequence.padding :]) for name in notices.mapped("name")]

    def check(self, name, step=1):
        drawn = self.draw(name)
        self.assertEqual(drawn, [drawn[0] + step * rank for rank in range(4)])

    def test_the_usual_sequence(self):
        self.check("Usual")

    def test_a_sequence_that_steps(self):
        self.sequence.number_increment = 5
        self.check("Stepping", 5)

    def test_a_sequence_without_gaps(self):
        self.sequence.implementation = "no_gap"
        self.check("Gapless")

    def test_a_sequence_of_each_year(self):
        self.sequence.use_date_range = True
        self.check("Yearly")

    def test_every_kind_of_sequence_numbers_as_odoo_does(self):
        kinds = product(("standard", "no_gap"), (False, True), (1, 5), (0, 6), ({}, DATED))
        for implementation, ranged, step, padding, context in kinds:
            kind = {
                "name": "Own",
                "implementation": implementation,
                "use_date_range": ranged,
                "number_increment": step,
                "number_next": 8,
                "padding": padding,
                "prefix": "%(range_year)s/%(y)s-%(current_month)s/",
                "suffix": "/%(range_month)s%(isoweek)s",
            }
            with self.subTest(**kind, **context):
                drawn, twin = self.env["ir.sequence"].create([kind] * 2).with_context(**context)
                alone = [twin.next_by_id() for _each in range(3)]
                self.assertEqual(drawn._draw_dunning(3), alone)
                self.assertEqual(drawn.next_by_id(), twin.next_by_id())

    def test_a_module_that_numbers_in_its_way_is_asked(self):
        for name in ("next_by_id", "_next", "_next_do"):
            usual = getattr(type(self.sequence), name)

            @wraps(usual)
            def number(sequence, *args, usual=usual, **kwargs):
                return f"OWN-{usual(sequence, *args, **kwargs)}"

            with self.subTest(method=name), patch.object(type(self.sequence), name, number):
                references = self.sequence._draw_dunning(3)
                self.assertEqual([each[:4] for each in references], ["OWN-"] * 3)
                self.assertEqual(len(set(references)), 3)

    def test_a_module_that_counts_in_its_way_is_asked(self):
        with patch(f"{SEQUENCES}._select_nextval", lambda cr, name: (4711,)):
            for reference in self.sequence._draw_dunning(2):
                self.assertIn("4711", reference)

    def test_the_usual_sequence_is_asked_once(self):
        def count(number):
            return self.count_queries(lambda: self.sequence._draw_dunning(number))

        count(1)
        self.assertEqual(count(3), count(40))


@tagged("post_install", "-at_install")
class TestWriteAlike(DunningCommon):
    """The last step of a flush, where the same is written to many rows."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch(ROWS, 2))
        partner = self.customer()
        self.found = self.items(*self.invoices(*((partner, 20, 100 + rank) for rank in range(6))))
        self.env.flush_all()

    def read(self, *names):
        self.env.flush_all()
        self.env.invalidate_all()
        return [tuple(item[name] for name in names) for item in self.found]

    def test_rows_with_other_values_keep_them(self):
        names = [*["Same"] * 4, "Other", "Else"]
        for item, name in zip(self.found, names, strict=True):
            item.name = name
        self.assertEqual(self.read("name"), [(name,) for name in names])

    def test_rows_that_are_written_alike_say_by_whom(self):
        biller = self.new_user("rows_biller", "account.group_account_invoice")
        self.env.cr.execute(
            "UPDATE account_move_line SET write_date = '2020-01-01', write_uid = 1 "
            "WHERE id = ANY(%s)",
            [self.found.ids],
        )
        self.env.invalidate_all()
        self.found.with_user(biller).sudo().no_followup = True
        written = self.read("no_followup", "write_uid", "write_date")
        self.assertEqual({row[:2] for row in written}, {(True, biller)})
        self.assertNotIn(2020, {row[2].year for row in written})

    def test_an_empty_value_is_written_to_all(self):
        names = ("dunning_start_level_id", "dunning_level_id")
        self.start(self.courtesy, *self.found.move_id)
        self.assertEqual(set(self.read(*names)), {(self.courtesy,) * 2})
        self.found.write({"dunning_start_level_id": False, "dunning_start_reason": False})
        self.assertEqual(set(self.read(*names)), {(self.courtesy.browse(),) * 2})

    def test_what_is_kept_by_key_keeps_its_other_keys(self):
        for number, item in enumerate(self.found):
            item.analytic_distribution = {str(number): 100.0}
        self.assertEqual(
            self.read("analytic_distribution"), [({str(number): 100.0},) for number in range(6)]
        )

    def test_a_value_that_is_no_key_is_left_to_odoo(self):
        vals_list = [{"name": ["a", "list"]}] * 3 + [{"name": "Same"}] * 3
        write = models.BaseModel._write_multi
        others, left = write_alike(self.found, vals_list, write)
        self.assertEqual((others, left), (self.found[:3], vals_list[:3]))

    def test_a_module_that_writes_in_its_way_is_left_with_all_rows(self):
        written = []

        def write(items, vals_list):
            written.extend(items.ids if items._name == self.found._name else [])
            return models.BaseModel._write_multi(items, vals_list)

        with patch.object(self.registry["base"], "_write_multi", write):
            self.found.no_followup = True
            self.env.flush_all()
        self.assertEqual(written, self.found.ids)
        self.assertEqual(set(self.read("no_followup")), {(True,)})
