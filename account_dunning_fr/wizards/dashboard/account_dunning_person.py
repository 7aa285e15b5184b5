import json
from base64 import b64encode
from datetime import date, datetime

from odoo import api, fields, models

from ...core.filenames import safe_name
from ...dossier.archive import build_zip
from ...models.common.dialogs import open_dialog

ADDON = "account_dunning"
SECRET = ("token", "password")
SKIPPED = ("message_", "activity_", "my_activity_", "rating_", "website_message_", "access_")


class AccountDunningPerson(models.TransientModel):
    """The data held on a customer in this software, given to him on request (GDPR art. 15).

    Within the user's own access rights, in a machine-readable form, with the files sent to or by
    the customer.
    """

    _name = "account.dunning.person"
    _inherit = ["account.dunning.dialog"]
    _description = "What Is Held on a Customer"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    with_files = fields.Boolean(string="With the files", default=True)
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    def action_export(self):
        """Make the archive, and download it."""
        self.ensure_one()
        data, files = self._collect()
        today = fields.Date.context_today(self)
        text = json.dumps(data, ensure_ascii=False, indent=2, default=str)
        content = build_zip([("data.json", text.encode()), *files], today)
        name = safe_name(f"{self.partner_id.display_name} {today}", "zip")
        self.write({"file": b64encode(content), "file_name": name})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{name}?download=true",
            "target": "self",
        }

    # -- What is collected -------------------------------------------------------------------------

    def _collect(self):
        """Return the data held, and the files.

        :return: (dict by model, list of (name, content))
        """
        family = self.env["res.partner"].search([("id", "child_of", self.partner_id.ids)])
        data = {"customer": [self._describe(partner, ADDON) for partner in family]}
        files, seen = [], set()
        for model in self._get_models():
            records = self.env[model].search([("partner_id", "in", family.ids)], order="id")
            if not records:
                continue
            data[model] = [self._describe(record) for record in records]
            messages = self._get_messages(records)
            if messages:
                data[f"{model} – messages"] = messages
            if self.with_files:
                files += self._get_files(records, seen)
        return data, files

    @api.model
    def _get_models(self):
        """Return the models of this addon that hold customer data and that the user may read."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if (model._original_module or "").startswith(ADDON)
            and not (model._abstract or model._transient)
            and model._auto
            and "partner_id" in model._fields
            and model._fields["partner_id"].store
            and self.env[name].has_access("read")
        )

    @api.model
    def _describe(self, record, only="", nested=True):
        """Return the stored fields of a record by name.

        :param str only: only the fields of addons whose name begins with it
        :param bool nested: whether to include the lines of the record
        """
        described = {"name": record.display_name}
        for name, field in record._fields.items():
            if not self._is_told(record, field, only):
                continue
            if field.type != "one2many":
                if field.store and record[name]:
                    described[name] = self._get_value(record[name])
            elif nested and field.comodel_name.startswith("account.dunning."):
                lines = record[name]
                if lines.has_access("read") and lines:
                    described[name] = [self._describe(line, nested=False) for line in lines]
        return described

    @api.model
    def _is_told(self, record, field, only):
        """Return whether a field is included: no file, no secret, nothing the user may not read.

        :param str only: only the fields of addons whose name begins with it
        """
        name = field.name
        if not (field._module or "").startswith(only) or field.type == "binary":
            return False
        if name.startswith(SKIPPED) or any(word in name for word in SECRET):
            return False
        return record._has_field_access(field, "read")

    @api.model
    def _get_value(self, value):
        """Return a value in a form that JSON can represent."""
        if isinstance(value, models.BaseModel):
            names = value.sudo().mapped("display_name")
            return names[0] if len(names) == 1 else names
        if isinstance(value, (date, datetime)):
            return value.isoformat()
        return value if isinstance(value, (bool, int, float, dict)) else str(value)

    @api.model
    def _get_messages(self, records):
        """Return what was written about records, as shown in their history."""
        messages = self.env["mail.message"].search(
            [("model", "=", records._name), ("res_id", "in", records.ids)], order="date, id"
        )
        return [
            {
                "date": message.date.isoformat(),
                "author": message.author_id.sudo().name or message.email_from or "",
                "subject": message.subject or "",
                "text": str(message.body or ""),
            }
            for message in messages
            if message.body or message.subject
        ]

    @api.model
    def _get_files(self, records, seen):
        """Return the files of records that the user may read, each once.

        :param set seen: ids of those already returned
        """
        files = self.env["ir.attachment"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)], order="id"
        )
        given = []
        for file in files.filtered(lambda file: file.type == "binary" and file.id not in seen):
            seen.add(file.id)
            base, _dot, extension = (file.name or "").rpartition(".")
            name = safe_name(f"{file.id} {base or file.name}", extension or "bin")
            given.append((f"files/{name}", file._get_dunning_content()))
        return given


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_dunning_person(self):
        """Ask for the data held on this customer."""
        self.ensure_one()
        return open_dialog(
            "account.dunning.person",
            self.env._("What is held on this customer"),
            {"default_partner_id": self.commercial_partner_id.id},
        )
