from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, html2plaintext

SHOWN_DAYS = 90  # a change of the account on the letters is told for so long where one switches on


class AccountDunningChange(models.Model):
    """Who changed a setting that decides what is sent: when, from what, to what.

    Of policies, levels and their texts, rules, rates, courts, call scripts, and of the dunning
    settings of a company. What concerns a customer is in the customer's own history. A deleted
    setting keeps its changes. Nobody writes or erases them; the installation of the addon, and its
    updates, are none.
    """

    _name = "account.dunning.change"
    _description = "Change of a Dunning Setting"
    _inherit = ["account.dunning.guarded"]
    _order = "id DESC"
    _rec_name = "record_name"

    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    kind = fields.Selection(
        [("created", "Created"), ("changed", "Changed"), ("deleted", "Deleted")],
        string="What was done",
        required=True,
        readonly=True,
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", readonly=True)
    record_name = fields.Char(string="Setting", readonly=True)
    field_name = fields.Char(readonly=True)
    what = fields.Char(string="Kind of setting", compute="_compute_what")
    label = fields.Char(string="Field", compute="_compute_what")
    lang = fields.Char(string="Language", readonly=True, help="Of a text that is translated.")
    old_value = fields.Text(string="From", readonly=True)
    new_value = fields.Text(string="To", readonly=True)

    @api.depends("res_model", "field_name")
    @api.depends_context("lang")
    def _compute_what(self):
        for change in self:
            model = self.env.get(change.res_model)
            field = None if model is None else model._fields.get(change.field_name)
            change.what = model is not None and self.env["ir.model"]._get(model._name).name
            change.label = field._description_string(self.env) if field else change.field_name

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was changed is kept: it cannot be deleted."))


class AccountDunningTracked(models.AbstractModel):
    """A setting whose changes are written down (``account.dunning.change``)."""

    _name = "account.dunning.tracked"
    _description = "Dunning Setting whose Changes are Kept"

    @api.model
    def _is_dunning_tracked(self, name):
        """Return whether the changes of a field are kept: of all that somebody chooses."""
        field = self._fields[name]
        return (
            field.store
            and field.type != "one2many"
            and not (field.compute and field.readonly)
            and name not in models.MAGIC_COLUMNS
            and not name.startswith(("message_", "activity_", "website_message"))
        )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if self.env.registry.ready:
            records._log_dunning_changes("created")
        return records

    def write(self, vals):
        names = [name for name in vals if name in self._fields and self._is_dunning_tracked(name)]
        if not names or not self.env.registry.ready:
            return super().write(vals)
        before = self._read_dunning_tracked(names)
        result = super().write(vals)
        self._log_dunning_writes(before, names)
        return result

    def unlink(self):
        if self.env.registry.ready:
            self._log_dunning_changes("deleted")
        return super().unlink()

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """A text translated in its own dialog is changed too."""
        if not self.env.registry.ready:
            return super()._update_field_translations(
                field_name, translations, digest=digest, source_lang=source_lang
            )
        langs = [lang for lang, _label in self.env["res.lang"].get_installed()]
        in_langs = self._get_dunning_in(langs)
        before = [records._read_dunning_tracked([field_name]) for records in in_langs]
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        for records, values in zip(in_langs, before, strict=True):
            records._log_dunning_writes(values, [field_name])
        return result

    def _get_dunning_in(self, langs):
        return [self.with_context(lang=lang) for lang in langs]

    def _read_dunning_tracked(self, names):
        """Return how these fields read now, ``{id: {field: text}}``."""
        return {
            record.id: {name: record._get_dunning_tracked_text(name) for name in names}
            for record in self.sudo()
        }

    def _get_dunning_tracked_text(self, name):
        """Return the value of a field as somebody reads it; of a file, its SHA-256."""
        field, value = self._fields[name], self.with_context(bin_size=False)[name]
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if value is False or value is None:
            return ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "binary":
            return f"SHA-256 {sha256(value).hexdigest()}"
        return html2plaintext(value) if field.type == "html" else str(value)

    def _log_dunning_writes(self, before, names):
        """Write down what differs from before, in the language in which it was written."""
        after = self._read_dunning_tracked(names)
        vals_list = [
            {
                **record._prepare_dunning_change("changed"),
                "field_name": name,
                "lang": self._fields[name].translate and (self.env.lang or "en_US"),
                "old_value": before[record.id][name],
                "new_value": after[record.id][name],
            }
            for record in self.sudo()
            for name in names
            if before[record.id][name] != after[record.id][name]
        ]
        self.env["account.dunning.change"].sudo().create(vals_list)

    def _log_dunning_changes(self, kind):
        """Write down that these settings were created, or are deleted."""
        self.env["account.dunning.change"].sudo().create(
            [record._prepare_dunning_change(kind) for record in self.sudo()]
        )

    def _prepare_dunning_change(self, kind):
        self.ensure_one()
        company = self if self._name == "res.company" else self._fields.get("company_id")
        return {
            "company_id": self.id if company is self else company and self.company_id.id,
            "kind": kind,
            "res_model": self._name,
            "res_id": self.id,
            "record_name": self.display_name,
        }


class AccountDunningPolicy(models.Model):
    _name = "account.dunning.policy"
    _inherit = ["account.dunning.policy", "account.dunning.tracked"]


class AccountDunningLevel(models.Model):
    _name = "account.dunning.level"
    _inherit = ["account.dunning.level", "account.dunning.tracked"]


class AccountDunningRule(models.Model):
    _name = "account.dunning.rule"
    _inherit = ["account.dunning.rule", "account.dunning.tracked"]


class AccountDunningRate(models.Model):
    _name = "account.dunning.rate"
    _inherit = ["account.dunning.rate", "account.dunning.tracked"]


class AccountDunningCourt(models.Model):
    _name = "account.dunning.court"
    _inherit = ["account.dunning.court", "account.dunning.tracked"]


class AccountDunningCallScript(models.Model):
    _name = "account.dunning.call.script"
    _inherit = ["account.dunning.call.script", "account.dunning.tracked"]


class ResCompany(models.Model):
    """The switches, limits and documents of a company, and the account on its letters."""

    _name = "res.company"
    _inherit = ["res.company", "account.dunning.tracked"]

    dunning_iban = fields.Char(
        string="Account on the letters",
        readonly=True,
        copy=False,
        help="The account that letters bear where an invoice names none of the creditor's: "
        "followed, so that a change is seen.",
    )

    @api.model
    def _is_dunning_tracked(self, name):
        return name.startswith("dunning_") and super()._is_dunning_tracked(name)

    def _log_dunning_changes(self, kind):
        """A company is none of our settings: only its dunning fields are."""

    def _follow_dunning_account(self):
        """Write down the account on the letters of these companies' creditors, if it changed."""
        for creditor in self.sudo().dunning_creditor_id:
            number = creditor._get_dunning_bank_account().acc_number or False
            if creditor.dunning_iban != number:
                creditor.dunning_iban = number

    def _get_dunning_account_warning(self, today):
        """Return for the user who changed the account on the letters lately, or False.

        :param date today: the day of the look
        """
        self.ensure_one()
        change = self.env["account.dunning.change"].sudo()
        change = change.search(
            [
                ("company_id", "=", self.id),
                ("field_name", "=", "dunning_iban"),
                ("create_date", ">=", fields.Date.subtract(today, days=SHOWN_DAYS)),
            ],
            limit=1,
        )
        return bool(change) and self.env._(
            "%(user)s changed the account on the letters on %(date)s, from %(old)s to %(new)s: "
            "check that it is yours.",
            user=change.create_uid.name,
            date=format_date(self.env, change.create_date.date()),
            old=change.old_value or self.env._("none"),
            new=change.new_value or self.env._("none"),
        )


class AccountJournal(models.Model):
    _inherit = "account.journal"

    @api.model_create_multi
    def create(self, vals_list):
        journals = super().create(vals_list)
        journals.filtered("bank_account_id").company_id._follow_dunning_account()
        return journals

    def write(self, vals):
        companies = self.company_id
        result = super().write(vals)
        if {"bank_account_id", "bank_acc_number", "active", "type"} & vals.keys():
            (companies | self.company_id)._follow_dunning_account()
        return result

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        companies._follow_dunning_account()
        return result


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    def write(self, vals):
        result = super().write(vals)
        if {"acc_number", "active", "currency_id", "partner_id"} & vals.keys():
            self._get_dunning_companies()._follow_dunning_account()
        return result

    def unlink(self):
        companies = self._get_dunning_companies()
        result = super().unlink()
        companies._follow_dunning_account()
        return result

    def _get_dunning_companies(self):
        """Return the companies that have a bank journal with one of these accounts."""
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        return journals.search([("bank_account_id", "in", self.ids)]).company_id
