from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...core.clocks import CaseDates, clocks, lead_reached
from ...core.money import to_decimal
from ...core.representation import LAWYER_FREE_MAX
from ...core.uncontested import ROUTE as UNCONTESTED
from ...core.uncontested import Commandement
from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from .account_dunning_case import COURSE
from .account_dunning_case_clock import DATES
from .states import CLOSE_REASONS, MANDATE_SCOPES

# Each date puts the file into its state; the first of these that is set decides.
STATE_DATES = (
    ("closed_on", "closed"),
    ("executed_on", "executed"),
    ("enforceable_on", "enforceable"),
    ("opposed_on", "opposition"),
    ("served_on", "served"),
    ("order_on", "order"),
    ("filed_on", "filed"),
    ("handover_on", "handed_over"),
)
# In the procedure for uncontested claims, the registry's formula comes before the service.
COMMANDEMENT_DATES = (
    ("closed_on", "closed"),
    ("executed_on", "executed"),
    ("contested_on", "contested"),
    ("enforceable_on", "enforceable"),
    ("record_on", "recorded"),
    ("command_on", "commanded"),
    ("handover_on", "handed_over"),
)
# What is known because the debtor opposed: cleared with an opposition recorded by mistake.
AFTER_OPPOSITION = (
    "told_on",
    "lawyer_on",
    "invited_on",
    "invited_fees_on",
    "hearing_on",
    "act_given_on",
)
SEALED_DATES = {"handover_on", "handover_partner_id"}
# What the terms of a file depend on, besides its dates.
COUNTED = {"personal_service", "order_result", "item_ids", "route", "merchant"}
# Which date must not be earlier than which.
ORDER = (
    ("filed_on", "order_on"),
    ("order_on", "served_on"),
    ("served_on", "opposed_on"),
    ("served_on", "measure_on"),
    ("opposed_on", "told_on"),
    ("told_on", "lawyer_on"),
    ("opposed_on", "invited_on"),
    ("served_on", "enforceable_on"),
    ("enforceable_on", "executed_on"),
    ("handover_on", "command_on"),
    ("command_on", "contested_on"),
    ("command_on", "record_on"),
    ("record_on", "enforceable_on"),
    ("record_on", "record_served_on"),
    ("opposed_on", "act_given_on"),
)


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
        """Return the dates of the file in the format of the core."""
        self.ensure_one()
        first = self.item_ids.filtered("limit_on").sorted("limit_on")[:1]
        steps = first._get_limitation().steps if first else ()
        started = [step.on for step in steps if step.effect in ("starts", "restarts")]
        uncontested = self.route == UNCONTESTED
        # The periods of service, opposition and fees are those of an order to pay (CPC 1405 s.).
        counted = DATES if self.is_order or not self.route else ("enforceable_on",)
        return CaseDates(
            **{name: self[name] or None for name in counted},
            commandement=self._get_commandement() if uncontested else None,
            personal=self.personal_service,
            refused=self.order_result == "refused",
            commercial=self._is_commercial(),
            lawyer=to_decimal(self.amount_total) > LAWYER_FREE_MAX,
            place=self.partner_id._get_dunning_territory(),
            limit=first.limit_on or None,
            limit_from=max(started, default=None),
        )

    def _get_commandement(self):
        return Commandement(
            served_on=self.command_on or None,
            contested_on=self.contested_on or None,
            recorded_on=self.record_on or None,
            record_served_on=self.record_served_on or None,
        )

    def _sync_clocks(self):
        """Store the clocks that the dates of the file start and stop."""
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
                started_again = old.done_on and not clock.done_on
                if old.last_day != deadline.prudent or started_again:
                    vals["told_lead"] = -1
                if clock.done_on:
                    old.activity_id.unlink()
                old.write(vals)
            for old in known.values():
                old.activity_id.unlink()
                old.unlink()
            case.invalidate_recordset(["clock_ids"])

    def _tell_clocks(self):
        """Schedule or update an activity for each clock that is about to end."""
        today = creditors_day(self)
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
        """Return the note of the activity: the period, and what to check first."""
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

    # -- History -----------------------------------------------------------------------------------

    def _get_step_title(self, name):
        """Return the name of a step of the procedure."""
        return {
            "handover_on": self.env._("Court file handed over"),
            "command_on": self.env._("Commandement served"),
            "contested_on": self.env._("Contestation of the debtor"),
            "record_on": self.env._("Record of non-contestation"),
            "record_served_on": self.env._("Enforceable record served"),
            "filed_on": self.env._("Court seized"),
            "order_on": self.env._("Decision of the court"),
            "served_on": self.env._("Order served"),
            "opposed_on": self.env._("Opposition of the debtor"),
            "enforceable_on": self.env._("Enforceable title"),
            "executed_on": self.env._("Act of execution"),
            "closed_on": self.env._("Court file closed"),
        }[name]

    # -- Life --------------------------------------------------------------------------------------
    # The course of a file: its dates make its state, start its clocks and suspend the dunning.
    #
    # A date typed by mistake is cleared, and the file is again where it was.

    handover_partner_id = fields.Many2one(
        "res.partner",
        string="Handed over to",
        domain="[('dunning_role', '!=', False)]",
        tracking=True,
        writer=COURSE,
        index="btree_not_null",
    )
    has_left = fields.Boolean(
        writer="code", copy=False, help="The file was handed over once: it is kept as evidence."
    )
    handover_on = fields.Date(string="Handed over on", tracking=True, copy=False, writer="code")
    mandate_scope = fields.Selection(
        MANDATE_SCOPES,
        string="Mandate",
        default="order",
        writer=COURSE,
    )
    instalments_accepted = fields.Integer(
        string="Instalments accepted (months)",
        help="Longest payment plan that the agent may accept. 0: none without asking.",
        writer=COURSE,
    )
    expected_cost = fields.Monetary(string="Cost agreed", writer=COURSE)
    filed_on = fields.Date(string="Filed on", tracking=True, copy=False, writer=COURSE)
    filing_number = fields.Char(string="Number at the registry", copy=False, writer=COURSE)
    fees_on = fields.Date(string="Registry’s fees deposited on", copy=False, writer=COURSE)
    order_on = fields.Date(string="Date of the order", tracking=True, copy=False, writer=COURSE)
    order_number = fields.Char(string="Number of the order", copy=False, writer=COURSE)
    order_result = fields.Selection(
        [("full", "Granted in full"), ("partial", "Granted in part"), ("refused", "Refused")],
        string="Decision",
        tracking=True,
        copy=False,
        writer=COURSE,
    )
    order_amount = fields.Monetary(string="Amount granted", copy=False, writer=COURSE)
    served_on = fields.Date(string="Served on", tracking=True, copy=False, writer=COURSE)
    personal_service = fields.Boolean(
        string="Served on the person",
        default=True,
        copy=False,
        help="Otherwise opposition stays open until the first act served on the person, or the "
        "first measure that makes assets unavailable (CPC 1416).",
        writer=COURSE,
    )
    measure_on = fields.Date(string="First measure or act on the person", copy=False, writer=COURSE)
    opposed_on = fields.Date(string="Opposition on", tracking=True, copy=False, writer=COURSE)
    told_on = fields.Date(
        string="Opposition notified on",
        copy=False,
        writer=COURSE,
        help="Notification by the registry: before the judicial court, where a lawyer is "
        "compulsory, he is appointed within 15 days of it (CPC 1418, 1419).",
    )
    lawyer_on = fields.Date(string="Lawyer appointed on", copy=False, writer=COURSE)
    invited_on = fields.Date(
        string="Invited to deposit fees on",
        copy=False,
        help="Invitation of the registry of a commercial court after an opposition (CPC 1425).",
        writer=COURSE,
    )
    invited_fees_on = fields.Date(
        string="Fees of the opposition deposited on", copy=False, writer=COURSE
    )
    hearing_on = fields.Date(string="Hearing on", copy=False, writer=COURSE)
    act_given_on = fields.Date(
        string="Act of service communicated on",
        copy=False,
        help="The creditor communicates the act by which the order was served; without it his "
        "demands may not be heard. To check: CPC 1418.",
        writer=COURSE,
    )
    command_on = fields.Date(
        string="Commandement served on",
        tracking=True,
        copy=False,
        help="The debtor has a month from this day to pay or to contest (CPCE L. 126-2, to check).",
        writer=COURSE,
    )
    contested_on = fields.Date(
        string="Contested on",
        tracking=True,
        copy=False,
        help="Any contestation ends this procedure: an order to pay is then asked for with the "
        "same sums (CPCE L. 126-2, to check).",
        writer=COURSE,
    )
    record_on = fields.Date(
        string="Record of non-contestation on",
        tracking=True,
        copy=False,
        help="8 days at the earliest after the debtor’s month (CPCE L. 126-3, to check).",
        writer=COURSE,
    )
    record_served_on = fields.Date(
        string="Enforceable record served on",
        tracking=True,
        copy=False,
        help="Within 6 months (CPCE L. 126-4, to check).",
        writer=COURSE,
    )
    enforceable_on = fields.Date(
        string="Enforceable since", tracking=True, copy=False, writer=COURSE
    )
    executed_on = fields.Date(
        string="Act of execution on", tracking=True, copy=False, writer=COURSE
    )
    closed_on = fields.Date(string="Closed on", tracking=True, readonly=True, copy=False)
    close_reason = fields.Selection(CLOSE_REASONS, readonly=True, copy=False)
    acknowledged_on = fields.Date(
        string="Debt acknowledged on",
        help="Last written acknowledgement by the debtor: it interrupts the limitation "
        "(C. civ. 2240).",
        copy=False,
        writer=COURSE,
    )
    hold_ids = fields.One2many("account.dunning.hold", "case_id", readonly=True, writer="code")
    cost_ids = fields.One2many("account.dunning.case.cost", "case_id", string="Costs")
    cost_total = fields.Monetary(string="Costs so far", compute="_compute_cost_total")
    cost_reclaimable = fields.Monetary(
        string="Of which re-claimable", compute="_compute_cost_total"
    )

    @api.depends("route", *{name for name, _state in (*STATE_DATES, *COMMANDEMENT_DATES)})
    def _compute_state(self):
        for case in self:
            dates = COMMANDEMENT_DATES if case.route == UNCONTESTED else STATE_DATES
            case.state = next((s for name, s in dates if case[name]), "preparation")

    @api.depends("cost_ids.amount", "cost_ids.reclaimable")
    def _compute_cost_total(self):
        for case in self:
            case.cost_total = sum(case.cost_ids.mapped("amount"))
            case.cost_reclaimable = sum(case.cost_ids.filtered("reclaimable").mapped("amount"))

    @api.constrains(*{name for pair in ORDER for name in pair}, "handover_on")
    def _check_dates(self):
        today = creditors_day(self)
        for case in self:
            for name in ("handover_on", *dict.fromkeys(n for pair in ORDER for n in pair)):
                if case[name] and case[name] > today:
                    raise ValidationError(
                        self.env._(
                            "%s is in the future: record it when it has happened.",
                            case._fields[name]._description_string(self.env),
                        )
                    )
            for first, then in ORDER:
                if case[then] and case[first] and case[then] < case[first]:
                    raise ValidationError(
                        self.env._(
                            "“%(then)s” (%(then_day)s) cannot come before “%(first)s” "
                            "(%(first_day)s).",
                            then=case._fields[then]._description_string(self.env),
                            then_day=format_date(self.env, case[then]),
                            first=case._fields[first]._description_string(self.env),
                            first_day=format_date(self.env, case[first]),
                        )
                    )

    def _follow_course(self, before, vals):
        """Apply changed dates: move files on or back, seal those handed over, set their clocks.

        :param dict before: the state of each file before, by id
        :param dict vals: the values written
        """
        if "opposed_on" in vals and not vals["opposed_on"]:
            after = self.filtered(lambda case: any(case[name] for name in AFTER_OPPOSITION))
            after.write(dict.fromkeys(AFTER_OPPOSITION, False))
        moved = self.filtered(lambda case: case.state != before[case.id])
        for case in moved:
            if before[case.id] == "preparation":
                case._leave()
            elif case.state == "preparation":
                case._come_back()
            if case.state == "closed":
                case.item_ids._get_hands()._give_back(case.closed_on)
            elif before[case.id] == "closed":
                case.item_ids._take_in_hand()
        stayed = (self - moved)._has_left()
        if SEALED_DATES.intersection(vals):
            stayed._seal()  # a day or an agent entered by mistake was corrected
        dated = any(isinstance(self._fields[name], fields.Date) for name in vals)
        if dated or COUNTED.intersection(vals):
            self._sync_clocks()

    def action_view_fees(self):
        """Open the fees of the routes, to enter those found, with their source."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_route_fee"
        )
        context = {"default_company_id": self.company_id.id, "default_route": self.route}
        return {
            **action,
            "domain": [("company_id", "=", self.company_id.id)],
            "context": {**context, "default_court_id": self.court_id.id},
        }

    # -- Hand-over, withdrawal, closing ----------------------------------------------------------

    def _leave(self):
        """Hand the file over: freeze its sums, and stop ordinary dunning of its items.

        :raise UserError: what must be settled first
        """
        self.ensure_one()
        self._check_manage()
        if not self.dossier_id:
            self._take_sums()  # as the books are now: nothing was generated
        elif self._has_other_sums():
            raise UserError(self._explain_sums())
        self._check_ready()
        case = self.sudo()
        case.has_left = True
        case._get_included_pieces().has_left = True
        for item in case.item_ids:
            item.amount_at_handover = item.amount_left
        holds = case.hold_ids.filtered(lambda hold: not hold.released_on)
        held = holds.move_line_id
        note = self.env._("Court file %s", self.name)
        holds.create(
            [
                {
                    "company_id": self.company_id.id,
                    "case_id": self.id,
                    "move_id": item.move_id.id,
                    "move_line_id": item.move_line_id.id,
                    "reason": "case",
                    "note": note,
                }
                for item in case.item_ids
                if item.move_line_id not in held
            ]
        )
        self._seal()

    def _come_back(self):
        """Return the file to preparation: its items are chased as before."""
        self._release_holds()
        self.sudo().item_ids.amount_at_handover = 0

    def _release_holds(self):
        self.sudo().hold_ids._release()

    def action_back_to_preparation(self):
        """Withdraw a file that was handed over but not filed yet."""
        self._check_manage()
        for case in self:
            if case.state != "handed_over":
                raise UserError(
                    self.env._("Only a file handed over and not yet filed is taken back.")
                )
            case._owned().handover_on = False
            case.sudo().write({"share_token": False, "share_until": False})
        self.sudo()._ask_about_receipts()  # no longer

    def action_hand_over(self):
        """Ask to whom and how the file is handed over."""
        self.ensure_one()
        self._check_manage()
        return open_dialog(
            "account.dunning.case.handover",
            self.env._("Hand the file over"),
            {"default_case_id": self.id},
        )

    def action_close(self):
        """Ask how the file ended."""
        self.ensure_one()
        self._check_manage()
        return open_dialog(
            "account.dunning.case.close", self.env._("Close the file"), {"default_case_id": self.id}
        )

    def _close(self, reason):
        """Close files and their activities; ordinary dunning resumes for withdrawn ones.

        :param str reason: a key of ``close_reason``
        """
        self._check_manage()
        for case in self:
            case._owned().write({"closed_on": creditors_day(self), "close_reason": reason})
            case.action_stop_sharing()
            case.clock_ids.activity_id.unlink()
            if reason == "withdrawn":
                case._release_holds()
        self.sudo()._ask_about_receipts()  # no longer

    # -- The debtor's answer -----------------------------------------------------------------------

    def action_undo_opposition(self):
        """Undo an opposition recorded by mistake: the order is served again, and its clocks run."""
        self._check_manage()
        for case in self:
            if case.state != "opposition":
                raise UserError(self.env._("No opposition is to be taken back on this file."))
            case._owned().opposed_on = False

    def action_ask_for_order(self):
        """Ask which court to apply to for an order, now that the debtor contested the claim."""
        self.ensure_one()
        self._check_manage()
        return open_dialog(
            "account.dunning.case.contested",
            self.env._("Ask for an order to pay"),
            {"default_case_id": self.id},
        )

    def _ask_for_order(self, court):
        """Continue with an order to pay, for the same sums and items as handed over.

        :param court: a commercial ``account.dunning.court``; choosing it confirms it
        :raise UserError: if nobody contested, or the court is of another kind
        """
        self.ensure_one()
        self._check_manage()
        if self.state != "contested":
            raise UserError(self.env._("Type the day on which the debtor contested first."))
        if not court.is_commercial:
            raise UserError(self.env._("Between traders, choose a commercial court."))
        case = self._owned()
        case.route = "order_commercial"
        case.court_id = court
        self.action_confirm_court()

    def action_undo_contestation(self):
        """Undo a contestation recorded by mistake, unless a court was applied to since."""
        self._check_manage()
        for case in self:
            if not case.contested_on or case.state not in ("contested", "handed_over"):
                raise UserError(self.env._("No contestation is to be taken back on this file."))
            case._owned().write({"route": UNCONTESTED, "contested_on": False})

    def action_reopen(self):
        """Reopen a closed file in its former state."""
        self._check_manage()
        self._owned().write({"closed_on": False, "close_reason": False})
