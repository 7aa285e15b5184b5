from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..common.account_dunning_facts import BILLING
from ..common.account_dunning_today import Act, Card
from ..common.marks import tells_acts, tells_cards
from .account_dunning_shortcut import INSURED

RANK = 8  # how urgent, see ``Act.rank``: once its day has passed, the insurer may refuse
HANDED_RANK = 60  # changes to report to whoever holds an item
SOON_DAYS = 15  # what has to be reported later stays in the list


class AccountDunningToday(models.AbstractModel):
    """What to tell the insurer, and by when; what to tell whoever holds an item."""

    _inherit = "account.dunning.today"

    @api.model
    @tells_cards
    def _get_insurance_cards(self, creditors, today):
        return [Card("insurance", self.env._("For the insurer"), "fa-umbrella", 25)]

    @api.model
    @tells_acts
    def _get_insurance_acts(self, creditors, today):
        if not self.env.user.has_group(INSURED):
            return []
        insured = self.env["account.dunning.insured"]
        steps = dict(insured._fields["step"]._description_selection(self.env))
        may = self.env.user.has_group(BILLING)
        groups = defaultdict(insured.browse)
        for item in insured.search(self._get_insured_domain(creditors, today)):
            groups[item.company_id, item.partner_id, item.step] |= item
        return [
            Act(
                card="insurance",
                partner_id=partner.id,
                creditor_id=company.id,
                rank=RANK,
                label=self.env._("Tell the insurer of the dispute")
                if step == "excluded"
                else steps[step],
                model=items._name,
                ids=tuple(items.ids),
                button=self.env._("Look") if may else "",
                amount=sum(items.mapped("amount_company")),
                detail=self._tell_insured_day(items),
            )
            for (company, partner, step), items in groups.items()
        ]

    @api.model
    def _get_insured_domain(self, creditors, today):
        """Return the domain of what waits: due soon or late, or told and disputed since."""
        soon = Domain("step", "in", ("notify", "intervene")) & Domain(
            "act_by", "<=", today + timedelta(days=SOON_DAYS)
        )
        told = Domain("notified_on", "!=", False) | Domain("asked_on", "!=", False)
        disputed = Domain("excluded", "=", "dispute") & Domain("step", "=", "excluded") & told
        waiting = soon | Domain("step", "in", ("late", "claim")) | disputed
        return Domain("company_id", "in", creditors.ids) & waiting

    @api.model
    def _tell_insured_day(self, items):
        days = [day for day in items.mapped("act_by") if day]
        return self.env._("by %s", format_date(self.env, min(days))) if days else ""

    @api.model
    @tells_cards
    def _get_assignment_cards(self, creditors, today):
        return [Card("assignment", self.env._("In other hands"), "fa-handshake-o", 57)]

    @api.model
    @tells_acts
    def _get_assignment_acts(self, creditors, today):
        may = self.env.user.has_group(BILLING)
        found = self.env["account.dunning.assignment.line"]._get_to_tell(creditors)
        return [
            Act(
                card="assignment",
                partner_id=line.partner_id.id,
                creditor_id=line.company_id.id,
                rank=HANDED_RANK,
                label=sentence,
                model=line._name,
                ids=(line.id,),
                method="action_told" if may else "",
                button=self.env._("Told") if may else "",
                amount=line.amount_left,
                detail=f"{line.invoice_name}, {line.assignment_id.display_name}",
            )
            for line, sentence in found.items()
        ]
