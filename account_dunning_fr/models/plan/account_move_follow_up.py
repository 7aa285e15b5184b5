from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ..common.account_dunning_facts import BILLING, BOOKED, DUNNING, REMEDIES
from ..common.notifications import RELOAD


class AccountMove(models.Model):
    """The tab « Relances » of an invoice: what it shows, and buttons that lift what stops it."""

    _inherit = "account.move"

    def get_dunning_facts(self):
        """Return what the tab « Relances » of an invoice shows besides stored fields.

        :return: list of groups (``account.dunning.facts``)
        """
        self.ensure_one()
        self.check_access("read")
        facts = self.env["account.dunning.facts"]
        planned = ["dunning_next_level_id", "dunning_next_date"]
        names = [
            "dunning_level_id",
            "dunning_reason",
            *(planned if self.dunning_next_date else ()),
        ]
        groups = [
            facts._prepare_group(self, names, buttons=self._get_dunning_remedies()),
            facts._prepare_group(
                self,
                [f"dunning_penalty_{name}" for name in ("to_date", "owed", *BOOKED)],
                title=self.env._("Penalties"),
                buttons=self.dunning_penalty_ids
                and [("action_view_dunning_penalties", self.env._("See item by item"))],
            ),
        ]
        groups += [self._get_dunning_return_facts(), self._get_dunning_unmatched_facts()]
        notes = [("info", self.dunning_rate_difference), ("warning", self.dunning_rate_warning)]
        return facts._keep_told([*groups, facts._prepare_notes(notes)])

    def _get_dunning_unmatched_facts(self):
        """Show a receipt that a person took off this invoice, when, who and why."""
        items = self.line_ids.filtered("dunning_unmatched_on")[:1]
        return self.env["account.dunning.facts"]._prepare_told(
            "dunning_unmatched",
            self.env._("Match undone"),
            [item._get_dunning_unmatched_words() for item in items],
            title=self.env._("Receipt taken off"),
            button=("action_dunning_unmatched", self.env._("Say why")),
        )

    def action_dunning_unmatched(self):
        """Ask why a receipt was taken off this invoice."""
        self.ensure_one()
        self.check_access("write")
        why = self.env["account.dunning.unmatched"].create({"move_id": self.id})
        return why._get_records_action(
            name=self.env._("Why the match was undone"), target="new", context={}
        )

    def _get_dunning_return_facts(self):
        """Show a payment of this invoice that the bank returned and nobody linked to it yet."""
        told = [
            self.env._(
                "%(amount)s on %(date)s",
                amount=formatLang(
                    self.env, item.amount_residual_currency, currency_obj=item.currency_id
                ),
                date=format_date(self.env, item.date),
            )
            for item in self._get_dunning_returns()[:1]
        ]
        return self.env["account.dunning.facts"]._prepare_told(
            "dunning_return",
            self.env._("Taken back by the bank"),
            told,
            title=self.env._("Returned payment"),
            button=("action_dunning_link_return", self.env._("Link it")),
        )

    def _get_dunning_remedies(self):
        """Return the buttons that lift what stops this invoice."""
        if not self.env.user.has_group(BILLING):
            return []
        asked = self.env.user.has_group(DUNNING) and self._has_dunning_question()
        anew = [("action_dunning_start_anew", self.env._("Start anew"))] if asked else []
        labels = {
            "action_dunning_end_hold": self.env._("End this hold"),
            "action_toggle_block_payment": self.env._("Unblock the payment"),
            "action_dunning_include": self.env._("Include it in the follow-up"),
            "action_dunning_credits": self.env._("See what covers it"),
            "action_dunning_money": self.env._("See what may be its payment"),
            "action_dunning_policy": self.env._("Choose the policy of the customer"),
            "action_dunning_open_message": self.env._("Open the message"),
            "action_dunning_switch": self.env._("Switch sending on"),
            "action_dunning_statements": self.env._("Import the bank statements"),
        }
        method = REMEDIES.get(self.dunning_stop)
        return [(method, labels[method]), *anew] if method else anew

    def action_view_dunning_penalties(self):
        """Open the penalties of this invoice, item by item."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_penalty"
        )
        return {**action, "domain": [("move_id", "in", self.ids)], "context": {}}

    # -- Buttons that lift what stops an invoice ---------------------------------------------------

    def action_dunning_end_hold(self):
        """Release the hold that stops this invoice, or open what it follows from."""
        self.ensure_one()
        hold = self.dunning_hold_id
        if not hold:
            raise UserError(self.env._("No hold stops this invoice any more."))
        if hold._get_owner():
            return hold.action_open_owner()
        hold.action_release()
        return RELOAD

    def action_dunning_include(self):
        """Include the invoice in the follow-up again."""
        self.check_access("write")
        self.no_followup = False

    def action_dunning_credits(self):
        """Open the customer's credits and payments that are not allocated."""
        self.ensure_one()
        items = self.env["account.move.line"]
        companies = self.company_id.dunning_creditor_id._get_dunning_companies()
        credit_lines = items.search(
            [
                ("partner_id.commercial_partner_id", "=", self.commercial_partner_id.id),
                *items._get_dunning_credits_domain(companies),
            ]
        )
        return {
            **credit_lines._get_records_action(name=self.env._("Credits to allocate")),
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", credit_lines.ids)],
        }

    def action_dunning_money(self):
        """Open the money that may be this customer's payment."""
        self.ensure_one()
        return self.commercial_partner_id.action_dunning_money()

    def action_dunning_policy(self):
        """Open the customer, to choose the policy."""
        self.ensure_one()
        return self.commercial_partner_id._get_records_action()

    # -- Returned payments -------------------------------------------------------------------------

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
