from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from ...core.seals import sha256

SHOWN_DAYS = 90  # how long a change of the account printed on letters is shown on the go-live page


class AccountDunningChange(models.Model):
    """Who changed a setting that decides what is sent: when, from what, to what.

    It covers policies, levels and their texts, rules, rates, courts, call scripts, and the dunning
    settings of a company. Changes of a customer are in the customer's own history. The changes of a
    deleted setting are kept. Nobody writes or deletes them; installing or updating the addon
    records none.
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
    res_id = fields.Many2oneReference(
        string="Record concerned", model_field="res_model", readonly=True
    )
    record_name = fields.Char(string="Setting", readonly=True)
    field_name = fields.Char(readonly=True)
    what = fields.Char(string="Kind of setting", compute="_compute_what")
    label = fields.Char(string="Field", compute="_compute_what")
    lang = fields.Char(string="Language", readonly=True, help="Of a text that is translated.")
    old_value = fields.Text(string="Before", readonly=True)
    new_value = fields.Text(string="After", readonly=True)

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
    """A setting whose changes are recorded (``account.dunning.change``)."""

    _name = "account.dunning.tracked"
    _description = "Dunning Setting whose Changes are Kept"

    @api.model
    def _is_dunning_tracked(self, name):
        """Return whether the changes of a field are recorded: all fields that users set."""
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
        """Record texts translated in their own dialog, too."""
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
        """Return these fields as text, ``{id: {field: text}}``."""
        return {
            record.id: {name: record._get_dunning_tracked_text(name) for name in names}
            for record in self.sudo()
        }

    def _get_dunning_tracked_text(self, name):
        """Return the value of a field as text; of a file, its SHA-256."""
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
            return f"SHA-256 {sha256(value)}"
        return html2plaintext(value) if field.type == "html" else str(value)

    def _log_dunning_writes(self, before, names):
        """Record what differs from before, in the language in which it was written."""
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
        """Record that these settings were created or deleted."""
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
