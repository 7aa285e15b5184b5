from odoo import api, fields, models

from ...core.territories import cautions, territory
from ..common.account_dunning_run import recorded
from ..common.creditors_day import creditors_day

KINDS = [
    ("fees", "Fees of the registry to deposit"),
    ("service", "Order to be served"),
    ("opposition", "Opposition of the debtor"),
    ("execution", "Wait before execution"),
    ("opposition_fees", "Fees of the opposition to deposit"),
    ("lawyer", "Lawyer to appoint after the opposition"),
    ("hearing", "Hearing after the opposition"),
    ("act_of_service", "Act of service to communicate before the hearing"),
    ("reply", "Commandement: the debtor may pay or contest"),
    ("record_wait", "Wait before the record of non-contestation"),
    ("record_service", "Enforceable record to be served"),
    ("limitation", "Limitation, at the latest"),
]
DATES = (
    "filed_on",
    "fees_on",
    "order_on",
    "served_on",
    "measure_on",
    "opposed_on",
    "told_on",
    "lawyer_on",
    "hearing_on",
    "act_given_on",
    "invited_on",
    "invited_fees_on",
    "enforceable_on",
)
# Periods of which only a commentary, or a text prior to the vote, has been seen.
NOT_CERTAIN = ("act_of_service", "reply", "record_wait", "record_service")


class AccountDunningCaseClock(models.Model):
    """One legal period of a file: when it ends, under which article, and who was told."""

    _name = "account.dunning.case.clock"
    _description = "Legal Clock of a Court File"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "last_day, id"
    _rec_name = "kind"

    case_id = fields.Many2one(
        "account.dunning.case", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    partner_id = fields.Many2one(related="case_id.partner_id")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    counted_from = fields.Date(readonly=True)
    last_day = fields.Date(
        readonly=True, index=True, help="The day to rely on: the prudent one of the next two."
    )
    unextended = fields.Date(string="As counted", readonly=True, help="CPC 641.")
    extended = fields.Date(string="Extended to a working day", readonly=True, help="CPC 642.")
    ours = fields.Boolean(string="To be done", readonly=True)
    source = fields.Char(readonly=True)
    done_on = fields.Date(readonly=True)
    told_lead = fields.Integer(readonly=True, default=-1)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, ondelete="set null", index="btree_not_null"
    )
    days_left = fields.Integer(compute="_compute_days_left")
    caution = fields.Char(
        string="To check",
        compute="_compute_caution",
        help="What a person checks before relying on this day.",
    )

    _kind_once = models.UniqueIndex("(case_id, kind)", "This clock already runs.")

    @api.depends("last_day", "done_on")
    def _compute_days_left(self):
        today = creditors_day(self)
        for clock in self:
            clock.days_left = 0 if clock.done_on else (clock.last_day - today).days

    @api.depends("kind", "case_id.partner_id", "case_id.court_id.departments", "case_id.record_on")
    @api.depends_context("lang")
    def _compute_caution(self):
        words = {
            "calendar": self.env._("Public holidays of this place not known: you decide."),
            "service_act": self.env._(
                "Communicate the act of service before it: to check (CPC 1418)."
            ),
            "distance": self.env._("Longer by distance? One month more (CPC 643, 644)."),
            "not_certain": self.env._("Not read in an official text: to check."),
            "early_record": self.env._("The record is dated before the end of this wait."),
        }
        for clock in self:
            found = clock._get_cautions()
            clock.caution = " ".join(words[code] for code in found)

    def _get_cautions(self):
        """Return the codes of what a person has to check on this period (``core.territories``).

        Distance lengthens what others may do: an opposition, and the wait that follows it.
        """
        self.ensure_one()
        case = self.case_id.sudo()
        if self.kind == "hearing":
            return ("service_act",) if case.is_order else ()
        if self.kind == "limitation":
            return ()
        if self.kind in NOT_CERTAIN:
            early = (
                self.kind == "record_wait" and case.record_on and case.record_on <= self.extended
            )
            return ("not_certain", "early_record") if early else ("not_certain",)
        debtor = case.partner_id._get_dunning_territory()
        seat = (case.court_id.departments or "").split(";")[0]
        found = cautions(debtor, territory(seat.ljust(5, "0")) if seat else debtor)
        return tuple(code for code in found if code != "distance" or not self.ours)

    @api.model
    @recorded("clocks")
    def _cron_tell(self):
        """Tell the person in charge of each clock that is about to end; once per lead time."""
        cases = self.search([("done_on", "=", False), ("case_id.state", "!=", "closed")]).case_id
        self.env["ir.cron"]._commit_progress(remaining=len(cases))
        for case in cases:
            creditor = case.company_id
            speaking = case.with_context(lang=creditor.partner_id._get_dunning_lang())
            with self.env["account.dunning.run"]._working_for(creditor, speaking) as (_day, local):
                local._tell_clocks()
            if not self.env["ir.cron"]._commit_progress(1):
                break
