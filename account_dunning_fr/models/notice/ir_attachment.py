import shutil
from collections import defaultdict
from hashlib import sha1
from pathlib import Path
from uuid import uuid4

from odoo import api, models
from odoo.addons.base.models.ir_attachment import IrAttachment as OdooAttachment
from odoo.exceptions import UserError

from ...core.seals import sha256
from ...dossier.archive import sum_file
from ..common.account_dunning_retained import is_erasing
from ..common.private_context import passed
from ..common.upstream import ATTACHMENTS, is_written_in

UPLOAD_MOST = 25  # megabytes of an uploaded file
CONTENT = {
    "raw",
    "datas",
    "db_datas",
    "store_fname",
    "checksum",
    "name",
    "mimetype",
    "res_model",
    "res_id",
    "res_field",
    "type",
    "url",
    "public",
}

# How Odoo stores files in its folder: a module that stores them elsewhere replaces some of these.
FILING = ("_file_write", "_get_path", "_compute_checksum", "_get_datas_related_values")
# Models that name the files used as evidence, each with its SHA-256.
NAMERS = ("account.dunning.seal.file", "account.dunning.proof")


class _Slices:
    """A file on disk in the form in which Odoo compares bytes with a file: slice by slice."""

    def __init__(self, file):
        self._file = file

    def __getitem__(self, part):
        self._file.seek(part.start)
        return self._file.read(part.stop - part.start)


