from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_amount

from ...models.common.notifications import CLOSE, name_skipped, notify
from ...models.notice.account_dunning_choice import AGAIN, CHOICES, FREE, LEVEL, PLAN


class AccountDunningChase(models.TransientModel):
    """« Chase now »: shows beforehand what some customers will receive, and who is skipped."""

    _name = "account.dunning.chase"
    _inherit = ["account.dunning.dialog"]
    _description = "Chase Customers Now"

    move_ids = fields.Many2many("account.move", string="Invoices")
    partner_ids = fields.Many2many("res.partner", string="Customers")
    customer_count = fields.Integer(compute="_compute_offers")
    proposed = fields.Selection(CHOICES, compute="_compute_offers")
    # What the dialog proposes is computed before it is created: the search that gathers the offers
    # flushes pending values, and would store the proposal being computed as empty.
    choice = fields.Selection(
        CHOICES,
        compute="_compute_choice",
        store=True,
        precompute=True,
        readonly=False,
        string="What is written",
    )
    allowed_level_ids = fields.Many2many("account.dunning.level", compute="_compute_offers")
    level_id = fields.Many2one(
        "account.dunning.level",
        compute="_compute_level_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('id', 'in', allowed_level_ids)]",
    )
    present_level = fields.Char(string="Present level", compute="_compute_offers")
    force = fields.Boolean(
        string="All the same", help="Before the interval of the policy ends, or below its minimum."
    )
    reason = fields.Char()
    may_send = fields.Boolean(compute="_compute_may_send")
    skipped_text = fields.Text(string="Skipped", compute="_compute_skipped")
    left_count = fields.Integer(string="Customers written to", compute="_compute_skipped")
    foreseen_text = fields.Text(
        string="Today",
        compute="_compute_skipped",
        help="The level that the policy sends today, how it leaves, and what it claims.",
    )
    overridable = fields.Boolean(compute="_compute_skipped")
    subject = fields.Char()
    body = fields.Html(string="Text", sanitize="email_outgoing")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    recipient_id = fields.Many2one(
        "res.partner", compute="_compute_recipient_id", store=True, precompute=True, readonly=False
    )
    partner_id = fields.Many2one("res.partner", compute="_compute_offers")
    has_email = fields.Boolean(compute="_compute_has_email")
    email_missing = fields.Boolean(compute="_compute_email_missing")
    email = fields.Char(string="E-mail")

    # -- Of whom -----------------------------------------------------------------------------------

    def _get_groups(self):
        """Return the selection by creditor: list of (creditor, customers, items)."""
        self.ensure_one()
        if not self.move_ids:
            creditor = self.env.company.dunning_creditor_id
            customers = self.partner_ids._origin.commercial_partner_id
            return [(creditor, customers, None)]
        groups = self.move_ids._origin.grouped(lambda move: move.company_id.dunning_creditor_id)
        return [
            (creditor, moves.commercial_partner_id, moves.line_ids._filter_dunning_receivable())
            for creditor, moves in groups.items()
        ]

    def _get_offers(self):
        """Return ``[(creditor, offers, items)]``, with the access rights of the user."""
        notices = self.env["account.dunning.notice"]
        notices.check_access("write")
        return [
            (creditor, notices._get_offers(creditor, customers, items), items)
            for creditor, customers, items in self._get_groups()
        ]

    @api.depends("move_ids", "partner_ids")
    def _compute_offers(self):
        for dialog in self:
            offers = [offer for _creditor, found, _items in dialog._get_offers() for offer in found]
            levels = self.env["account.dunning.level"].union(*(offer.levels for offer in offers))
            dialog.allowed_level_ids = levels
            dialog.customer_count = len(offers)
            alone = offers[0] if len(offers) == 1 else None
            dialog.partner_id = alone and alone.partner
            dialog.present_level = alone and alone.level.name
            dialog.proposed = self._propose(offers)

    @api.model
    def _propose(self, offers):
        """Propose what the policy sends today, or else the next level, or else the same again."""
        if any(offer.today for offer in offers):
            return PLAN
        if any(offer.levels for offer in offers) and not any(offer.deadline for offer in offers):
            return LEVEL
        return AGAIN if any(offer.level for offer in offers) else FREE

    @api.depends("proposed")
    def _compute_choice(self):
        for dialog in self:
            dialog.choice = dialog.proposed

    @api.depends("allowed_level_ids")
    def _compute_level_id(self):
        for dialog in self:
            dialog.level_id = dialog.allowed_level_ids.sorted("rank")[:1]

    def _compute_may_send(self):
        self.may_send = self.env.user.has_group("account_dunning_fr.group_dunning_user")

    @api.depends("choice", "level_id", "move_ids", "partner_ids", "force")
    def _compute_skipped(self):
        for dialog in self:
            kept, skipped, overridable = dialog._split()
            dialog.skipped_text = name_skipped(self.env, skipped)
            dialog.left_count = sum(len(offers) for _creditor, offers, _items in kept)
            dialog.overridable = overridable
            dialog.foreseen_text = dialog.choice == PLAN and dialog._describe_foreseen(kept)

    def _split(self):
        """Return whom the choice reaches, who is skipped and why, and whether it may be forced.

        :return: ``[(creditor, offers, items)]``, ``[(name, reason)]``, bool
        """
        self.ensure_one()
        notices = self.env["account.dunning.notice"]
        kept, skipped, overridable = [], [], False
        level = self.level_id._origin  # also while the form is being filled in
        for creditor, offers, items in self._get_offers():
            reached = []
            for offer in offers:
                sentence, soft = notices._weigh(creditor, offer, self.choice, level)
                overridable |= bool(sentence) and soft
                if sentence and not (soft and self.force):
                    skipped.append((offer.partner.display_name, sentence))
                else:
                    reached.append(offer)
            if reached:
                kept.append((creditor, reached, items))
        return kept, skipped, overridable

    def _describe_foreseen(self, kept):
        """Return what the policy sends today: a line per level, with its channels and amount.

        :param kept: list of (creditor, offers, items), those that are written to
        """
        lines = []
        for creditor, offers, _items in kept:
            by_level = defaultdict(list)
            for offer in offers:
                by_level[offer.today].append(offer)
            for level, found in sorted(by_level.items(), key=lambda pair: pair[0].rank):
                total = sum(offer.today_total for offer in found)
                amount = format_amount(self.env, total, creditor.currency_id)
                parts = [level.name, level.channels]
                if len(offers) > 1:
                    parts.append(self.env._("%s customers", len(found)))
                lines.append(" – ".join([*filter(None, parts), amount]))
        return "\n".join(lines)

    # -- To whom -----------------------------------------------------------------------------------

    @api.depends("move_ids", "partner_ids")
    def _compute_recipient_id(self):
        for dialog in self:
            partner = dialog.partner_id
            moves = dialog.move_ids._origin
            dialog.recipient_id = partner and partner._get_dunning_recipient(moves)

    @api.depends("recipient_id")
    def _compute_has_email(self):
        for dialog in self:
            dialog.has_email = bool(dialog.recipient_id.email_normalized)

    @api.depends("move_ids", "partner_ids")
    def _compute_email_missing(self):
        for dialog in self:
            dialog.email_missing = bool(dialog._get_customers()._get_dunning_without_email())

    def _get_customers(self):
        return (self.move_ids.commercial_partner_id | self.partner_ids)._origin

    def action_type_emails(self):
        """Open the list to type the missing e-mail addresses."""
        return self._get_customers().action_dunning_type_emails()

    # -- Done --------------------------------------------------------------------------------------

    def _prepare_messages(self):
        """Prepare the chosen notices.

        :return: (the notices, the customers skipped with their reasons)
        """
        self.ensure_one()
        notices = self.env["account.dunning.notice"]
        kept, skipped, _overridable = self._split()
        for creditor, offers, items in kept:
            if self.choice == PLAN:
                customers = self.env["res.partner"].union(*(offer.partner for offer in offers))
                notices |= notices._chase(creditor, customers)
            else:
                notices |= notices._choose(
                    creditor, offers, self.choice, self.level_id, items, self.reason
                )
        self._fill_in(notices)
        return notices, skipped

    def _fill_in(self, notices):
        """Write on the notices what was typed in the dialog, with the rights of its user."""
        recipient = self.recipient_id
        if len(notices) == 1 and recipient:
            if self.email and not recipient.email_normalized:
                recipient.email = self.email
            if notices.recipient_id != recipient:
                notices.recipient_id = recipient
        if self.choice == FREE:
            for notice in notices:
                texts = {"subject": self.subject, "body": self.body}
                files = [fields.Command.set(self.attachment_ids.ids)]
                notice.write({**texts, "own_attachment_ids": files})

    def action_prepare(self):
        """Prepare the notices, and open them."""
        notices, skipped = self._prepare_messages()
        return self._close(notices, skipped, notices and self._open(notices))

    def action_send(self):
        """Prepare the notices and send those that go by e-mail only; the others are opened."""
        notices, skipped = self._prepare_messages()
        by_email = notices.filtered(lambda n: n.send_email and not n._goes_on_paper())
        progress = by_email.action_send() if by_email else None
        others = notices - by_email
        if progress and "sent" not in by_email.mapped("state"):  # left to the scheduled action
            return progress
        return self._close(by_email, skipped, others and self._open(others), sent=bool(by_email))

    def _open(self, notices):
        return notices._get_records_action(name=self.env._("Reminders"))

    def _close(self, notices, skipped, action, sent=False):
        """Say what was done and what was skipped, and open what is left to do.

        :param notices: the notices that were prepared, or sent
        :param skipped: list of (customer, reason)
        :param action: what opens next, or False
        """
        if not skipped and not sent and action:
            return action
        parts = []
        if sent:
            parts.append(self.env._("Messages sent: %s.", len(notices)))
        if skipped:
            parts.append(self.env._("Customers skipped: %s.", len(skipped)))
            parts.append(name_skipped(self.env, skipped))
        return notify(
            " ".join(parts) or self.env._("Nothing was prepared."),
            tone="warning" if skipped else "success",
            then=action or CLOSE,
        )
