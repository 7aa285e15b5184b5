from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from ..common.due import RECEIVABLE_ITEMS
from ..common.groups import ACCOUNTING_GROUPS
from ..party.res_partner import ADDRESS
from .account_dunning_hold import RESTRICTION


class ResPartner(models.Model):
    """What customers' holds depend on: address, parent company, a restriction of processing."""

    _inherit = "res.partner"

    dunning_hold_ids = fields.One2many(
        "account.dunning.hold",
        "partner_id",
        string="Holds",
        seldom=True,
        groups=ACCOUNTING_GROUPS,
    )

    dunning_restricted = fields.Boolean(
        string="Processing restricted",
        tracking=True,
        groups=ACCOUNTING_GROUPS,
        help="The person contests what is held, or how it is used (GDPR art. 18): nothing is sent "
        "and nobody is asked to call until this is ended. What is held stays.",
    )

    def write(self, vals):
        addresses = {}
        if not set(ADDRESS).isdisjoint(vals):
            addresses = {partner: partner._get_dunning_address() for partner in self}
        held = self._get_dunning_held_entries() if "parent_id" in vals else []
        result = super().write(vals)
        self._keep_dunning_entries_held(held)
        if addresses:
            moved = self.filtered(lambda p: p._get_dunning_address() != addresses[p])
            moved._release_dunning_address_holds()
        if "dunning_restricted" in vals:
            self._sync_dunning_restriction()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if any(vals.get("dunning_restricted") for vals in vals_list):
            partners._sync_dunning_restriction()
        return partners

    # -- Restriction of processing (GDPR art. 18): data are kept, and used for nothing -------------

    def _sync_dunning_restriction(self):
        """Suspend dunning of these customers with every creditor, or end that suspension.

        :raise UserError: unless the user may prepare notices
        """
        if not self.env.su and not self.env["account.dunning.hold"].has_access("write"):
            raise UserError(self.env._("Only billing users restrict the processing."))
        holds = self.env["account.dunning.hold"].sudo()
        customers = self.commercial_partner_id.sudo()
        held = holds.search(
            [
                ("partner_id", "in", customers.ids),
                ("reason", "=", RESTRICTION),
                ("released_on", "=", False),
            ]
        )
        restricted = customers.filtered("dunning_restricted")
        held.filtered(lambda hold: hold.partner_id not in restricted)._release()
        known = {(hold.partner_id, hold.company_id) for hold in held}
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        creditors = companies.filtered(lambda company: company.dunning_creditor_id == company)
        holds.create(
            [
                {
                    "partner_id": customer.id,
                    "company_id": creditor.id,
                    "reason": RESTRICTION,
                    "user_id": self.env.uid,
                }
                for customer in restricted
                for creditor in creditors
                if (customer, creditor) not in known
            ]
        )

    # -- A customer who becomes a contact of another -----------------------------------------------

    def _get_dunning_held_entries(self):
        """Return the holds on all that these customers owe, each with the items of entries.

        Odoo moves the items of a customer who becomes a contact to the company, and an entry such
        as an opening balance has no customer of its own: the hold is then put on its items.
        Invoices still name the customer.
        """
        holds = self.env["account.dunning.hold"].sudo()
        holds = holds.search(
            [("partner_id", "in", self.ids), ("move_id", "=", False), ("released_on", "=", False)]
        )
        items = self.env["account.move.line"].sudo()
        items = items.search(
            [
                ("partner_id", "in", holds.partner_id.ids),
                ("move_id.partner_id", "=", False),
                *RECEIVABLE_ITEMS,
                ("reconciled", "=", False),
                ("parent_state", "=", "posted"),
            ]
        )
        return [
            (
                hold,
                items.filtered(
                    lambda item, hold=hold: (
                        item.partner_id == hold.partner_id
                        and item.company_id.dunning_creditor_id == hold.company_id
                    )
                ),
            )
            for hold in holds
        ]

    @api.model
    def _keep_dunning_entries_held(self, held):
        """Put each hold on the items of entries that moved from its customer to another.

        :param held: as returned by ``_get_dunning_held_entries`` beforehand
        """
        for hold, items in held:
            for item in items.filtered(lambda item, hold=hold: item.partner_id != hold.partner_id):
                # With its original author and owner.
                kept = {name: hold[name].id for name in (*hold._get_owner_names(), "user_id")}
                hold.copy(
                    {
                        **kept,
                        "move_line_id": item.id,
                        "move_id": item.move_id.id,
                        "partner_id": item.partner_id.id,
                    }
                )

    # -- An address that was corrected -------------------------------------------------------------

    def _release_dunning_address_holds(self):
        """Release the holds that waited for an address, and end what waited with them."""
        customers = self.commercial_partner_id
        holds = (
            self.env["account.dunning.hold"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", customers.ids),
                    ("reason", "=", "address"),
                    ("released_on", "=", False),
                ]
            )
        )
        if not holds:
            return
        holds.write({"released_on": creditors_day(holds), "released_by": self.env.user.id})
        holds.partner_id._on_dunning_address_corrected()

    def _on_dunning_address_corrected(self):
        """Hook: the address of these customers was wrong, and has just been corrected."""

    # -- From the form and the page of a customer --------------------------------------------------

    def _get_dunning_hold_facts(self):
        """Return the holds on this customer, each with a button that ends it."""
        facts, holds = self.env["account.dunning.facts"], self.dunning_hold_ids
        release = ("action_release", "fa-play", self.env._("End this hold"), "is_current")
        return facts._prepare_table(
            holds,
            ["date_from", "date_until", "reason", "move_id", "note", "released_on"],
            title=self._fields["dunning_hold_ids"]._description_string(self.env),
            opened="id",
            tones=lambda hold: "" if hold.is_current else "muted",
            button=release if holds.has_access("write") else None,
        )

    def action_dunning_hold(self):
        """Open the form that suspends dunning of all that this customer owes."""
        self.ensure_one()
        return open_dialog(
            "account.dunning.hold",
            self.env._("Suspend dunning"),
            {
                "default_partner_id": self.commercial_partner_id.id,
                "default_company_id": self._get_dunning_asking_creditor().id,
            },
        )

    def _get_dunning_asking_creditor(self):
        """Return the creditor on whose behalf something is started for this customer.

        By default the current creditor. If nothing is owed to him and, among the creditors of the
        displayed companies, only one other is owed money, that one: on behalf of the current
        creditor it would concern nothing.
        """
        self.ensure_one()
        creditor = self.env.company.dunning_creditor_id
        if len(self.env.companies.dunning_creditor_id) < 2:
            return creditor
        owed = self.env["account.move.line"]._read_group(
            [
                ("partner_id.commercial_partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "in", self.env.companies.ids),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("balance", ">", 0),
                *RECEIVABLE_ITEMS,
            ],
            ["company_id"],
        )
        others = self.env["res.company"].union(*(company for (company,) in owed))
        others = others.dunning_creditor_id
        return others if len(others) == 1 else creditor
