from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.money import ZERO, to_decimal
from ...core.promises import covers
from ..common.due import RECEIVABLE_TEXT
from ..party.firms import name_firms

# The items of a customer that a promise or a payment plan may cover, for their forms.
OPEN_ITEMS = (
    "[('partner_id', 'child_of', partner_id), ('company_id', 'child_of', company_id),"
    " ('parent_state', '=', 'posted'),"
    f" {RECEIVABLE_TEXT}, ('reconciled', '=', False),"
    " ('amount_residual', '>', 0), ('dunning_penalty_id', '=', False)]"
)


class AccountDunningAgreement(models.AbstractModel):
    """What was recorded or agreed with a customer, and suspends dunning while it lasts.

    Base of disputes, promises and payment plans. Each owns the holds that it opens: nothing else
    stops dunning, and a hold ends with its owner.
    """

    _name = "account.dunning.agreement"
    _description = "Dunning Agreement"
    _inherit = [
        "account.dunning.retained",
        "mail.thread",
        "mail.activity.mixin",
        "account.dunning.guarded",
    ]
    _mail_post_access = "read"

    _hold_owner = None  # name of the field of the hold that refers to this model
    _reply_outcome = "agreed"  # outcome of the reply from which one is recorded

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        index=True,
        default=lambda self: self.env.company.dunning_creditor_id,
        writer="create draft",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        writer="create draft",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
    )
    note = fields.Text()
    reply_id = fields.Many2one(
        "account.dunning.reply",
        string="Answer",
        writer="create",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The answer of the customer from which it was recorded.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        name_firms(self.env, vals_list)
        agreements = super().create(vals_list)
        agreements.reply_id._settle(self._reply_outcome)
        agreements._check_chosen_items()
        return agreements

    def write(self, vals):
        result = super().write(vals)
        if "item_ids" in vals:
            self._check_chosen_items()
        return result

    def _check_chosen_items(self):
        """Check that what is agreed about is unpaid (``OPEN_ITEMS``), whoever chose it and how.

        Only when it is chosen: it may be paid afterwards.

        :raise ValidationError: naming an item that is not
        """
        if "item_ids" not in self._fields:
            return
        items = self.item_ids.sudo()
        owed = items._filter_dunning_receivable().filtered(
            lambda item: (
                item.parent_state == "posted"
                and item.amount_residual > 0
                and not item.dunning_penalty_id
            )
        )
        if wrong := items - owed:
            raise ValidationError(
                self.env._(
                    "“%s” is no unpaid item of an invoice: take it out.", wrong[0].display_name
                )
            )

    def _choose_items(self, chosen):
        """Return the chosen items of this customer, or else all that he owes overdue.

        An agreement has one currency: the creditor's, else that of the oldest item.

        :param chosen: ``account.move.line`` records
        """
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        chosen = chosen.filtered(lambda item: item.partner_id.commercial_partner_id == partner)
        if partner and self.company_id and not chosen:
            due = self._get_overdue_items(partner, self.company_id)
            own = due.filtered(lambda item: item.currency_id == self.company_id.currency_id)
            return own or due.filtered(lambda item: item.currency_id == due[0].currency_id)
        return chosen

    def _check_agreed_items(self, *, without, in_several):
        """Check that the items of promises or plans belong to their customer and their creditor.

        :param str without: error message if no item is chosen
        :param str in_several: error message for items in several currencies
        :raise ValidationError: if one of these is not the case
        """
        for agreement in self:
            items = agreement.item_ids
            agreement.company_id._check_dunning_owed(items)
            if not items:
                raise ValidationError(without)
            if len(items.currency_id) > 1:
                raise ValidationError(in_several)
            if items.partner_id.commercial_partner_id != agreement.partner_id:
                raise ValidationError(self.env._("Choose items of this customer."))

    def _get_owed_items(self):
        """Return the items that the customer still has to pay or paid: the books may have changed.

        Not those of an invoice that was cancelled, or corrected to another customer. An invoice
        that is in draft for a moment counts.
        """
        customer = self.partner_id.commercial_partner_id
        return self.item_ids.sudo().filtered(
            lambda item: (
                item.parent_state != "cancel" and item.partner_id.commercial_partner_id == customer
            )
        )

    def _is_settled(self):
        """Whether none of the items is open any more, however they were paid or credited.

        What was lost or moved to doubtful customers since is neither.
        """
        items = self._get_owed_items()
        if not items or not all(
            item.reconciled and item.parent_state == "posted" for item in items
        ):
            return False
        self.env.flush_all()
        since, until = self._get_counted_days()
        asked = (self.id, self.company_id.sudo(), self.partner_id, items.currency_id[:1])
        matched = self.env["account.dunning.money.received"]._get_matched(
            [(*asked, items, since, until or since, ZERO)]
        )
        return matched[self.id].given_up <= 0

    def _get_rivals(self, since):
        """Return the other agreements that count the same unallocated money: it counts once.

        :param date since: none that ended before this day
        """
        return self.sudo().search(
            [
                ("id", "not in", self.ids),
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                *self._get_rival_domain(since),
            ]
        )

    def _get_holds(self):
        """Return the holds that these records opened and that were not released."""
        return (
            self.env["account.dunning.hold"]
            .sudo()
            .search([(self._hold_owner, "in", self.ids), ("released_on", "=", False)])
        )

    def _open_holds(self, vals_list):
        """Open holds that end with this record.

        Where it held before, and goes on after it ended or was changed, it holds from today on: a
        past day sees what stood on it.

        :param list vals_list: values of each hold, besides who and for whom
        :return: ``account.dunning.hold``
        """
        self.ensure_one()
        holds = self.env["account.dunning.hold"].sudo()
        if holds.search_count([(self._hold_owner, "=", self.id)], limit=1):
            today = self.company_id.sudo()._get_dunning_today()
            vals_list = [
                {**vals, "date_from": max(vals["date_from"], today)}
                for vals in vals_list
                if not vals.get("date_until") or vals["date_until"] >= today
            ]
        common = {
            self._hold_owner: self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "user_id": self.env.user.id,
        }
        return holds.create([common | vals for vals in vals_list])

    def _release_holds(self):
        self._get_holds().with_user(self.env.user).sudo()._release()

    def _check_open(self, states):
        """:raise UserError: if one of the records is in none of these states"""
        if any(record.state not in states for record in self):
            raise UserError(self.env._("This is closed already: load the page again."))

    def _was_kept_by(self, gone):
        """Return those of these kept agreements that were kept by this money, now gone.

        Without it they lack something, with it nothing; what was settled since lacks nothing.

        :param dict gone: ``{agreement: Decimal}``, the part of it that each received in time
        """
        received = self._get_received()

        def is_kept(agreement, amount):
            tolerance = to_decimal(agreement.company_id.sudo().dunning_promise_amount)
            return covers(amount, to_decimal(agreement.amount), tolerance)

        return self.filtered(
            lambda one: (
                not one._is_settled()
                and not is_kept(one, received[one.id])
                and is_kept(one, received[one.id] + gone[one])
            )
        )

    @api.model
    def _get_overdue_items(self, partner, creditor):
        """Return the open overdue items of a customer, oldest first.

        :param partner: commercial partner
        :param creditor: ``res.company``, on whose day they are overdue
        """
        return self.env["account.move.line"].search(
            self.env["account.move.line"]._get_dunning_domain(
                creditor._get_dunning_companies(), partner.commercial_partner_id
            )
            & fields.Domain("dunning_due", "<", creditor._get_dunning_today()),
            order="date_maturity, id",
        )

    @api.model
    def _prepare_item_holds(self, items):
        """Return the values of the holds that stop exactly these items, as few as possible.

        An invoice whose open instalments are all among them is put on hold as a whole.
        """
        vals_list = []
        for move, group in items.grouped("move_id").items():
            open_items = move.line_ids._filter_dunning_receivable().filtered(
                lambda line: not line.reconciled
            )
            if open_items <= group:
                vals_list.append({"move_id": move.id})
            else:
                vals_list += [{"move_id": move.id, "move_line_id": item.id} for item in group]
        return vals_list
