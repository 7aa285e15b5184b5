from collections import defaultdict
from contextlib import closing
from io import BytesIO
from pathlib import Path

from odoo import api, models
from odoo.tools import SQL, file_open
from odoo.tools.translate import get_po_paths, translation_file_reader

ADDON = "account_dunning_fr"  # including the bridges


class IrModuleModule(models.Model):
    """A corrected translation of ours arrives with an update, unless somebody wrote his own.

    Odoo keeps every translation that a database has, whoever wrote it. So the last loaded file is
    stored with the module: a term that still has the translation of that file, and another one in
    the new file, is removed before Odoo loads the new file. Any other translation was typed in the
    database, and stays; so do translations on shipped records that somebody corrected.
    """

    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        ours = [(name, lang) for name in modules if name.startswith(ADDON) for lang in langs]
        for name, lang in () if overwrite else ours:
            self._forget_dunning_terms(name, lang)
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        for name, lang in ours:
            self._remember_dunning_terms(name, lang)
        return result

    @api.model
    def _get_dunning_terms_kept(self, prefix):
        """Return the files that were loaded last, as ``ir.attachment``.

        :param str prefix: prefix of their names: an addon, or a language of it
        """
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self._get(ADDON).id),
                ("name", "=like", prefix.replace("_", r"\_") + "%.po"),
            ]
        )

    @api.model
    def _read_dunning_terms(self, name, lang):
        """Return the translation files of an addon, ``{name to store it under: content}``."""
        files = {}
        for path in get_po_paths(name, lang):
            with file_open(path, "rb") as file:
                files[f"{name}-{lang}-{Path(path).name}"] = file.read()
        return files

    @api.model
    def _remember_dunning_terms(self, name, lang):
        known = {kept.name: kept for kept in self._get_dunning_terms_kept(f"{name}-{lang}-")}
        owner = {"res_model": self._name, "res_id": self._get(ADDON).id}
        for file, content in self._read_dunning_terms(name, lang).items():
            if file not in known:
                self.env["ir.attachment"].create({"name": file, "raw": content, **owner})
            elif known[file].raw != content:
                known[file].raw = content

    @api.model
    def _forget_dunning_terms(self, name, lang):
        """Remove an addon's translations that are still those of the last loaded file."""
        kept = {each.name: each.raw for each in self._get_dunning_terms_kept(f"{name}-{lang}-")}
        files = self._read_dunning_terms(name, lang)
        if not kept or kept == files:
            return
        before, now = _read_terms(kept.values()), _read_terms(files.values())
        values, parts = defaultdict(dict), defaultdict(lambda: defaultdict(dict))
        for key, (source, said) in before.items():
            if said and now.get(key, (source, said))[1] not in ("", said):
                kind, model, field, xmlid, _part = key
                if kind == "model":
                    values[model, field][xmlid] = (source, said)
                else:
                    parts[model, field][xmlid][source] = said
        self.env.flush_all()
        for (model, name), former in values.items():
            if field := self._get_dunning_translated(model, name):
                self._forget_dunning_values(field, former, lang)
        for (model, name), former in parts.items():
            if field := self._get_dunning_translated(model, name):
                for xmlid, said in former.items():
                    self._forget_dunning_parts(field, xmlid, said, lang)
        self.env.invalidate_all()

    @api.model
    def _get_dunning_translated(self, model, name):
        field = self.env[model]._fields.get(name) if model in self.env else None
        return field if field and field.translate and field.store else None

    @api.model
    def _is_dunning_shipped(self, field):
        """Whether a field belongs to records that people correct (``account.dunning.shipped``)."""
        return isinstance(self.env[field.model_name], self.pool["account.dunning.shipped"])

    @api.model
    def _forget_dunning_values(self, field, former, lang):
        """Remove translations of a field with a single term.

        A record that updates do not write (``noupdate``) keeps its translation if its English
        differs.

        :param dict former: ``{external name: (English, translation)}``
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s record SET %(column)s = record.%(column)s - %(lang)s::text
                  FROM unnest(%(names)s::text[], %(sources)s::text[], %(said)s::text[])
                       former (name, source, said)
                  JOIN ir_model_data data ON data.module = split_part(former.name, '.', 1)
                   AND data.name = split_part(former.name, '.', 2) AND data.model = %(model)s
                 WHERE record.id = data.res_id
                   AND record.%(column)s ->> %(lang)s::text = former.said
                   AND (data.noupdate IS NOT TRUE
                        OR record.%(column)s ->> 'en_US' = former.source) AND %(ours)s
                """,
                ours=SQL("record.corrected_here IS NOT TRUE")
                if self._is_dunning_shipped(field)
                else SQL("TRUE"),
                table=SQL.identifier(self.env[field.model_name]._table),
                column=SQL.identifier(field.name),
                lang=lang,
                names=list(former),
                sources=[source for source, _said in former.values()],
                said=[said for _source, said in former.values()],
                model=field.model_name,
            )
        )

    @api.model
    def _forget_dunning_parts(self, field, xmlid, former, lang):
        """Remove translations in a field with many terms, such as a view or a help text.

        :param dict former: ``{English term: translation}``
        """
        record = self.env.ref(xmlid, raise_if_not_found=False)
        if not record or record._name != field.model_name:
            return
        if self._is_dunning_shipped(field) and record.corrected_here:
            return
        stored = field._get_stored_translations(record)
        if not stored or not stored.get("en_US") or lang not in stored:
            return
        known = field.get_translation_dictionary(stored["en_US"], {lang: stored[lang]})
        ours = {term for term, said in former.items() if known[term][lang] == said}
        if ours:
            left = field.translate(
                lambda term: None if term in ours else known[term][lang], stored["en_US"]
            )
            # Written as Odoo's import does: without checks or recomputation.
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = %(column)s || "
                    "jsonb_build_object(%(lang)s, %(left)s::text) WHERE id = %(id)s",
                    table=SQL.identifier(record._table),
                    column=SQL.identifier(field.name),
                    lang=lang,
                    left=left,
                    id=record.id,
                )
            )


def _read_terms(files):
    """Return the translations of records in these files, without those of the code.

    :param files: contents
    :return: ``{(kind, model, field, external name, English term of many): (English, translation)}``
    """
    terms = {}
    for content in files:
        with closing(BytesIO(content)) as file:
            file.name = "kept.po"  # Odoo looks for a template next to the file: there is none
            for row in translation_file_reader(file):
                if row["type"] != "code":
                    model, field = row["name"].split(",")
                    part = row["src"] if row["type"] == "model_terms" else ""
                    xmlid = f"{row['module']}.{row['imd_name']}"
                    terms[row["type"], model, field, xmlid, part] = (row["src"], row["value"])
    return terms
