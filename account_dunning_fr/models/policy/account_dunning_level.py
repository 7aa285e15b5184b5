from datetime import timedelta
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.i18n import format_list

from ...core.schedule import KINDS
from ...core.territories import MAINLAND
from ...core.working_days import next_working_day

TEXTS = ("subject", "body", "closing")

LEVEL_KINDS = [
    ("courtesy", "Courtesy message"),
    ("reminder", "Reminder"),
    ("registered", "Registered reminder"),
    ("formal_notice", "Formal notice"),
]
DAYS_SPAN = 1000  # a level lies within ± this many days of the due date


class AccountDunningLevel(models.Model):
    """One step of a policy: when it is reached, how the customer is reached, and what is said.

    The texts are rendered on the notice (``object``) in the customer's language, the figures are
    never part of them: the table of items stands between ``body`` and ``closing``.
    """

    _name = "account.dunning.level"
    _inherit = ["mail.render.mixin", "account.dunning.guarded"]
    _description = "Dunning Level"
    _order = "policy_id, rank, id"

    # As for mail.template: whoever sends may render what an editor of templates wrote.
    _unrestricted_rendering = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    policy_id = fields.Many2one(
        "account.dunning.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    days = fields.Integer(
        required=True,
        help="Days from the due date of the item. A negative number means before it.",
    )
    kind = fields.Selection(
        LEVEL_KINDS,
        default="reminder",
        required=True,
    )
    rank = fields.Integer(
        compute="_compute_rank",
        store=True,
        help="Levels compare by kind, then by days, also across policies.",
    )
    send_email = fields.Boolean(string="E-mail", default=True)
    send_letter = fields.Boolean(string="Letter")
    send_registered = fields.Boolean(string="Registered letter")
    make_call = fields.Boolean(string="Call")
    channels = fields.Char(compute="_compute_channels")
    automatic = fields.Boolean(
        default=True,
        help="Sent by the scheduled action without asking. Otherwise a person confirms each one.",
    )
    deadline_days = fields.Integer(
        string="New deadline (days)",
        default=8,
        help="Days given to pay, counted from the planned sending. The date itself is printed.",
    )
    penalties = fields.Selection(
        [("none", "Not mentioned"), ("stated", "Stated"), ("applied", "Stated and booked")],
        default="none",
        required=True,
        help="Late-payment penalties and the flat indemnity of article L. 441-10 of the French "
        "commercial code. Never for a consumer, nor before the customer's regime is confirmed.",
    )
    subject = fields.Char(translate=True, render_engine="inline_template")
    body = fields.Html(
        string="Text above the table",
        translate=True,
        sanitize="email_outgoing",
        render_engine="qweb",
        render_options={"post_process": True},
    )
    closing = fields.Html(
        string="Text below the table",
        translate=True,
        sanitize="email_outgoing",
        render_engine="qweb",
        render_options={"post_process": True},
    )

    _days_span = models.Constraint(
        f"CHECK (days > -{DAYS_SPAN} AND days < {DAYS_SPAN})",
        "A level lies within 999 days of the due date.",
    )
    _deadline_positive = models.Constraint(
        "CHECK (deadline_days >= 0)", "The new deadline cannot be a negative number of days."
    )
    _courtesy_before_due = models.Constraint(
        "CHECK ((kind = 'courtesy') = (days <= 0))",
        "A courtesy message leaves on or before the due date (0 days or less); every other level "
        "leaves after it (1 day or more). Change the days or the kind.",
    )
    _has_channel = models.Constraint(
        "CHECK (TRUE IN (send_email, send_letter, send_registered, make_call) IS TRUE)",
        "Choose at least one channel for this level: e-mail, letter, registered letter or call.",
    )

    def _compute_render_model(self):
        self.render_model = "account.dunning.notice"

    @api.depends("kind", "days")
    def _compute_rank(self):
        for level in self:
            level.rank = KINDS.index(level.kind) * 10 * DAYS_SPAN + level.days + DAYS_SPAN

    @api.depends("send_email", "send_letter", "send_registered", "make_call")
    @api.depends_context("lang")
    def _compute_channels(self):
        for level in self:
            level.channels = level._get_channel_names(level)

    @api.model
    def _get_channel_names(self, record):
        """Return the channels ticked on a level or a notice, for display."""
        names = {
            "send_email": self.env._("E-mail"),
            "send_letter": self.env._("Letter"),
            "send_registered": self.env._("Registered letter"),
            "make_call": self.env._("Call"),
        }
        chosen = [name for field, name in names.items() if record[field]]
        # « E-mail et appel »: a word within the list has no capital.
        others = [name[:1].lower() + name[1:] for name in chosen[1:]]
        return format_list(self.env, chosen[:1] + others)

    @api.constrains("policy_id", "kind", "days", "active")
    def _check_policy(self):
        self.policy_id.level_ids._check_order_in_policy()

    @api.constrains("send_email", "send_letter", "send_registered", "subject", "body")
    def _check_text(self):
        for level in self:
            writes = level.send_email or level.send_letter or level.send_registered
            if writes and not (level.subject and level.body):
                raise ValidationError(
                    self.env._(
                        "The level “%s” is written to the customer: fill in its subject and the "
                        "text above the table, or keep the call as its only channel.",
                        level.name,
                    )
                )

    def _check_order_in_policy(self):
        """Refuse two levels on the same step, and a graver kind that comes before a milder one.

        :raise ValidationError: naming both levels and what to change
        """
        for policy, levels in self.grouped("policy_id").items():
            for lower, upper in pairwise(levels.sorted("days")):
                names = {"first": lower.name, "second": upper.name, "policy": policy.name}
                if lower.days == upper.days:
                    raise ValidationError(
                        self.env._(
                            "“%(first)s” and “%(second)s” of the policy “%(policy)s” are on the "
                            "same day: change the days of one of them.",
                            **names,
                        )
                    )
                if KINDS.index(lower.kind) > KINDS.index(upper.kind):
                    raise ValidationError(
                        self.env._(
                            "In the policy “%(policy)s”, “%(second)s” comes later than "
                            "“%(first)s” although it is of a milder kind: give it fewer days, "
                            "or a graver kind.",
                            **names,
                        )
                    )

    def write(self, vals):
        if "kind" in vals:
            changed = self.filtered(lambda level: level.kind != vals["kind"])
            if used := changed._get_used([("state", "=", "sent")]):
                raise ValidationError(
                    self.env._(
                        "Messages of the level “%s” were sent: its kind says what they were. "
                        "Archive it, and add another level of the other kind.",
                        used[0].name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if used := self._get_used():
            raise ValidationError(
                self.env._(
                    "The level “%s” was already used in messages: archive it instead of "
                    "deleting it.",
                    used[0].name,
                )
            )

    def _get_used(self, domain=()):
        """Return those of these levels that an item took in a message.

        :param domain: which lines of messages, or messages, count
        """
        used = self.browse()
        for model in ("account.dunning.notice.line", "account.dunning.notice"):
            groups = (
                self.env[model]
                .sudo()
                ._read_group([("level_id", "in", self.ids), *domain], ["level_id"])
            )
            used = used.union(*(level for (level,) in groups))
        return used & self

    def _get_names(self):
        """Return the name of this level by language, as it is now."""
        self.ensure_one()
        self.flush_recordset(["name"])
        self.env.cr.execute(SQL("SELECT name FROM account_dunning_level WHERE id = %s", self.id))
        return self.env.cr.fetchone()[0]

    def _get_deadline(self, sent_on, partner=None):
        """Return the date printed as the new deadline of a message that leaves on a day.

        On a day when nobody can act it moves to the next working day where the customer lives.

        :param date sent_on: day of the e-mail, or planned day of posting
        :param partner: ``res.partner`` written to; France without him
        :return: date, days in the post included for paper; False for a courtesy message
        """
        self.ensure_one()
        if self.kind == "courtesy":
            return False
        on_paper = self.send_letter or self.send_registered
        transit = self.policy_id.transit_days if on_paper else 0
        place = self.env["account.dunning.court"]._get_territory(partner) if partner else MAINLAND
        return next_working_day(sent_on + timedelta(days=transit + self.deadline_days), place)

    def _get_text(self, field, notices):
        """Render one text of this level for notices, each in its customer's language.

        :param str field: ``subject``, ``body`` or ``closing``
        :param notices: recordset of ``account.dunning.notice``
        :return: ``{notice id: text}``; HTML for ``body`` and ``closing``
        """
        self.ensure_one()
        langs = {notice.id: notice.lang for notice in notices}
        return self._render_field(field, notices.ids, res_ids_lang=langs) if langs else {}
