from odoo import fields, models
from odoo.exceptions import UserError

from ...core.seals import canonical


class AccountDunningSealed(models.AbstractModel):
    """A document that is sent: it is sealed, and stays as it was sent.

    The model says what its record is, from what it has stored for good. Each time the document is
    sent, ``_seal`` keeps that record; verification compares the current record with the last one
    kept.
    """

    _name = "account.dunning.sealed"
    _inherit = ["account.dunning.retained"]
    _description = "Document that Leaves"

    seal_ids = fields.One2many(
        "account.dunning.seal",
        "res_id",
        string="Seals",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
    )

    def _has_left(self):
        """Return the documents that were sent, which makes them evidence."""
        raise NotImplementedError

    def _get_with_history(self):
        """Return the documents whose history is evidence: those sent at least once."""
        return self._has_left() | self.filtered("seal_ids")

    def _get_seal_kind(self):
        """Return the kind of the seals of this model, a key of its field ``kind``."""
        raise NotImplementedError

    def _prepare_sealed_record(self):
        """Return what was sent, from what is stored for good.

        :return: dict for ``core.seals.canonical``
        """
        raise NotImplementedError

    def _prepare_sealed_note(self):
        """Return what helps to read the record but may change later: it is never compared."""
        self.ensure_one()
        return {"creditor": self.company_id.name, "customer": self.partner_id.name}

    def _get_sealed_files(self):
        """Return the files that were sent, and those that prove it (``ir.attachment``)."""
        raise NotImplementedError

    def _get_seal_company(self):
        """Return the company whose chain this document belongs to: its creditor."""
        self.ensure_one()
        return self.company_id

    def _seal(self, **note):
        """Keep the record of these documents as they are sent now, without waiting for a number.

        :param note: what helps to read the record, in addition to each document's own note
        :return: the ``account.dunning.seal`` records
        """
        documents = self.sudo()
        files = [
            [(file.id, file.name, file._get_dunning_sum()) for file in document._get_sealed_files()]
            for document in documents
        ]
        seals = self.env["account.dunning.seal"].sudo()
        seals = seals.create(
            [
                document._prepare_seal_vals(named, note)
                for document, named in zip(documents, files, strict=True)
            ]
        )
        seals._keep_files(files)
        return seals

    def _prepare_seal_vals(self, files, note):
        """Return the values of the seal of this document.

        :param files: list of (id, name, checksum) of what was sent
        :param dict note: what helps to read the record
        """
        self.ensure_one()
        record = {
            "record": self._prepare_sealed_record(),
            "note": {**self._prepare_sealed_note(), **note},
            "files": [{"name": name, "sha256": total} for _id, name, total in files],
        }
        return {
            "company_id": self._get_seal_company().id,
            "kind": self._get_seal_kind(),
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "partner_id": self.partner_id.id,
            "content": canonical(record),
        }

    # -- What was sent is frozen, and its history too ----------------------------------------------

    def unlink(self):
        # Before the thread deletes its messages, which would be refused for another reason.
        self._check_not_left()
        return super().unlink()

    def _check_not_left(self):
        """:raise UserError: if one of these documents was ever sent"""
        if self.sudo()._has_left() or self.sudo().seal_ids:
            raise UserError(self.env._("What left is evidence: it cannot be deleted."))

    def _check_can_update_message_content(self, messages):
        if self.sudo()._get_with_history():
            raise UserError(
                self.env._("What was written about a document that left stays as it was.")
            )
        return super()._check_can_update_message_content(messages)
