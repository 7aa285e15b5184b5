from itertools import pairwise

from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, file_open
from odoo.tools.i18n import format_list
from odoo.tools.translate import get_po_paths, translation_file_reader

from ...core.letter_deadline import letter_deadline
from ...core.mentions import missing_mentions, unwelcome_mentions
from ...core.schedule import KINDS
from ...core.territories import MAINLAND

TEXTS = ("subject", "body", "closing")

LEVEL_KINDS = [
    ("courtesy", "Courtesy message"),
    ("reminder", "Reminder"),
    ("registered", "Registered reminder"),
    ("formal_notice", "Formal notice"),
]
DAYS_SPAN = 1000  # a level is at most this many days before or after the due date

MODULE = "account_dunning_fr"
SHIPPED = (
    f"{MODULE}/data/account_dunning_policy_data.xml",
    f"{MODULE}/data/account_dunning_ready_policies_data.xml",
)
# The shipped level from which other levels of a kind take their default texts.
SHIPPED_BY_KIND = {
    "courtesy": "level_courtesy",
    "reminder": "level_first",
    "registered": "level_registered",
    "formal_notice": "level_formal_notice",
}


class AccountDunningLevel(models.Model):
    """One step of a policy: when it is reached, by which channels, and with which texts.

    The texts are rendered for the notice (``object``) in the customer's language. They contain no
    figures: the table of items is printed between ``body`` and ``closing``.
    """

    _name = "account.dunning.level"
    _inherit = [
        "mail.render.mixin",
        "account.dunning.guarded",
        "account.dunning.shipped",
        "account.dunning.plausible",
        "account.dunning.tracked",
    ]
    _description = "Dunning Level"
    _order = "policy_id, rank, id"

    # As in mail.template: whoever sends may render what a template editor wrote.
    _unrestricted_rendering = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    policy_id = fields.Many2one(
        "account.dunning.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    policy_followers = fields.Char(related="policy_id.followers")
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
    to_accounting = fields.Boolean(
        string="To the accounting contact",
        default=True,
        help="The dunning contact of the customer, else his invoice contact.",
    )
    to_director = fields.Boolean(
        string="To the director",
        help="The contacts whose role on the customer is “Director or representative”. Together "
        "with the accounting contact, they receive the e-mail too; alone, they are the recipient.",
    )
    copy_salesperson = fields.Boolean(
        string="Salesperson in copy", help="The salesperson of the customer receives the e-mail."
    )
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

    _has_recipient = models.Constraint(
        "CHECK (TRUE IN (to_accounting, to_director) IS TRUE)",
        "Choose to whom this level is written: the accounting contact, the director or both.",
    )

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
        """Return the channels selected on a level or a notice, for display."""
        names = {
            "send_email": self.env._("E-mail"),
            "send_letter": self.env._("Letter"),
            "send_registered": self.env._("Registered letter"),
            "make_call": self.env._("Call"),
        }
        chosen = [name for field, name in names.items() if record[field]]
        # « E-mail et appel »: inside the list, words are not capitalised.
        others = [name[:1].lower() + name[1:] for name in chosen[1:]]
        return format_list(self.env, chosen[:1] + others)

    @api.constrains("policy_id", "kind", "days", "active")
    def _check_policy(self):
        self.policy_id.level_ids._check_order_in_policy()

    @api.constrains("send_email", "send_letter", "send_registered", "subject", "body")
    def _check_text(self):
        for level in self:
            if level._is_written() and not (level.subject and level.body):
                raise ValidationError(
                    self.env._(
                        "The level “%s” is written to the customer: fill in its subject and the "
                        "text above the table, or keep the call as its only channel.",
                        level.name,
                    )
                )

    def _check_order_in_policy(self):
        """Refuse two levels on the same step, and a stricter kind before a milder one.

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

    def _get_names(self):
        """Return the current name of this level, by language."""
        self.ensure_one()
        self.flush_recordset(["name"])
        self.env.cr.execute(SQL("SELECT name FROM account_dunning_level WHERE id = %s", self.id))
        return self.env.cr.fetchone()[0]

    def _get_deadline(self, sent_on, partner=None):
        """Return the new deadline to print in a notice sent on a day.

        :param date sent_on: day of the e-mail, or planned day of posting
        :param partner: ``res.partner`` written to; France without one
        :return: date, including the days in the post for paper; False for a courtesy
        """
        self.ensure_one()
        if self.kind == "courtesy":
            return False
        on_paper = self.send_letter or self.send_registered
        transit = self.policy_id.transit_days if on_paper else 0
        place = partner._get_dunning_territory() if partner else MAINLAND
        return letter_deadline(sent_on, self.deadline_days, transit_days=transit, place=place)

    # -- Text --------------------------------------------------------------------------------------
    # The texts of a level: what they lack, the shipped ones back, a look at them on a customer.

    text_warning = fields.Char(compute="_compute_text_warning")

    @api.depends("kind", *TEXTS)
    @api.depends_context("lang")
    def _compute_text_warning(self):
        """List what the texts lack, or should not say, in each language."""
        facts = {"sum": "object.total_text", "deadline": "object.deadline_text"}
        langs = self.env["res.lang"].get_installed()
        for level in self:
            warnings = []
            for code, label in langs if level._is_written() else []:
                texts = level.with_context(lang=code)
                # A placeholder is an attribute of a tag: the source is searched here, not the
                # message.
                text = " ".join(texts[name] or "" for name in TEXTS).replace("<", " ")
                if sentence := self._get_mention_sentence(level.kind, text, facts):
                    warnings.append(f"{label}: {sentence}" if len(langs) > 1 else sentence)
            level.text_warning = " ".join(warnings)

    def _is_written(self):
        """Whether the level sends a text: an e-mail or a letter, not a mere call."""
        self.ensure_one()
        return self.send_email or self.send_letter or self.send_registered

    @api.model
    def _get_mention_sentence(self, kind, text, facts):
        """Return what a text lacks or should not say, for the user, or False.

        :param str kind: kind of the level
        :param str text: subject and texts, as read
        :param dict facts: how ``sum`` and ``deadline`` are written
        """
        if not kind:
            return False
        labels = {
            "formal_notice": self.env._("the words “formal notice”"),
            "court": self.env._("that the court will be seized"),
            "sum": self.env._("the exact sum"),
            "deadline": self.env._("the date by which to pay"),
        }
        unwelcome = {
            "late": self.env._("lateness or a reminder, in a message sent before the due date"),
            "court": self.env._("a court, in an amicable message"),
        }
        missing = [labels[name] for name in missing_mentions(kind, text, facts)]
        spoken = [unwelcome[name] for name in unwelcome_mentions(kind, text)]
        sentences = []
        if missing:
            sentences.append(self.env._("The text no longer says: %s.", ", ".join(missing)))
        if spoken:
            sentences.append(self.env._("The text speaks of %s.", ", ".join(spoken)))
        return " ".join(sentences) or False

    # -- The shipped texts -----------------------------------------------------------------------

    @api.model
    def _get_shipped_label(self):
        return self.env._("Levels shipped otherwise than corrected here")

    def action_restore_texts(self):
        """Restore the texts shipped with the addon, in every language.

        A level that is not a shipped one takes the texts of its kind.
        """
        self.check_access("write")
        langs = [code for code, _label in self.env["res.lang"].get_installed() if code != "en_US"]
        translations = {code: self._read_shipped_translations(code) for code in langs}
        for level in self:
            texts = level._read_shipped_texts()
            level.with_context(lang="en_US").write(texts)
            # As stored: the terms to translate are the sanitized texts.
            english = level.with_context(lang="en_US").read(TEXTS)[0]
            for code, terms in translations.items():
                local = {
                    name: terms.get(str(english[name]).strip(), english[name]) for name in TEXTS
                }
                level.with_context(lang=code).write(local)

    def _read_shipped_texts(self):
        """Return the texts of the addon's own data, in English: ``{field: text}``.

        :raise UserError: if the shipped level has none
        """
        self.ensure_one()
        identifier = self.get_external_id()[self.id]
        module, _dot, name = identifier.partition(".")
        shipped = {}
        for path in SHIPPED:
            with file_open(path, "rb") as stream:
                found = etree.parse(stream).iterfind(f".//record[@model='{self._name}']")
                shipped.update((record.get("id"), record) for record in found)
        own = shipped.get(name) if module == MODULE else None
        record = own if own is not None else shipped[SHIPPED_BY_KIND[self.kind]]
        texts = {}
        for field in record.findall("field"):
            if field.get("name") in TEXTS:
                inner = (field.text or "").strip()
                inner += "".join(etree.tostring(node, encoding="unicode") for node in field)
                texts[field.get("name")] = inner.strip()
        if set(texts) != set(TEXTS):
            raise UserError(self.env._("The addon ships no text for “%s”.", self.name))
        return texts

    @api.model
    def _read_shipped_translations(self, lang):
        """Return the shipped translations of the levels' texts: ``{English term: term}``."""
        terms = {}
        for path in get_po_paths(MODULE, lang):
            with file_open(path, "rb") as stream:
                for row in translation_file_reader(stream, fileformat="po"):
                    if row.get("imd_model") == self._name and row.get("value"):
                        terms[row["src"].strip()] = row["value"]
        return terms

    # -- Preview ---------------------------------------------------------------------------------

    def action_preview(self):
        """Preview the notice of this level for one of the customers."""
        self.ensure_one()
        wizard = self.env["account.dunning.preview"].create({"level_id": self.id})
        return wizard.action_show()
