from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class AccountMove(models.Model):
    """What is done with the entries of penalties when they are posted."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted.filtered(
            lambda move: not move.reversed_entry_id
        )._settle_dunning_penalty_corrections()
        return posted

    def _settle_dunning_penalty_corrections(self):
        """Set each correction (a credit) against what it takes back, where that is still open.

        Left open, it would look like money of the customer and cover one of his invoices.
        """
        corrections = self.line_ids.filtered(
            lambda line: (
                line.dunning_penalty_id and line.balance < 0 and line.parent_state == "posted"
            )
        )
        for correction in corrections:
            taken_back = correction.dunning_penalty_id.sudo().line_ids.filtered(
                lambda line, correction=correction: (
                    line.parent_state == "posted"
                    and line.balance > 0
                    and not line.reconciled
                    and line.dunning_penalty_part == correction.dunning_penalty_part
                    and line.account_id == correction.account_id
                )
            )
            if taken_back and not correction.reconciled:
                (correction + taken_back).reconcile()

    def _check_dunning_date_has_come(self, until):
        """Ask for a person's word before an entry bears a date to come.

        :param date until: last day computed
        :raise UserError: where the first open day is neither computed nor today yet
        """
        if self.date > max(until, fields.Date.context_today(self)):
            raise UserError(
                self.env._(
                    "its date, the first open day, is %s and has not come: post it by hand if "
                    "it is to bear that date",
                    format_date(self.env, self.date),
                )
            )

    def _check_dunning_penalty_analytics(self):
        """:raise UserError: where a plan is mandatory and no distribution model gives it"""
        try:
            for line in self.line_ids:
                line.with_context(validate_analytic=True)._validate_distribution(
                    company_id=line.company_id.id,
                    account=line.account_id.id,
                    business_domain="general",
                )
        except ValidationError as error:
            raise UserError(
                self.env._(
                    "The analytic distribution of the account %s is mandatory: give it in "
                    "Invoicing > Configuration > Analytic Distribution Models, or limit the "
                    "plan to other accounts.",
                    line.account_id.display_name,
                )
            ) from error


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def unlink(self):
        """What a person deletes of a prepared entry is a waiver, as when he cancels it."""
        prepared = self.filtered(
            lambda line: line.dunning_is_booked and line.parent_state == "draft"
        )
        for line in prepared:
            line.dunning_penalty_id._add_waived(
                line.dunning_penalty_part,
                line.amount_currency,
                self.env._("Prepared entry deleted"),
            )
        return super().unlink()
