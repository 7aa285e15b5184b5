import json
import logging
from collections import Counter

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from ...core.seals import ORIGIN, Link, canonical, differing, find_fault, group_digits, link, sha256
from .account_dunning_run import recorded
from .creditors_day import creditors_day
from .notifications import RELOAD, notify
from .rows import insert_rows

_logger = logging.getLogger(__name__)

ERASURE = "erasure"
KINDS = [
    ("notice", "Message"),
    ("plan", "Payment plan signed"),
    ("case", "Court file"),
    (ERASURE, "Emptied by a retention rule"),
]
CHAINED_TOGETHER = 500
VERIFIED_TOGETHER = 100
TODO = "mail.mail_activity_data_warning"


class AccountDunningSeal(models.Model):
    """The record of one document that was sent, with its checksum, in the chain of its creditor.

    A record is written in the transaction of the sending, without a number, so that sendings do not
    wait for each other; a scheduled action numbers and links the committed records.
    """

    _name = "account.dunning.seal"
    _description = "Seal of a Document that Left"
    _inherit = ["mail.thread", "mail.activity.mixin", "account.dunning.guarded"]
    _order = "company_id, number DESC, id DESC"

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    number = fields.Integer(
        readonly=True, help="Place in the chain of the creditor. 0: not in the chain yet."
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    name = fields.Char(string="Document", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null", ondelete="set null"
    )
    sealed_on = fields.Datetime(readonly=True, required=True, default=fields.Datetime.now)
    content = fields.Text(
        string="Canonical record",
        readonly=True,
        help="What left, as the text whose SHA-256 is the sum.",
    )
    content_sha256 = fields.Char(string="SHA-256 of the record", readonly=True)
    sha256 = fields.Char(
        string="Sum in the chain",
        readonly=True,
        help="SHA-256 of the sum before, the number and the sum of the record.",
    )
    printed_sha256 = fields.Char(compute="_compute_printed_sha256", string="Sum")
    file_ids = fields.One2many(
        "account.dunning.seal.file", "seal_id", string="Files", readonly=True
    )
    checked_on = fields.Datetime(string="Verified on", readonly=True)
    fault = fields.Selection(
        [
            ("gap", "A record before this one is missing"),
            ("chain", "It does not follow from the one before"),
            ("content", "Its text does not have its sum"),
            ("erased", "It was emptied, and no rule did it"),
            ("missing", "The document is no longer there"),
            ("record", "The document no longer says the same"),
            ("file", "A file is missing or no longer the same"),
        ],
        string="First difference",
        readonly=True,
    )
    fault_detail = fields.Char(string="What differs", readonly=True)
    erased_on = fields.Date(string="Emptied on", readonly=True)
    erased_rule = fields.Char(string="Emptied by the rule", readonly=True)
    state = fields.Selection(
        [
            ("to_chain", "To be chained"),
            ("chained", "Chained"),
            ("verified", "Verified"),
            ("erased", "Emptied by a rule"),
            ("altered", "Altered"),
        ],
        compute="_compute_state",
    )

    _number_once = models.UniqueIndex(
        "(company_id, number) WHERE number > 0", "This number of the chain is taken."
    )
    _document_idx = models.Index("(res_model, res_id)")
    _to_chain_idx = models.Index("(company_id, id) WHERE number = 0")
    _to_check_idx = models.Index("(checked_on NULLS FIRST, id) WHERE number > 0")

    @api.depends("number", "checked_on", "fault", "erased_on")
    def _compute_state(self):
        for seal in self:
            if seal.fault:
                seal.state = "altered"
            elif not seal.number:
                seal.state = "to_chain"
            elif seal.erased_on:
                seal.state = "erased"
            else:
                seal.state = "verified" if seal.checked_on else "chained"

    @api.depends("sha256")
    def _compute_printed_sha256(self):
        for seal in self:
            seal.printed_sha256 = group_digits(seal.sha256 or "")

    @api.depends("number", "name")
    def _compute_display_name(self):
        for seal in self:
            seal.display_name = self.env._(
                "Seal no. %(number)s – %(name)s", number=seal.number or "…", name=seal.name or ""
            )

    # -- Written once ------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["content_sha256"] = sha256((vals.get("content") or "").encode())
        # Its history is that of the document: no message, no follower, one row per record.
        quiet = dict.fromkeys(
            ("mail_create_nolog", "mail_create_nosubscribe", "tracking_disable"), 1
        )
        seals = super(AccountDunningSeal, self.with_context(**quiet)).create(vals_list)
        seals = seals.with_env(self.env)
        self.env.ref("account_dunning_fr.ir_cron_seal")._trigger()
        return seals

    def _keep_files(self, files):
        """Store which files were sent with each of these documents, with their checksums.

        :param files: for each seal, in order, a list of (id, name, checksum)
        """
        names = ("seal_id", "company_id", "attachment_id", "name", "sha256")
        rows = [
            (seal.id, seal.company_id.id, *file)
            for seal, named in zip(self, files, strict=True)
            for file in named
        ]
        insert_rows(self.env["account.dunning.seal.file"], names, rows)
        self.invalidate_recordset(["file_ids"], flush=False)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A seal is never deleted: a retention rule empties it."))

    def _prepare_erasure_vals(self, rule, on):
        """Return the record that says that this one was erased.

        :param str rule: the rule, in words
        :param date on: the day
        """
        self.ensure_one()
        erased = {
            "number": self.number,
            "document": self.name or "",
            "sha256": self.content_sha256,
            "rule": rule,
            "on": fields.Date.to_string(on),
        }
        return {
            "company_id": self.company_id.id,
            "kind": ERASURE,
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "content": canonical({"erased": erased}),
        }

    # -- The chain ---------------------------------------------------------------------------------

    @api.model
    @recorded("seal")
    def _cron_seal(self):
        """Number what was sent, and link it to what was sent before; triggered by each sending."""
        companies = self.search([("number", "=", 0)]).company_id
        for company in companies.sorted("id"):
            while self._chain(company):
                self.env["ir.cron"]._commit_progress(CHAINED_TOGETHER)
            self.env["ir.cron"]._commit_progress(0)

    @api.model
    @recorded("verify")
    def _cron_verify(self):
        """Verify once a day what was sent: the chain, the documents and the files."""
        self._tell_unchained()
        self._verify_due()

    @api.model
    def _chain(self, company):
        """Link the next records of a creditor to its chain, in the order in which they are visible.

        One worker at a time: the lock lasts until the commit, and no sending takes it.

        :return: whether there may be more of them
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(hashtext('account_dunning_seal'), %s)", company.id)
        )
        waiting = self.search(
            [("company_id", "=", company.id), ("number", "=", 0)],
            order="id",
            limit=CHAINED_TOGETHER,
        )
        last = self._get_last(company)
        number, total = last.number, last.sha256 or ORIGIN
        for seal in waiting:
            number += 1
            total = link(total, number, seal.content_sha256)
            seal.write({"number": number, "sha256": total})
        self.env.flush_all()
        return len(waiting) == CHAINED_TOGETHER

    @api.model
    def _get_last(self, company):
        """Return the last link of a creditor's chain, or an empty record."""
        return self.search(
            [("company_id", "=", company.id), ("number", ">", 0)], order="number DESC", limit=1
        )

    def _as_link(self):
        """Return this record as the core knows it, or None for an empty one."""
        if not self:
            return None
        return Link(
            self.number, self.content_sha256, self.sha256, None if self.erased_on else self.content
        )

    # -- Verification ------------------------------------------------------------------------------

    @api.model
    def _verify_due(self):
        """Verify the records not verified today, a few per commit, the oldest check first."""
        today = fields.Datetime.start_of(fields.Datetime.now(), "day")
        domain = [
            ("number", ">", 0),
            "|",
            ("checked_on", "=", False),
            ("checked_on", "<", today),
        ]
        ids = self.search(domain, order="checked_on, id").ids
        self.env["ir.cron"]._commit_progress(remaining=len(ids))
        for some in split_every(VERIFIED_TOGETHER, ids):
            self.browse(some)._verify()
            self.env["ir.attachment"].invalidate_model(["raw", "datas"])
            if not self.env["ir.cron"]._commit_progress(len(some)):
                return

    def _verify(self):
        """Compare records with the chain, the documents and the files, and store the differences.

        :return: the records that differ
        """
        now = fields.Datetime.now()
        altered = self.browse()
        for seal in self.sorted("number"):
            fault, detail = seal._find_fault()
            if fault:
                altered |= seal
                if not seal.fault:
                    seal._tell_fault(fault, detail)
            seal.write({"checked_on": now, "fault": fault, "fault_detail": detail})
        return altered

    def _find_fault(self):
        """Return the first difference: ``(fault, detail)``, or ``(False, False)``."""
        self.ensure_one()
        before = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("number", "<", self.number),
                ("number", ">", 0),
            ],
            order="number DESC",
            limit=1,
        )
        if fault := find_fault(before._as_link(), self._as_link()):
            return fault, False
        if self.erased_on:
            return (False, False) if self._find_erasure() else ("erased", False)
        return self._find_document_fault() or self._find_file_fault() or (False, False)

    def _find_erasure(self):
        """Return the later record that says which rule erased this one, or an empty record."""
        self.ensure_one()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", ERASURE),
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("content", "!=", False),
            ],
            limit=1,
        )

    def _find_document_fault(self):
        """Return the fault of the document, compared with its last seal, or None."""
        if self.kind == ERASURE or self.res_model not in self.env:
            return None
        known = self.res_model in self.env and self.env[self.res_model].browse(self.res_id)
        document = known and known.exists()
        if not document:
            return "missing", False
        if self != document.seal_ids.sorted("id")[-1:] or not document._has_left():
            return None
        kept = json.loads(self.content)["record"]
        found = json.loads(canonical(document._prepare_sealed_record()))
        names = differing(kept, found)
        return ("record", ", ".join(names)) if names else None

    def _find_file_fault(self):
        """Return the fault of the files, or None."""
        kept = Counter(file["sha256"] for file in json.loads(self.content).get("files", []))
        for file in self.file_ids:
            found = file.attachment_id._get_dunning_sum()
            if not kept[found]:
                return "file", file.name
            kept[found] -= 1
        return ("file", self.env._("a file that left is missing")) if kept.total() else None

    def _tell_fault(self, fault, detail):
        """Schedule an activity on the first altered record; those found with it need none."""
        self.ensure_one()
        _logger.warning("Dunning seal %s: what was sent was altered", self.id)
        open_ones = self.search_count(
            [("company_id", "=", self.company_id.id), ("fault", "!=", False)], limit=1
        )
        if open_ones:
            return
        lang = self.company_id.partner_id._get_dunning_lang()
        seal = self.company_id._in_dunning_day(self.with_context(lang=lang))
        labels = dict(seal._fields["fault"]._description_selection(seal.env))
        seal.activity_schedule(
            TODO,
            user_id=seal._get_responsible().id,
            summary=seal.env._("What was sent was altered: seal no. %s", seal.number),
            note=escape(
                seal.env._(
                    "%(document)s: %(fault)s. %(detail)s A backup holds the original: tell your "
                    "administrator, and print nothing of it before.",
                    document=seal.name or "",
                    fault=labels[fault],
                    detail=detail or "",
                )
            ),
        )

    def _get_responsible(self):
        """Return who is responsible for the chain: the dunning contact, else the administrator."""
        self.ensure_one()
        return self.company_id.dunning_user_id or self.env.ref("base.user_admin")

    @api.model
    def _tell_unchained(self):
        """Schedule an activity if records of an earlier day still have no number."""
        today = fields.Datetime.start_of(fields.Datetime.now(), "day")
        late = self.search([("number", "=", 0), ("sealed_on", "<", today)])
        for company, seals in late.grouped("company_id").items():
            lang = company.partner_id._get_dunning_lang()
            first = company._in_dunning_day(seals[-1].with_context(lang=lang))
            summary = first.env._("Records of what was sent are not chained yet")
            if summary not in first.activity_ids.mapped("summary"):
                first.activity_schedule(TODO, user_id=first._get_responsible().id, summary=summary)

    # -- Actions -----------------------------------------------------------------------------------

    def action_verify(self):
        """Verify these records now, and report the result."""
        self.check_access("read")
        chained = self.sudo().filtered("number")
        altered = chained._verify()
        return notify(
            ", ".join((altered or self).mapped("display_name")),
            title=self.env._("Altered") if altered else self.env._("Intact"),
            tone="danger" if altered else "success",
            then=RELOAD,
        )

    def action_open_document(self):
        """Open the document that was sealed."""
        self.ensure_one()
        known = self.res_model in self.env and self.env[self.res_model].browse(self.res_id)
        document = known and known.exists()
        if not document:
            raise UserError(self.env._("The document is no longer there."))
        return document._get_records_action(name=self.name or "")

    @api.model
    def _describe(self, documents):
        """Return the seals of documents as a page prints them: number and checksum.

        :param documents: records of one model
        :return: ``{document id: list of texts}``
        """
        seals = self.sudo().search(
            [("res_model", "=", documents._name), ("res_id", "in", documents.ids)], order="id"
        )
        return {
            res_id: [seal._get_printed_text() for seal in group]
            for res_id, group in seals.grouped("res_id").items()
        }

    def _get_printed_text(self):
        """Return one seal as printed: its number, its checksum, and the rule that erased it."""
        self.ensure_one()
        if not self.number:
            return self.env._("Seal: in a moment, SHA-256 %s", group_digits(self.content_sha256))
        text = self.env._(
            "Seal no. %(number)s, SHA-256 %(sum)s",
            number=self.number,
            sum=group_digits(self.sha256),
        )
        if self.erased_on:
            text = self.env._(
                "%(seal)s – emptied under the rule %(rule)s", seal=text, rule=self.erased_rule
            )
        return text

    # -- Erasure, once the law no longer allows it to be kept --------------------------------------

    def _erase(self, rule):
        """Erase records of the chain: their checksums stay, and a new record names the rule.

        :param str rule: the rule, in words
        """
        today = creditors_day(self)
        self.file_ids.write({"attachment_id": False, "name": False})
        for seal in self:
            self.create(seal._prepare_erasure_vals(rule, today))
        erased = {"erased_on": today, "erased_rule": rule}
        self.write({"content": False, "partner_id": False, **erased})


class AccountDunningSealFile(models.Model):
    """A file that was sent with a sealed document: it can neither be replaced nor deleted."""

    _name = "account.dunning.seal.file"
    _description = "File of a Seal"
    _inherit = ["account.dunning.guarded"]
    _order = "seal_id, id"

    seal_id = fields.Many2one(
        "account.dunning.seal", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="seal_id.company_id", store=True)
    attachment_id = fields.Many2one(
        "ir.attachment", string="File", readonly=True, index=True, ondelete="restrict"
    )
    name = fields.Char(readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A seal is never deleted: a retention rule empties it."))
