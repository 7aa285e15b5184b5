from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..common.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_line_ids = fields.One2many(
        "account.dunning.notice.line",
        "move_id",
        string="Reminders",
        domain=[("state", "!=", "cancelled")],
        groups=ACCOUNTING_GROUPS,
    )
    dunning_level_id = fields.Many2one(
        "account.dunning.level",
        compute="_compute_dunning_level_id",
        string="Dunning level",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_next_level_id = fields.Many2one(
        "account.dunning.level",
        compute="_compute_dunning_plan",
        string="Next step",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_next_date = fields.Date(
        compute="_compute_dunning_plan", string="Planned on", groups=ACCOUNTING_GROUPS
    )
    dunning_reason = fields.Char(
        compute="_compute_dunning_plan",
        string="Situation",
        groups=ACCOUNTING_GROUPS,
        help="What happens next with this invoice, or why it is not chased.",
    )

    @api.depends("line_ids.dunning_level_id")
    def _compute_dunning_level_id(self):
        for move in self:
            move.dunning_level_id = move.line_ids.dunning_level_id.sorted("rank")[-1:]

    @api.depends("state", "payment_state", "line_ids.dunning_level_id", "line_ids.no_followup")
    def _compute_dunning_plan(self):
        rows_by_move = self._get_dunning_rows()
        for move in self:
            row = move._pick_dunning_row(rows_by_move.get(move.id, []))
            move.update(move._prepare_dunning_plan(row))

    def _prepare_dunning_plan(self, row):
        """Return what the plan says of this invoice, by field: one run of the plan answers all.

        :param row: its row of the plan, or None
        """
        self.ensure_one()
        return {
            "dunning_next_level_id": row and row["next_level_id"],
            "dunning_next_date": row and not row["stop"] and row["next_date"],
            "dunning_reason": self._get_dunning_sentence(row),
        }

    def _get_dunning_rows(self):
        """Return the plan of today for the customers of these invoices, ``{move id: rows}``."""
        rows_by_move = {}
        moves = self.filtered(
            lambda m: m.id and m.state == "posted" and m.is_sale_document(include_receipts=True)
        )
        for creditor, group in moves.grouped(lambda m: m.company_id.dunning_creditor_id).items():
            plan = self.env["account.dunning.plan"].sudo()
            for row in plan._simulate(creditor, partners=group.commercial_partner_id):
                rows_by_move.setdefault(row["move_id"], []).append(row)
        return rows_by_move

    @api.model
    def _pick_dunning_row(self, rows):
        """Of the items of an invoice, the one that moves next; an item stopped comes last."""
        far = fields.Date.to_date("9999-12-31")
        return min(
            rows,
            key=lambda row: (bool(row["stop"]), row["next_date"] or far, row["due"]),
            default=None,
        )

    def _get_dunning_sentence(self, row):
        """Return in one sentence what happens next with the invoice, or why nothing does."""
        self.ensure_one()
        if self.state != "posted":
            return self.env._("Not posted: only posted invoices are chased.")
        if row is None:
            if self.payment_state in ("paid", "reversed", "in_payment"):
                return self.env._("Nothing to chase: this invoice is settled.")
            return self.env._("Nothing to chase: no amount is due on this invoice.")
        return self._get_dunning_stop_sentence(row) or self._get_dunning_step_sentence(row)

    def _get_dunning_stop_sentence(self, row):
        if row["stop"] == "hold":
            return self.env["account.dunning.hold"].sudo().browse(row["hold_id"])._get_sentence()
        if row["stop"] in ("covered", "possible"):
            return self._get_dunning_credit_sentence(row)
        return {
            "blocked": self.env._("Not chased: the payment is blocked on the invoice."),
            "no_followup": self.env._(
                "Not chased: excluded from follow-up on the invoice (No Follow-Up)."
            ),
            "in_payment": self.env._("Not chased: a payment is in process."),
            "discount": self.env._(
                "Not chased: early-payment discount taken, to be booked. Post the discount granted "
                "to settle the invoice."
            ),
            "no_due_date": self.env._(
                "Not chased: without a due date. Write it on the journal item."
            ),
            "no_debt": self.env._(
                "Not chased: no debt of the customer, but a refund or money paid to him."
            ),
            "retention": self.env._(
                "Not chased: a retention of guarantee, until the works are accepted for good."
            ),
            "no_policy": self.env._(
                "Not chased: neither the customer nor the company has a dunning policy."
            ),
        }.get(row["stop"])

    def _get_dunning_credit_sentence(self, row):
        """Name the money that covers this invoice, or that may."""
        creditor = self.company_id.dunning_creditor_id
        plan = self.env["account.dunning.plan"].sudo()
        is_sure = row["stop"] == "covered"
        names = plan._get_credit_names(creditor, self.commercial_partner_id, is_sure)
        if is_sure:
            return self.env._(
                "Not chased: covered by a credit or a payment not yet allocated (%s). Allocate it "
                "to the invoice.",
                names,
            )
        return self.env._(
            "Not chased for now: money that may be its payment is matched with nothing (%s). Match "
            "it, or say that it is not for these invoices.",
            names,
        )

    def _get_dunning_step_sentence(self, row):
        next_level = self.env["account.dunning.level"].sudo().browse(row["next_level_id"])
        if row["reason"] == "minimum":
            return self.env._("Not chased: the total due is below the minimum of the policy.")
        if row["reason"] == "finished":
            return self.env._("All the levels of the policy were sent.")
        if row["reason"] == "claimed" and row["take_level_id"]:
            level = self.env["account.dunning.level"].sudo().browse(row["take_level_id"])
            if not level.automatic:
                return self.env._(
                    "To be confirmed by a person since %(date)s: %(level)s",
                    date=format_date(self.env, row["next_date"]),
                    level=level.name,
                )
            return self.env._("To be sent today: %s", level.name)
        if row["reason"] in ("claimed", "info"):
            return self.env._("Mentioned in the message to be sent today, at its present level.")
        return self.env._(
            "Next step: %(level)s on %(date)s",
            level=next_level.name,
            date=format_date(self.env, row["next_date"]),
        )

    def _get_dunning_returns(self):
        """Return the returned payments that paid this invoice, as they are proposed."""
        self.ensure_one()
        items = self.env["account.move.line"]
        domain = items._get_dunning_returns_domain(
            self.company_id.dunning_creditor_id._get_dunning_companies(),
            self.commercial_partner_id,
        )
        return items.search(domain).filtered(
            lambda item: (
                self in item._get_dunning_returned_payment().matched_debit_ids.debit_move_id.move_id
            )
        )

    def action_dunning_link_return(self):
        """Link the returned payment of this invoice to it."""
        returned = self._get_dunning_returns()[:1]
        if not returned:
            raise UserError(
                self.env._("No returned payment of this customer waits for its invoice.")
            )
        return returned.action_dunning_link_return()

    def action_dunning_hold(self):
        """Open the form that suspends the dunning of this invoice."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Suspend dunning"),
            "res_model": "account.dunning.hold",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_move_id": self.id,
                "default_partner_id": self.commercial_partner_id.id,
                "default_company_id": self.company_id.dunning_creditor_id.id,
            },
        }

    def _get_dunning_document(self, notice):
        """Return the PDF of the invoice to enclose: the one sent at the time, else a reprint.

        :param notice: the notice that the print is attached to, where one is made
        :return: ``ir.attachment``
        """
        self.ensure_one()
        if found := self._find_dunning_document(notice):
            return found
        return self.env["ir.attachment"].create(
            {
                "name": self._get_invoice_report_filename(),
                "raw": self._print_dunning_copy(),
                "mimetype": "application/pdf",
                "res_model": notice._name,
                "res_id": notice.id,
            }
        )

    def _find_dunning_document(self, notice):
        """Return the PDF of the invoice that was sent, else the print made for this notice."""
        self.ensure_one()
        return self.dunning_sent_file_id or self.env["ir.attachment"].search(
            [
                ("res_model", "=", notice._name),
                ("res_id", "=", notice.id),
                ("name", "=", self._get_invoice_report_filename()),
            ],
            limit=1,
        )

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._reattach_dunning_lines()
        posted._restart_dunning_of_others()
        return posted

    def _restart_dunning_of_others(self):
        """Chase an invoice corrected to another customer anew: he was never written to about it."""
        items = self.line_ids.filtered("dunning_level_id").sudo()
        items.filtered(
            lambda item: any(
                line.state == "sent"
                and line.cycle == item.dunning_cycle
                and line.notice_id.partner_id.commercial_partner_id
                != item.partner_id.commercial_partner_id
                for line in item.dunning_line_ids
            )
        )._open_dunning_cycle()

    def _reattach_dunning_lines(self):
        """Give the reminders of an invoice whose items were rewritten back to its items.

        A line finds its item by invoice and due date, unless that item already took the same level
        in another message: Odoo writes an item again with the due date of one that it deletes.
        """
        orphans = (
            self.env["account.dunning.notice.line"]
            .sudo()
            .search([("move_id", "in", self.ids), ("move_line_id", "=", False)])
        )
        for line in orphans:
            item = line.move_id.line_ids.filtered(
                lambda item, line=line: (
                    item.account_type == "asset_receivable"
                    and item.date_maturity == line.date_maturity
                    and not item.dunning_line_ids.filtered(
                        lambda other: (
                            other.state != "cancelled"
                            and other.level_id
                            and (other.level_id, other.cycle) == (line.level_id, line.cycle)
                        )
                    )
                )
            )
            line.move_line_id = item[:1]
