from odoo import api, fields, models

from ...core.money import ZERO, to_cents
from ..common.account_dunning_facts import BOOKED
from ..common.groups import ACCOUNTING_GROUPS
from .account_dunning_penalty import PARTS, to_decimal


class AccountDunningPenalty(models.Model):
    """What was booked, paid and waived, added up for invoices and customers in batch."""

    _inherit = "account.dunning.penalty"

    def _get_figures(self):
        """Return what the books say of each penalty, in the company's currency.

        ``paid`` is what was settled, ``left`` what is booked and not yet received; corrections and
        reversals are netted. What is prepared in a draft entry does not count.

        :return: ``{penalty: {"booked", "paid", "left", "waived"}}``
        """
        sums = {
            penalty: (balance, residual)
            for penalty, balance, residual in self.env["account.move.line"]._read_group(
                [("dunning_penalty_id", "in", self.ids), ("parent_state", "=", "posted")],
                ["dunning_penalty_id"],
                ["balance:sum", "amount_residual:sum"],
            )
        }
        figures = {}
        for penalty in self:
            booked, left = sums.get(penalty, (0.0, 0.0))
            waived = {part: float(penalty._get_waived(part)) for part, _label in PARTS}
            figures[penalty] = {
                "booked": booked,
                "paid": booked - left,
                "left": left,
                "waived": penalty._in_company_currency(waived),
            }
        return figures

    def _in_company_currency(self, amounts, day=None):
        """Return the sum of both parts of a penalty in the company's currency.

        :param dict amounts: by part, the interest in the penalty's currency, the indemnity in euros
        :param date day: whose exchange rate counts, today by default
        """
        self.ensure_one()
        currencies = {"interest": self.currency_id, "indemnity": self.euro_id}
        day = day or fields.Date.context_today(self)
        target = self.company_id.currency_id
        return target.round(
            sum(
                currencies[part]._convert(amount, target, self.company_id, day)
                for part, amount in amounts.items()
            )
        )

    @api.model
    def _sum_figures(self, penalties_by_record):
        """Return the figures of records from those of their penalties, in batch.

        :param dict penalties_by_record: ``{record: penalties}``
        :return: ``{record: {"booked", "paid", "left", "waived"}}``
        """
        figures = self.union(*penalties_by_record.values())._get_figures()
        return {
            record: {
                name: float(to_cents(sum(to_decimal(figures[p][name]) for p in penalties) or ZERO))
                for name in BOOKED
            }
            for record, penalties in penalties_by_record.items()
        }


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_penalty_booked = fields.Monetary(
        string="Penalties booked",
        compute="_compute_dunning_penalty_booked",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
        help="Interest and flat indemnity posted, in the company's currency, corrections deducted.",
    )
    dunning_penalty_paid = fields.Monetary(
        string="Penalties paid",
        compute="_compute_dunning_penalty_booked",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_penalty_left = fields.Monetary(
        string="Penalties booked, not received",
        compute="_compute_dunning_penalty_booked",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_penalty_waived = fields.Monetary(
        string="Penalties waived",
        compute="_compute_dunning_penalty_booked",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_penalty_to_date = fields.Monetary(
        string="Penalties to date",
        compute="_compute_dunning_penalty_to_date",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
        help="Interest and flat indemnity owed by law today, whether booked or not, in the "
        "company's currency.",
    )
    dunning_penalty_owed = fields.Monetary(
        string="Penalties left to claim",
        compute="_compute_dunning_penalty_to_date",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
        help="Penalties to date, less what was paid or waived.",
    )

    @api.depends("dunning_penalty_ids.line_ids.amount_residual", "dunning_penalty_ids.waive_reason")
    def _compute_dunning_penalty_booked(self):
        penalties = {move: move.sudo().dunning_penalty_ids for move in self}
        figures = self.env["account.dunning.penalty"].sudo()._sum_figures(penalties)
        for move in self:
            for name in BOOKED:
                move[f"dunning_penalty_{name}"] = figures[move][name]

    @api.depends("payment_state", "dunning_penalty_paid", "dunning_penalty_waived")
    def _compute_dunning_penalty_to_date(self):
        today = fields.Date.context_today(self)
        items = self.sudo().line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and line.move_id.is_sale_document(include_receipts=True)
                and line.balance > 0
                and line.date_maturity
                and max(line.date_maturity, line.move_id.invoice_date) < today
                and not line.dunning_penalty_id
            )
        )
        accrued = self.env["account.dunning.accrual"].sudo()._compute_items(items, today)
        euro = self.env["res.currency"]._get_dunning_euro()
        owed = dict.fromkeys(self.ids, 0.0)
        for item in items:
            company, result = item.company_id, accrued[item.id]
            for amount, currency in (
                (result.interest, item.currency_id),
                (result.indemnity, euro),
            ):
                owed[item.move_id.id] += currency._convert(
                    float(amount), company.currency_id, company, today
                )
        for move in self:
            total = move.company_currency_id.round(owed.get(move.id, 0.0))
            left = total - move.dunning_penalty_paid - move.dunning_penalty_waived
            move.dunning_penalty_to_date = total
            move.dunning_penalty_owed = max(left, 0.0)


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_penalty_booked = fields.Monetary(
        string="Penalties booked",
        compute="_compute_dunning_penalty_booked",
        groups=ACCOUNTING_GROUPS,
        help="Interest and flat indemnity posted by the present company, corrections deducted.",
    )
    dunning_penalty_paid = fields.Monetary(
        string="Penalties paid",
        compute="_compute_dunning_penalty_booked",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_penalty_left = fields.Monetary(
        string="Penalties booked, not received",
        compute="_compute_dunning_penalty_booked",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_penalty_waived = fields.Monetary(
        string="Penalties waived",
        compute="_compute_dunning_penalty_booked",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_penalty_to_date = fields.Monetary(
        string="Penalties computed",
        compute="_compute_dunning_penalty_booked",
        groups=ACCOUNTING_GROUPS,
        help="Interest and flat indemnity of the items whose level books penalties, on the day of "
        "the last computation. The statement of penalties gives any day.",
    )

    @api.depends("dunning_penalty_ids.line_ids.amount_residual", "dunning_penalty_ids.waive_reason")
    @api.depends_context("company")
    def _compute_dunning_penalty_booked(self):
        creditor = self.env.company.dunning_creditor_id
        penalties = self.env["account.dunning.penalty"].sudo()
        known = penalties.search(
            [("partner_id", "in", self.ids), ("company_id", "=", creditor.id)]
        ).grouped("partner_id")
        by_partner = {partner: known.get(partner._origin, penalties) for partner in self}
        figures = penalties._sum_figures(by_partner)
        for partner in self:
            for name in BOOKED:
                partner[f"dunning_penalty_{name}"] = figures[partner][name]
            partner.dunning_penalty_to_date = sum(
                penalty._in_company_currency(
                    {part: penalty[part] for part, _label in PARTS}, penalty.computed_until
                )
                for penalty in by_partner[partner]
            )

    def action_view_dunning_penalties(self):
        """Open the penalties of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_penalty"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action
