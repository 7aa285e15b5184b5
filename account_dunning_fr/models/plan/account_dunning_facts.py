from odoo import models
from odoo.tools import format_date, formatLang

from ..common.account_dunning_facts import BILLING, BOOKED, DUNNING, REMEDIES


class AccountMove(models.Model):
    _inherit = "account.move"

    def get_dunning_facts(self):
        """Return what the tab « Relances » of an invoice shows beside what is stored.

        :return: list of groups (``account.dunning.facts``)
        """
        self.ensure_one()
        self.check_access("read")
        facts = self.env["account.dunning.facts"]
        planned = ["dunning_next_level_id", "dunning_next_date"]
        names = ["dunning_reason", *(planned if self.dunning_next_date else ())]
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
        return [group for group in [*groups, self._get_dunning_return_facts()] if group["rows"]]

    def _get_dunning_return_facts(self):
        """Tell a payment of this invoice that the bank took back, and that nobody linked to it."""
        returned = self._get_dunning_returns()[:1]
        rows = [
            {
                "name": "dunning_return",
                "label": self.env._("Taken back by the bank"),
                "help": "",
                "value": self.env._(
                    "%(amount)s on %(date)s",
                    amount=formatLang(
                        self.env,
                        item.amount_residual_currency,
                        currency_obj=item.currency_id,
                    ),
                    date=format_date(self.env, item.date),
                ),
            }
            for item in returned
        ]
        button = {"name": "action_dunning_link_return", "label": self.env._("Link it")}
        may_link = self.env.user.has_group(BILLING)
        title = self.env._("Returned payment")
        return {"title": title, "rows": rows, "buttons": [button] if may_link else []}

    def _get_dunning_remedies(self):
        """Return the buttons that change what stops this invoice."""
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


class ResPartner(models.Model):
    _inherit = "res.partner"

    def get_dunning_facts(self):
        """Return what the tab « Recouvrement » of a customer shows beside what is stored.

        :return: list of groups (``account.dunning.facts``)
        """
        self.ensure_one()
        self.check_access("read")
        facts = self.env["account.dunning.facts"]
        groups = [
            facts._prepare_group(
                self,
                ["dunning_due_text", "dunning_overdue_text", "dunning_last_notice_id"],
                title=self.env._("Situation"),
                buttons=[("action_view_dunning_items", self.env._("Items due"))],
            ),
            facts._prepare_group(
                self,
                [f"dunning_penalty_{name}" for name in ("to_date", *BOOKED)],
                title=self.env._("Penalties"),
                buttons=[("action_view_dunning_penalties", self.env._("See item by item"))],
            ),
            self._get_dunning_promise_facts(),
            facts._prepare_group(
                self,
                [] if self.dunning_profile else ["dunning_profile_proposed"],
                buttons=[("action_set_dunning_profile", self.env._("Take the proposed profile"))]
                if self.has_access("write")
                else [],
            ),
        ]
        return [group for group in groups if group["rows"]]

    def _get_dunning_promise_facts(self):
        facts = self.env["account.dunning.facts"]
        group = facts._prepare_group(
            self,
            ["dunning_promise_count"],
            title=self.env._("Promises"),
            buttons=[("action_view_dunning_promises", self.env._("See them"))],
        )
        if group["rows"]:
            [row] = group["rows"]
            row["value"] = self.env._(
                "%(percent)s%% kept, of %(count)s",
                percent=round(self.dunning_promise_rate * 100),
                count=self.dunning_promise_count,
            )
        return group
