from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date

from ..common.account_dunning_today import Act, Card
from ..common.marks import tells_acts, tells_cards
from .account_dunning_bad_debt import PROPOSERS
from .account_dunning_shortcut import USERS
from .account_dunning_vat_relief import UNDER_WAY

VAT_LATE, VAT, CLOSING = 22, 72, 78  # how urgent, see ``Act.rank``
SHOWN = 200  # customers; the lists behind the cards have them all
NEAR = timedelta(days=92)  # before the VAT is time-barred


class AccountDunningToday(models.AbstractModel):
    """What is to be done for closings and the VAT to recover: entries, duplicates, a time bar."""

    _inherit = "account.dunning.today"

    @api.model
    @tells_cards
    def _get_loss_cards(self, creditors, today):
        return [Card("loss", self.env._("Doubtful and VAT"), "fa-balance-scale", 60)]

    @api.model
    def _is_loss_used(self):
        """Whether the user sees closings, and is among those who prepare or book them."""
        user = self.env.user
        return user.has_group(USERS) and any(user.has_group(group) for group in PROPOSERS)

    @api.model
    @tells_acts
    def _get_closing_acts(self, creditors, today):
        """List what the last closing of each company proposed and nobody has booked yet."""
        if not self._is_loss_used():
            return []
        records = self.env["account.dunning.impairment"]._get_waiting(creditors, SHOWN)
        return [
            Act(
                card="loss",
                partner_id=record.partner_id.id,
                creditor_id=record.company_id.dunning_creditor_id.id,
                rank=CLOSING,
                label=self.env._("Closing of %s", format_date(self.env, record.date)),
                model=record._name,
                ids=(record.id,),
                button=self.env._("Look"),
                amount=record.claim,
                detail=self.env._("entry to post")
                if record.state == "prepared"
                else self.env._("entry to prepare"),
                warning=record.problem or "",
            )
            for record in records
        ]

    @api.model
    @tells_acts
    def _get_vat_acts(self, creditors, today):
        """List the duplicates to issue and send, and the VAT to book before its time bar."""
        if not self._is_loss_used():
            return []
        domain = [
            ("company_id", "in", creditors._get_dunning_companies().ids),
            ("state", "in", UNDER_WAY),
        ]
        records = self.env["account.dunning.vat.relief"].search(domain, limit=SHOWN)
        return [self._prepare_vat_act(record, today) for record in records]

    @api.model
    def _prepare_vat_act(self, record, today):
        is_near = bool(record.until and record.until - today <= NEAR)
        waits = {
            "draft": self.env._("duplicate to issue"),
            "issued": self.env._("duplicate to send"),
            "sent": self.env._("VAT to take back"),
        }[record.state]
        until = record.until and self.env._("by %s (to check)", format_date(self.env, record.until))
        missing = record.problem if record.state == "draft" else ""
        return Act(
            card="loss",
            partner_id=record.partner_id.commercial_partner_id.id,
            creditor_id=record.company_id.dunning_creditor_id.id,
            rank=VAT_LATE if is_near else VAT,
            label=self.env._("VAT to get back"),
            model=record._name,
            ids=(record.id,),
            button=self.env._("Look"),
            amount=record.amount_vat,
            detail=", ".join(filter(None, [waits, until])),
            warning=missing or (self.env._("The time limit is near.") if is_near else ""),
        )
