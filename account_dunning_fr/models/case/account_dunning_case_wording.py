from odoo import models
from odoo.tools import format_amount, format_date

from .account_dunning_case_messages import FINDINGS


class AccountDunningCase(models.Model):
    """What the core finds and advises, in words for the user."""

    _inherit = "account.dunning.case"

    def _get_finding_message(self, finding, facts):
        """Return a finding in words, with the invoices it concerns."""
        items = self.item_ids.browse(finding.keys)
        shown = ", ".join(dict.fromkeys(filter(None, items[:6].mapped("invoice_name"))))
        limits = [item.limit_on for item in self.item_ids if item.limit_on]
        sentence = self.env._(FINDINGS[finding.code])
        return sentence % {
            "names": f"{shown}…" if len(items) > 6 else shown,
            "credit": format_amount(self.env, float(facts.credits), self.currency_id),
            "limit": format_date(self.env, min(limits)) if limits else "",
            "missing": ", ".join(facts.missing),
        }

    def _get_route_reasons(self):
        return {
            "order": self.env._(
                "Contractual cause and determined amount; no hearing unless the debtor opposes."
            ),
            "opposition_likely": self.env._("A dispute is open: an opposition is likely."),
            "merchant_unknown": self.env._(
                "It is not known whether the debtor owes as a merchant."
            ),
            "merchant": self.env._("Between merchants the commercial court is competent."),
            "not_merchant": self.env._("The debtor does not owe as a merchant."),
            "consumer": self.env._("The debtor is a consumer."),
            "not_consumer": self.env._("The debtor is not a consumer."),
            "credit_or_lease": self.env._("Only for a consumer credit or a lease."),
            "above_small": self.env._("Above 5,000 euros, principal and interest."),
            "between_merchants": self.env._(
                "For claims invoiced between merchants, this procedure is read as replaced by the "
                "law of 23 April 2026: check."
            ),
            "silence_refuses": self.env._(
                "By a commissaire de justice; the debtor’s silence for a month is a refusal, and "
                "the costs stay with the creditor."
            ),
            "adversarial": self.env._("A hearing, against a debtor who cannot seriously contest."),
            "quick": self.env._("Quick, and it interrupts the limitation."),
            "serious_dispute": self.env._("Only if the dispute is not serious."),
            "dispute_tried": self.env._("A dispute is open: the judge tries it."),
            "slow": self.env._("Slower and costlier: for what the other ways cannot decide."),
            "in_europe": self.env._(
                "The debtor is established in another country of the European Union."
            ),
            "in_denmark": self.env._(
                "The debtor is established in Denmark: these European procedures do not bind it."
            ),
            "brussels": self.env._(
                "Before his own courts, those of the place of delivery or performance, or those "
                "that a clause names; a consumer is sued at home."
            ),
            "above_european": self.env._("Above 5,000 euros without interest and costs."),
            "written": self.env._("In writing, on a form, without a lawyer."),
            "lawyer": self.env._("A lawyer is compulsory above 10,000 euros."),
            "abroad": self.env._("The debtor is established outside the European Union."),
            "in_france": self.env._("The debtor is established in France."),
            "public": self.env._("The debtor is a public body: administrative courts, no seizure."),
            "not_public": self.env._("The debtor is not a public body."),
            "insolvent": self.env._(
                "Insolvency proceedings are open: individual actions are stopped."
            ),
            "not_insolvent": self.env._("No insolvency proceedings are on record."),
            "only_merchants": self.env._("Only for claims invoiced between merchants."),
            "contested": self.env._("Any contestation ends this procedure."),
            "decree_to_check": self.env._(
                "Switched on by a manager. No implementing decree was found: check it on "
                "Légifrance with the commissaire de justice before using it."
            ),
        }
