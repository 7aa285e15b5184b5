from decimal import Decimal

from odoo import api, fields, models

from ...core.clocks import CaseDates, clocks, lead_reached
from ...core.representation import LAWYER_FREE_MAX
from ...core.territories import cautions, territory
from ..common.account_dunning_run import recorded

KINDS = [
    ("fees", "Fees of the registry to deposit"),
    ("service", "Order to be served"),
    ("opposition", "Opposition of the debtor"),
    ("execution", "Wait before execution"),
    ("opposition_fees", "Fees of the opposition to deposit"),
    ("lawyer", "Lawyer to appoint after the opposition"),
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
    "invited_on",
    "invited_fees_on",
    "enforceable_on",
)


class AccountDunningCaseClock(models.Model):
    """One legal period of a file: when it ends, by which article, and who was told."""

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
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")
    days_left = fields.Integer(compute="_compute_days_left")
    caution = fields.Char(
        string="To check",
        compute="_compute_caution",
        help="What a person checks before relying on this day.",
    )

    _kind_once = models.UniqueIndex("(case_id, kind)", "This clock already runs.")

    @api.depends("last_day", "done_on")
    def _compute_days_left(self):
        today = fields.Date.context_today(self)
        for clock in self:
            clock.days_left = 0 if clock.done_on else (clock.last_day - today).days

    @api.depends("kind", "case_id.partner_id", "case_id.court_id.departments")
    @api.depends_context("lang")
    def _compute_caution(self):
        words = {
            "calendar": self.env._("Public holidays of this place not known: you decide."),
            "distance": self.env._("Longer by distance? One month more (CPC 643, 644)."),
        }
        for clock in self:
            found = clock._get_cautions() if clock.kind != "limitation" else ()
            clock.caution = " ".join(words[code] for code in found)

    def _get_cautions(self):
        """Return the codes of what a person checks on this period (``core.territories``).

        Distance lengthens what others may do, an opposition and the wait that follows it.
        """
        self.ensure_one()
        case = self.case_id.sudo()
        debtor = self.env["account.dunning.court"]._get_territory(case.partner_id)
        seat = (case.court_id.departments or "").split(";")[0]
        found = cautions(debtor, territory(seat.ljust(5, "0")) if seat else debtor)
        return tuple(code for code in found if code != "distance" or not self.ours)

    @api.model
    @recorded("clocks")
    def _cron_tell(self):
        """Tell the person in charge of each clock whose end is near; once a lead, whatever runs."""
        cases = self.search([("done_on", "=", False), ("case_id.state", "!=", "closed")]).case_id
        self.env["ir.cron"]._commit_progress(remaining=len(cases))
        for case in cases:
            lang = case.company_id.partner_id._get_dunning_lang()
            with self.env["account.dunning.run"]._working_for(case.company_id):
                case.with_context(lang=lang)._tell_clocks()
            if not self.env["ir.cron"]._commit_progress(1):
                break


class AccountDunningCase(models.Model):
    _inherit = "account.dunning.case"

    clock_ids = fields.One2many("account.dunning.case.clock", "case_id", string="Clocks")
    next_clock_on = fields.Date(
        string="Next term", compute="_compute_next_clock_on", store=True, index="btree_not_null"
    )

    next_clock_caution = fields.Char(
        string="To check before it",
        compute="_compute_next_clock_caution",
        help="What a person checks before relying on the next term: it may be later by distance, "
        "or on a day that is a holiday there.",
    )

    @api.depends("next_clock_on", "clock_ids.caution")
    def _compute_next_clock_caution(self):
        for case in self:
            next_ones = case.clock_ids.filtered(
                lambda clock, case=case: not clock.done_on and clock.last_day == case.next_clock_on
            )
            cautions = dict.fromkeys(filter(None, next_ones.mapped("caution")))
            case.next_clock_caution = " ".join(cautions)

    @api.depends("clock_ids.last_day", "clock_ids.done_on", "state")
    def _compute_next_clock_on(self):
        for case in self:
            running = case.clock_ids.filtered(lambda clock: not clock.done_on)
            days = running.mapped("last_day") if case.state != "closed" else []
            case.next_clock_on = min(days, default=False)

    def _get_dates(self):
        """Return the dates of the file as the core counts them."""
        self.ensure_one()
        first = self.item_ids.filtered("limit_on").sorted("limit_on")[:1]
        steps = first._get_limitation().steps if first else ()
        started = [step.on for step in steps if step.effect in ("starts", "restarts")]
        return CaseDates(
            **{name: self[name] or None for name in DATES},
            personal=self.personal_service,
            refused=self.order_result == "refused",
            commercial=self._is_commercial(),
            lawyer=Decimal(str(self.amount_total)) > LAWYER_FREE_MAX,
            place=self.env["account.dunning.court"]._get_territory(self.partner_id),
            limit=first.limit_on or None,
            limit_from=max(started, default=None),
        )

    def _sync_clocks(self):
        """Write the clocks that the dates of the file start and stop."""
        for case in self.sudo():
            known = {clock.kind: clock for clock in case.clock_ids}
            for clock in clocks(case._get_dates()):
                deadline = clock.deadline
                vals = {
                    "counted_from": deadline.counted_from,
                    "last_day": deadline.prudent,
                    "unextended": deadline.unextended,
                    "extended": deadline.extended,
                    "ours": deadline.ours,
                    "source": deadline.source,
                    "done_on": clock.done_on,
                }
                old = known.pop(clock.kind, None)
                if not old:
                    case.env["account.dunning.case.clock"].create(
                        {"case_id": case.id, "kind": clock.kind, **vals}
                    )
                    continue
                if old.last_day != deadline.prudent:
                    vals["told_lead"] = -1
                if clock.done_on:
                    old.activity_id.unlink()
                old.write(vals)
            for old in known.values():
                old.activity_id.unlink()
                old.unlink()
            case.invalidate_recordset(["clock_ids"])

    def _tell_clocks(self):
        """Open or renew the to-do of each clock whose end is near."""
        today = fields.Date.context_today(self)
        for case in self.sudo():
            by_kind = {clock.kind: clock for clock in clocks(case._get_dates())}
            for record in case.clock_ids.filtered(lambda record: not record.done_on):
                lead = lead_reached(by_kind[record.kind], today)
                if lead is None or lead == record.told_lead:
                    continue
                record.activity_id.unlink()
                label = dict(record._fields["kind"]._description_selection(case.env))[record.kind]
                activity = case.activity_schedule(
                    "mail.mail_activity_data_warning"
                    if record.ours and lead <= 15
                    else "mail.mail_activity_data_todo",
                    date_deadline=max(record.last_day, today) if record.ours else today,
                    user_id=case.user_id.id or case.env.uid,
                    summary=label,
                    note=case._get_clock_note(record),
                )
                record.write({"told_lead": lead, "activity_id": activity.id})

    def _get_clock_note(self, clock):
        """Return what the to-do says of a period, with what is to be checked before."""
        if clock.ours:
            note = self.env._(
                "Last day: %(day)s (%(law)s), counted from %(start)s.",
                day=clock.last_day.strftime("%d/%m/%Y"),
                law=clock.source,
                start=clock.counted_from.strftime("%d/%m/%Y"),
            )
        else:
            note = self.env._(
                "The period of %(law)s ended on %(day)s: record what happened.",
                law=clock.source,
                day=clock.last_day.strftime("%d/%m/%Y"),
            )
        return " ".join(filter(None, (note, clock.with_env(self.env).caution)))
