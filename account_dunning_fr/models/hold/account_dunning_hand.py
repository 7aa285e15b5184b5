from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

HANDS = [
    ("court", "Court file"),
    ("factor", "Factor"),
    ("agency", "Collection agency"),
    ("insurer", "Credit insurer"),
]
NAMED = 10  # number of items that a refusal names


class AccountDunningHand(models.Model):
    """Who has an item that is not in our hands: one at a time, by a unique index.

    Without a row the item is ours. What hands the item over, its owner, writes and ends the row;
    rows are kept, to show who had the item when. An item in another's hand may still be written
    about in that party's name: holds decide what is not chased.
    """

    _name = "account.dunning.hand"
    _description = "Item in Another's Hand"
    _inherit = ["account.dunning.guarded", "account.dunning.following"]
    _order = "since, id"
    _rec_name = "kind"

    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    date_maturity = fields.Date(string="Due date", readonly=True)
    kind = fields.Selection(HANDS, string="In the hands of", required=True, readonly=True)
    since = fields.Date(required=True, readonly=True)
    until = fields.Date(readonly=True, help="The day on which it came back. Empty: not yet.")

    _one_hand = models.UniqueIndex(
        "(move_line_id) WHERE until IS NULL",
        "One of these items is in another's hand already.",
    )
    _dates_order = models.Constraint(
        "CHECK (until IS NULL OR until >= since)",
        "An item cannot come back before it was handed over.",
    )

    # -- Taking and giving back --------------------------------------------------------------------

    @api.model
    def _take(self, kind, items, owner, since):
        """Put items into a hand, with full rights: the caller checks who may do so.

        :param str kind: a key of ``HANDS``
        :param items: ``account.move.line``
        :param owner: ``(field, record)``: the record that hands them over, and its field here
        :param date since: first day
        :raise UserError: if one is in a hand already: whose, since when and what to do
        """
        self._check_free(items)
        name, record = owner
        return self.sudo().create(
            [
                {
                    "company_id": item.company_id.sudo().dunning_creditor_id.id,
                    "move_id": item.move_id.id,
                    "move_line_id": item.id,
                    "date_maturity": item.date_maturity,
                    "kind": kind,
                    name: record.id,
                    "since": since,
                }
                for item in items
            ]
        )

    def _give_back(self, on):
        """End these on a day, not before the hand-over.

        :param date on: first day on which the items are ours again
        """
        for hand in self.sudo().filtered(lambda hand: not hand.until):
            hand.until = max(on, hand.since)

    @api.model
    def _get_live(self, items):
        """Return the current rows of these items, with full rights."""
        return self.sudo().search([("move_line_id", "in", items.ids), ("until", "=", False)])

    @api.model
    def _check_free(self, items):
        """:raise UserError: naming the items in a hand, whose it is and what to do"""
        if taken := self._get_live(items):
            sentences = [hand._get_sentence() for hand in taken[:NAMED]]
            if len(taken) > NAMED:
                sentences.append(self.env._("and %s others", len(taken) - NAMED))
            raise UserError(
                self.env._(
                    "An item is in one hand at a time:\n%s",
                    "\n".join(f"• {sentence}" for sentence in sentences),
                )
            )

    def _get_sentence(self):
        """Return who has the item, since when and how to get it back, in one sentence."""
        self.ensure_one()
        hand = self.with_context(lang=self.env.lang)
        return self.env._(
            "%(invoice)s, due on %(due)s: %(holder)s since %(since)s. %(advice)s",
            invoice=hand.move_id.name,
            due=format_date(self.env, hand.date_maturity) or "–",
            holder=hand._get_holder(),
            since=format_date(self.env, hand.since),
            advice=hand._get_advice(),
        )

    def _get_holder(self):
        """Return who has it, for the user; whatever hands it over has a name for that."""
        self.ensure_one()
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        owner = self._get_owner()
        return f"{kind}, {owner.display_name}" if owner else kind

    def _get_advice(self):
        """Return how to get the item back, for the user; each room has its own answer."""
        self.ensure_one()
        return self.env._("Take it back there first.")
