from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import html2plaintext

MODULE = "account_dunning_fr"
TEXT_SHOWN = 120  # characters of a text in the comparison


class AccountDunningShipped(models.AbstractModel):
    """Records shipped with the addon that people correct and confirm.

    Examples: the rates of a half-year, the courts, the texts of the levels, the call scripts.

    How it works: the shipped values are stored next to the record (``shipped_values``). A record
    that somebody edited is customised (``corrected_here``): an update of the addon shows what it
    ships, but changes nothing. The others follow the shipped values, and new ones are added.
    """

    _name = "account.dunning.shipped"
    _description = "Record Shipped with the Addon"

    shipped_values = fields.Json(readonly=True, copy=False)
    corrected_here = fields.Boolean(
        readonly=True,
        copy=False,
        help="Somebody changed or confirmed it: updates of the addon leave it as it is.",
    )
    shipped_news = fields.Boolean(
        string="Another version is shipped",
        readonly=True,
        copy=False,
        help="An update of the addon brought other values, which were not applied.",
    )
    shipped_difference = fields.Text(
        string="As shipped",
        compute="_compute_shipped_difference",
        help="What comes with the addon, where it differs from what stands here.",
    )

    @api.depends("shipped_values", "corrected_here")
    @api.depends_context("lang")
    def _compute_shipped_difference(self):
        for record in self:
            lines = [
                self.env._(
                    "%(field)s: %(ours)s – shipped: %(theirs)s",
                    field=record._fields[name]._description_string(self.env),
                    ours=record._show_shipped(name, ours),
                    theirs=record._show_shipped(name, theirs),
                )
                for name, (ours, theirs) in record._compare_with_shipped().items()
            ]
            record.shipped_difference = record.corrected_here and "\n".join(lines)

    @api.model
    def _get_shipped_label(self):
        """Return how « À faire » labels records whose shipped version has changed.

        False if it does not list them.
        """
        return False

    def _show_shipped(self, name, value):
        """Return a value of a field as a short text."""
        field = self._fields[name]
        if field.type == "selection":
            value = dict(field._description_selection(self.env)).get(value, value)
        elif field.type == "html":
            value = " ".join(html2plaintext(value or "").split())
        text = str("–" if value is False or value is None else value)
        return text if len(text) <= TEXT_SHOWN else f"{text[:TEXT_SHOWN]}…"

    # -- Actions of users --------------------------------------------------------------------------

    def write(self, vals):
        """Mark an edited record as customised, except while the addon is loading."""
        if self._is_addon_loading():
            return super().write(vals)
        kept = {
            record: {name: record[name] for name in vals if name in (record.shipped_values or {})}
            for record in self
        }
        result = super().write(vals)
        self._note_corrected(
            record
            for record, values in kept.items()
            if any(record[name] != value for name, value in values.items())
        )
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        result = super()._update_field_translations(field_name, translations, digest, source_lang)
        if not self._is_addon_loading():
            self._note_corrected(
                record for record in self if field_name in (record.shipped_values or {})
            )
        return result

    def _note_corrected(self, records):
        corrected = self.browse(record.id for record in records if not record.corrected_here)
        if corrected:
            corrected.sudo().write({"corrected_here": True})

    def action_take_shipped(self):
        """Replace the values by the shipped ones, and follow updates again."""
        self.check_access("write")
        for record in self:
            values = record._compare_with_shipped()
            # What is shipped confirms a figure, or asks for a new confirmation: no person writes
            # that.
            record.sudo().write({name: theirs for name, (_ours, theirs) in values.items()})
            record.sudo().write({"corrected_here": False, "shipped_news": False})

    def action_keep_ours(self):
        """Keep the values; asked again when another version is shipped."""
        self.check_access("write")
        self.sudo().write({"shipped_news": False})

    # -- Loading -----------------------------------------------------------------------------------

    @api.model
    def _is_addon_loading(self):
        """Whether Odoo is installing or updating addons: its registry then serves nobody yet.

        Not read from the context, which callers from outside can fill.
        """
        return not self.env.registry.ready

    def _load_records(self, data_list, update=False):
        if self._is_addon_loading():
            # Earlier versions shipped some of them as « noupdate ».
            names = [data["xml_id"].partition(".")[2] for data in data_list if data.get("xml_id")]
            self.env["ir.model.data"].sudo().search(
                [
                    ("module", "=", MODULE),
                    ("model", "=", self._name),
                    ("name", "in", names),
                    ("noupdate", "=", True),
                ]
            ).noupdate = False
            self.env["ir.model.data"].flush_model(["noupdate"])  # read by SQL
        return super()._load_records(data_list, update)

    def _load_records_create(self, vals_list):
        if not self._is_addon_loading():
            return super()._load_records_create(vals_list)
        shipped = [self._get_shippable(vals) for vals in vals_list]
        typed = [self._find_typed(vals) for vals in vals_list]
        created = super()._load_records_create(
            [vals for vals, found in zip(vals_list, typed, strict=True) if not found]
        )
        fresh = iter(created)
        records = self.browse()
        for values, found in zip(shipped, typed, strict=True):
            record = found or next(fresh)
            record.write({"shipped_values": values, "corrected_here": bool(found)})
            if found:
                record.shipped_news = bool(record._compare_with_shipped())
            records += record
        return records

    @api.model
    def _find_typed(self, vals):
        """Return the record that a person entered before it was shipped, if there is one."""
        return self.browse()

    def _load_records_write(self, values):
        if not self._is_addon_loading():
            return super()._load_records_write(values)
        shipped, known = self._get_shippable(values), self.shipped_values
        # Asked first: the next line is a write by the update itself.
        corrected = self.corrected_here or (not known and self._was_written_on())
        self.write({"shipped_values": shipped})
        if not corrected:
            self._follow_shipped(values, shipped, known or {})
            return None
        # Even if it equals what is shipped, a translation may have other words.
        news = bool(self._compare_with_shipped()) and (self.shipped_news or shipped != known)
        self.write({"corrected_here": True, "shipped_news": news})
        return None

    def _follow_shipped(self, values, shipped, known):
        """Write the changes of what is shipped; its translations are then loaded again."""
        changed = {
            name: value
            for name, value in values.items()
            if name not in shipped or name not in known or shipped[name] != known[name]
        }
        if changed:
            self.write(changed)
        others = {code for code, _name in self.env["res.lang"].get_installed()} - {"en_US"}
        for name in shipped:
            if self._fields[name].translate is True and others:
                self._update_field_translations(name, dict.fromkeys(others, False))

    def _was_written_on(self):
        """Whether somebody edited a record in a version that did not record that yet."""
        self.ensure_one()
        return self.write_uid.id not in (False, SUPERUSER_ID)

    @api.model
    def _get_shippable(self, values):
        """Return the values of a data file as JSON stores them, without lists of records."""
        return {
            name: str(value) if isinstance(value, Markup) else value
            for name, value in values.items()
            if name in self._fields
            and self._fields[name].store
            and self._fields[name].type not in ("one2many", "many2many", "properties")
            and isinstance(value, (str, int, float, bool, type(None)))
        }

    def _compare_with_shipped(self):
        """Return ``{field: (current value, shipped value)}`` of those that differ, in English."""
        self.ensure_one()
        record, found = self.with_context(lang=None), {}
        for name, value in (self.shipped_values or {}).items():
            field = record._fields.get(name)
            if not field:
                continue
            theirs = field.convert_to_record(field.convert_to_cache(value, record), record)
            if record[name] != theirs:
                ours = record[name]
                if field.relational:
                    ours, theirs = ours.id, theirs.id
                found[name] = (ours, theirs)
        return found