class IrAttachment(models.Model):
    """The files of sent notices, and their proofs, are not changed."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_dunning_upload(vals.get("res_model"), vals.get("res_field"), vals)
        attachments = super().create(vals_list)
        attachments._check_dunning_fields()
        dropped = attachments.filtered(
            lambda a: a.res_id and not a.res_field and self._takes_dunning_drops(a.res_model)
        )
        for (model, res_id), files in dropped.grouped(lambda a: (a.res_model, a.res_id)).items():
            self.env[model].browse(res_id)._on_files_dropped(files)
        return attachments

    @api.model
    def _takes_dunning_drops(self, model):
        """Whether a file dropped on a record of a model becomes one of its proofs."""
        return bool(getattr(self.env.registry.models.get(model), "_on_files_dropped", None))

    def write(self, vals):
        if vals.get("raw") or vals.get("datas"):
            for attachment in self.sudo():
                owner, field = attachment.res_model, attachment.res_field
                self._check_dunning_upload(owner, field, vals)
        files = self if CONTENT.intersection(vals) else self.browse()
        files._check_dunning_fields()
        kept = files._get_dunning_evidence() | files._get_dunning_received()
        before = {evidence: evidence._get_dunning_identity() for evidence in kept}
        result = super().write(vals)
        files._check_dunning_fields()  # at its destination
        changed = kept.filtered(lambda a: a._get_dunning_identity() != before[a])
        changed._refuse_dunning_evidence(
            self.env._("The file %s is evidence of a message that was sent: it stays as it is.")
        )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_evidence(self):
        self._check_dunning_fields()
        kept = self._get_dunning_evidence() | self._get_dunning_received()
        kept._refuse_dunning_evidence(
            self.env._("The file %s is evidence of a message that was sent: it is not deleted.")
        )

    def _check_dunning_fields(self):
        """Refuse changes to the file of one of our fields: the field itself has to be written.

        Odoo stores the content of such a field in an attachment, and only checks write access to
        the record: neither who may write the field, nor the checks made with it.

        :raise AccessError: naming the field
        """
        if self.env.su:
            return  # as the field itself does
        guarded = self.env.registry["account.dunning.field.guard"]
        for file in self.sudo().filtered("res_field"):
            model = self.env.get(file.res_model)
            field = isinstance(model, guarded) and model._fields.get(file.res_field)
            if field and model._is_dunning_guarded(field):
                model._refuse_dunning_write(field)

    def _get_dunning_received(self):
        """Return those of these files that are in the history of a document that was sent.

        Including those attached to replies: whoever may read the reply may read them.
        """
        ours = self.sudo().filtered(
            lambda file: (
                file.res_id
                and not file.res_field
                and (file.res_model or "").startswith("account.dunning.")
            )
        )
        if not ours:
            return self.browse()
        messages = self.env["mail.message"].sudo().search([("attachment_ids", "in", ours.ids)])
        told = messages._get_dunning_history()
        documents = {
            (file, message.model, message.res_id)
            for message in told
            for file in message.attachment_ids
        }
        return ours.filtered(
            lambda file: (file, file.res_model, file.res_id) in documents
        ).with_env(self.env)

    def _get_dunning_evidence(self):
        """Return those of these files that prove what was sent, or how it was received.

        Files of what was sent are named by its seal; files received, by the proofs.
        """
        if not self.ids:
            return self.browse()
        found = self.browse()
        for model in NAMERS:
            rows = self.env[model].sudo().search([("attachment_id", "in", self.ids)])
            found |= rows.attachment_id
        return found & self

    def _unlink_dunning_unnamed(self):
        """Delete these files, except those named by a seal: their posting was recorded once."""
        (self - self._get_dunning_evidence()).unlink()

    def _get_dunning_identity(self):
        """Return what must not change in a file that is evidence."""
        self.ensure_one()
        file = self.sudo()
        place = (file.type, file.url, file.public, file.res_model, file.res_id)
        identity = (file._get_dunning_sum(), file.mimetype, *place)
        # Odoo renames the PDF of an invoice that is reset to draft, and removes it from its field.
        ours = (file.res_model or "").startswith("account.dunning.")
        return (*identity, file.name, file.res_field) if ours else identity

    # -- Whose a file is -------------------------------------------------------------------------

    def _filter_dunning_owned(self, owner, sha256=None):
        """Return those of these files that belong to a record, with the checksum it recorded.

        A field of a record may point to any file in the database; what is shown, sent or printed
        with more rights than the reader's must be a file of that record, or nothing.

        :param owner: the record, or records, that the files must be attached to
        :param str sha256: the recorded checksum, if any
        """
        owned = self.sudo().filtered(
            lambda a: a.type == "binary" and a.res_model == owner._name and a.res_id in owner.ids
        )
        if sha256:
            owned = owned.filtered(lambda a: a._get_dunning_sum() == sha256)
        return owned.with_env(self.env)

    def _copy_dunning_to(self, owner):
        """Return a copy of a file that belongs to a record; the filestore keeps one content.

        :param owner: the record that gets the file
        """
        self.ensure_one()
        file = self.sudo()
        copied = file.create(
            {
                "name": file.name,
                "raw": file.raw,
                "mimetype": file.mimetype,
                "res_model": owner._name,
                "res_id": owner.id,
            }
        )
        return copied.with_env(self.env)

    def _take_dunning_over(self, owner):
        """Return a file that belongs to a record: a new upload itself, or else a copy.

        :param owner: the record that gets the file
        """
        self.ensure_one()
        file = self.sudo()
        if file.res_id or file.res_field:
            return self._copy_dunning_to(owner)
        file.write({"res_model": owner._name, "res_id": owner.id})
        return self

    # -- What is uploaded ------------------------------------------------------------------------

    @api.model
    def _check_dunning_upload(self, model, field, vals):
        """Refuse a file that is too large for an e-mail, a mailbox and a court's platform.

        Files made by the software (a whole court file) are not concerned.

        :param str model: model of the record that it is for
        :param str field: field of the record whose content it is, if any
        :param dict vals: values of the attachment
        :raise UserError: with the limit
        """
        if not self._is_dunning_upload(model, field):
            return
        encoded = vals.get("datas") or b""
        size = len(vals.get("raw") or b"") or len(encoded) * 3 // 4
        if size > UPLOAD_MOST * 1024 * 1024:
            raise UserError(
                self.env._(
                    "The file %(name)s is of more than %(size)s MB: make it smaller, for instance "
                    "by scanning it in black and white, or cut it in two.",
                    name=vals.get("name") or "",
                    size=UPLOAD_MOST,
                )
            )

    @api.model
    def _is_dunning_upload(self, model, field):
        """Whether a person uploads this file to the addon: into a field, or onto a record."""
        if not model or model not in self.env:
            return False
        if field:
            filled = self.env[model]._fields.get(field)
            own = model.startswith("account.dunning.") or field.startswith("dunning_")
            return bool(filled) and own and not filled.readonly
        return model.startswith("account.dunning.") and not self.env.su

    def _refuse_dunning_evidence(self, message):
        """:raise UserError: with this message and the name of the first of these files"""
        if self and not is_erasing(self.env):
            raise UserError(message % self[0].sudo().name)

    # -- Attaching and inspecting files ------------------------------------------------------------

    @api.model
    def _attach_dunning(self, record, name, content, mimetype="application/pdf"):
        """Attach a file made by the software to a record.

        :param str name: file name
        :param bytes content: the file
        :param str mimetype: its type; None: determined from the content
        :return: ``ir.attachment`` as superuser: of any size, since it was made here
        """
        return self.sudo().create(
            {
                "name": name,
                "raw": content,
                "mimetype": mimetype,
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    @api.model
    def _attach_dunning_file(self, record, name, path, mimetype):
        """Attach a file as ``_attach_dunning`` does, without loading it into memory.

        Like Odoo's ``_set_attachment_data`` for bytes: recorded and flushed before it is in the
        folder, so that garbage collection does not take it for an orphan. If files are not stored
        Odoo's way, its bytes are passed on.

        :param Path path: the file, which is moved, possibly from another disk
        """
        if not self._is_dunning_filing_odoos():
            return self._attach_dunning(record, name, path.read_bytes(), mimetype)
        attachment = self._attach_dunning(record, name, b"", mimetype)
        checksum = sum_file(path, sha1(usedforsecurity=False))
        with path.open("rb") as file:
            # Read only if that name exists: it has to be the same file.
            store_fname, stored = self._get_path(_Slices(file), checksum)
        vals = {
            "store_fname": store_fname,
            "checksum": checksum,
            "file_size": path.stat().st_size,
        }
        # Odoo's own ``write`` removes these keys, so its ``_set_attachment_data`` does the same.
        super(OdooAttachment, attachment).write(vals)  # pylint: disable=super-method-mismatch
        attachment.flush_recordset(["checksum", "store_fname"])
        if not Path(stored).exists():
            self._mark_for_gc(store_fname)  # the transaction may fail
            # From another disk it is copied: half a file never has the name of the whole one.
            part = Path(f"{stored}.{uuid4().hex}")
            try:
                shutil.move(path, part)
                part.replace(stored)
            finally:
                part.unlink(missing_ok=True)
        return attachment

    @api.model
    def _is_dunning_filing_odoos(self):
        """Whether files are stored in Odoo's folder, in Odoo's way."""
        return self._storage() == "file" and is_written_in(
            ATTACHMENTS, *(getattr(self, name) for name in FILING)
        )

    def _get_dunning_sum(self):
        """Return the SHA-256 of this file's content, computed now; that of nothing if it has none.

        While notices are sent, proof and seal use the same checksum, so that each file is read only
        once.
        """
        sums = passed(self.env, "sums")
        if sums is None:
            return sha256(self._read_dunning_now())
        if self.id not in sums:
            sums[self.id] = sha256(self._read_dunning_now())
        return sums[self.id]

    def _read_dunning_now(self):
        """Return the content of this file as stored at this moment.

        Like ``raw``, but neither read from the cache nor put into it: there may be hundreds.

        :rtype: bytes
        """
        file = self.sudo().browse(self.ids)  # alone: with the others, all would be read at once
        if file.store_fname:
            return file._file_read(file.store_fname) or b""
        file.invalidate_recordset(["raw"], flush=False)  # stored in the database
        return file.raw or b""

    def _get_dunning_kept_sums(self):
        """Return the checksums recorded when these files were sent or filed as proofs.

        :return: ``{attachment id: set of checksums}``, without files that have none
        """
        sums = defaultdict(set)
        for model in NAMERS:
            for row in self.env[model].sudo().search([("attachment_id", "in", self.ids)]):
                sums[row.attachment_id.id].add(row.sha256)
        return sums

    def _check_dunning_sum(self):
        """:raise UserError: if one of these files is evidence, and is no longer the same"""
        sums = self._get_dunning_kept_sums()
        for file in self.filtered(lambda file: file.id in sums):
            file._read_dunning_apart(sums)

    def _read_dunning_apart(self, sums):
        """Return the content of a file, like ``_read_dunning_now``, after checking it.

        :param dict sums: as returned by ``_get_dunning_kept_sums``
        :rtype: bytes
        :raise UserError: if it is evidence, and is no longer the same
        """
        content = self._read_dunning_now()
        kept = sums.get(self.id)
        if kept and kept != {sha256(content)}:
            raise UserError(
                self.env._(
                    "The file %s is no longer the one that was kept: it is not given. Tell "
                    "your administrator: a backup holds the original.",
                    self.sudo().name,
                )
            )
        return content

    def _get_dunning_content(self):
        """Return the content of a file that is about to be handed out.

        :rtype: bytes
        :raise UserError: if it is evidence, and is no longer the same
        """
        return self._read_dunning_apart(self._get_dunning_kept_sums())

    def _to_http_stream(self):
        if self.res_model and not self.public:
            self._check_dunning_sum()
        return super()._to_http_stream()

    # -- Files kept by retention rules -------------------------------------------------------------

    def _get_dunning_named(self):
        """Return those of these files still named by a record, which are not to be emptied."""
        named = self._get_dunning_evidence()
        for name, model in self.env.registry.items():
            for field in getattr(model, "_dunning_named_files", ()) if not model._abstract else ():
                named |= self.env[name].sudo().search([(field, "in", self.ids)])[field] & self
        return named
