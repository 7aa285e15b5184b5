from collections import Counter

from odoo import api, fields, models

from ..common.dialogs import open_dialog
from ..common.groups import ACCOUNTING_GROUPS

JUDGED = ("kept", "partly", "broken")  # promises
UNDER_WAY = ("open", "declared")  # insolvency proceedings
CLOSED_LIQUIDATION = [("state", "=", "closed"), ("liquidation_on", "!=", False)]


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_insolvency_ids = fields.One2many(
        "account.dunning.insolvency",
        "partner_id",
        string="Insolvency proceedings",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_insolvency_count = fields.Integer(
        string="Insolvency proceedings under way",
        compute="_compute_dunning_counts",
        counted=(
            "account.dunning.insolvency",
            [("state", "in", UNDER_WAY)],
            "dunning_insolvency_ids.state",
        ),
        groups=ACCOUNTING_GROUPS,
    )
    dunning_insolvency_warning = fields.Char(
        compute="_compute_dunning_insolvency_warning",
        follows="dunning_insolvency_count",
        groups=ACCOUNTING_GROUPS,
    )

    dunning_liquidated_count = fields.Integer(
        string="Liquidations closed",
        compute="_compute_dunning_counts",
        counted=(
            "account.dunning.insolvency",
            CLOSED_LIQUIDATION,
            "dunning_insolvency_ids.state",
        ),
        groups=ACCOUNTING_GROUPS,
    )
    dunning_liquidated_warning = fields.Char(
        compute="_compute_dunning_liquidated_warning",
        follows="dunning_liquidated_count",
        groups=ACCOUNTING_GROUPS,
    )

    @api.depends("dunning_liquidated_count")
    @api.depends_context("lang")
    def _compute_dunning_liquidated_warning(self):
        """What the law leaves of the claims on a customer whose liquidation was closed."""
        concerned = self.filtered("dunning_liquidated_count")
        (self - concerned).dunning_liquidated_warning = False
        for partner in concerned:
            closed = partner.commercial_partner_id.dunning_insolvency_ids.filtered_domain(
                CLOSED_LIQUIDATION
            )[:1]
            partner.dunning_liquidated_warning = (
                f"{closed.display_name}. {closed._explain_closed_liquidation()}"
            )

    @api.depends("dunning_insolvency_ids.state", "dunning_insolvency_ids.date_deadline")
    @api.depends_context("lang")
    def _compute_dunning_insolvency_warning(self):
        # Most customers have none: the count, read together with others, saves them a query.
        concerned = self.filtered("dunning_insolvency_count")
        (self - concerned).dunning_insolvency_warning = False
        for partner in concerned:
            current = partner.commercial_partner_id.dunning_insolvency_ids.filtered(
                lambda record: record.state in UNDER_WAY
            )[:1]
            partner.dunning_insolvency_warning = current.display_name if current else False

    def action_dunning_insolvency(self):
        """Open the insolvency proceedings of this customer, or the form that records them."""
        self.ensure_one()
        known = self.commercial_partner_id.dunning_insolvency_ids.filtered(
            lambda record: record.state in UNDER_WAY
        )
        if known:
            return known[:1]._get_records_action()
        action = self._get_dunning_form_action(
            "account.dunning.insolvency",
            self.env._("Insolvency proceedings"),
            self._get_dunning_asking_creditor(),
        )
        return {**action, "target": "current"}

    # -- Promises of a customer --------------------------------------------------------------------

    dunning_promise_ids = fields.One2many(
        "account.dunning.promise", "partner_id", string="Promises", groups=ACCOUNTING_GROUPS
    )
    dunning_promise_count = fields.Integer(
        string="Promises judged", compute="_compute_dunning_promises", groups=ACCOUNTING_GROUPS
    )
    dunning_promise_rate = fields.Float(
        string="Promises kept",
        compute="_compute_dunning_promises",
        groups=ACCOUNTING_GROUPS,
        help="Promises kept, of those whose day has passed. Those kept in part are not.",
    )

    @api.depends("dunning_promise_ids.state")
    def _compute_dunning_promises(self):
        counts = {}
        for partner, state, count in self.env["account.dunning.promise"]._read_group(
            [("partner_id", "in", self.commercial_partner_id.ids), ("state", "in", JUDGED)],
            ["partner_id", "state"],
            ["__count"],
        ):
            counts.setdefault(partner, {})[state] = count
        for partner in self:
            judged = counts.get(partner.commercial_partner_id, {})
            total = sum(judged.values())
            partner.dunning_promise_count = total
            partner.dunning_promise_rate = judged.get("kept", 0) / total if total else 0.0

    def _count_dunning_broken_promises(self, creditor):
        """Return how many promises to this creditor were broken or kept only in part.

        :return: ``Counter`` by customer id
        """
        rows = self.env["account.dunning.promise"]._read_group(
            [
                ("partner_id", "in", self.ids),
                ("company_id", "=", creditor.id),
                ("state", "in", ("broken", "partly")),
            ],
            ["partner_id"],
            ["__count"],
        )
        return Counter({partner.id: count for partner, count in rows})

    def action_dunning_promise(self):
        """Record a promise of this customer."""
        self.ensure_one()
        return self._open_dunning_promise(self._get_dunning_asking_creditor())

    def _open_dunning_promise(self, creditor):
        return self._get_dunning_form_action(
            "account.dunning.promise", self.env._("Promise"), creditor
        )

    def action_dunning_dispute(self):
        """Record what this customer contests; by default the invoice overdue for longest."""
        self.ensure_one()
        creditor = self._get_dunning_asking_creditor()
        customer = self.commercial_partner_id
        items = self.env["account.dunning.promise"]._get_overdue_items(customer, creditor)
        invoices = items.sorted("date_maturity").move_id.filtered("invoice_date")
        action = self._get_dunning_form_action(
            "account.dunning.dispute", self.env._("Dispute"), creditor
        )
        action["context"]["default_move_id"] = invoices[:1].id
        return action

    def action_dunning_payment_plan(self):
        """Prepare a payment plan of this customer."""
        self.ensure_one()
        return self._open_dunning_payment_plan(self._get_dunning_asking_creditor())

    def _open_dunning_payment_plan(self, creditor):
        action = self._get_dunning_form_action(
            "account.dunning.payment.plan", self.env._("Payment plan"), creditor
        )
        return {**action, "target": "current"}

    def action_view_dunning_promises(self):
        """Open the promises of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_promise"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.commercial_partner_id.id}
        return action

    def action_view_dunning_links(self):
        """Open the links that this customer was given."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_link"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        return action

    def _get_dunning_form_action(self, model, name, creditor):
        return open_dialog(
            model,
            name,
            {
                "default_partner_id": self.commercial_partner_id.id,
                "default_company_id": creditor.id,
            },
        )
