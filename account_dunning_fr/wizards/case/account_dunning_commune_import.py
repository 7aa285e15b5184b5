from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core.communes import read_communes
from ...core.csv_table import NotTableError
from ...core.file_values import Problem
from ...core.registry_towns import find_court, index_by_town
from ...models.common.notifications import CLOSE, notify


class AccountDunningCommuneImport(models.TransientModel):
    """Import of the official reference of the communes and the registries they depend on.

    The file replaces everything imported before, in one transaction, or nothing changes.
    """

    _name = "account.dunning.commune.import"
    _inherit = ["account.dunning.file.import", "account.dunning.dialog"]
    _description = "Import the Communes and their Registries"

    file = fields.Binary(required=True, help="The CSV file, as it is published.")
    leave_out = fields.Boolean(
        string="Import the other lines",
        help="Leave out the lines shown below: the courts of these communes stay proposals.",
    )

    @api.onchange("file")
    def _onchange_file(self):
        self.leave_out = False
        return super()._onchange_file()

    def action_import(self):
        """Read the file, show its invalid lines, and import it if there are none.

        :raise UserError: if the file is not the expected one
        """
        self.ensure_one()
        self.env["account.dunning.court"].check_access("write")
        rows, problems, left_out = self._read()
        if problems and not self.leave_out:
            return self._show(self.env._("Import the communes"), False, problems)
        if not rows:
            raise UserError(
                self.env._(
                    "No line of this file can be imported: what was imported before stays.\n%s",
                    self._describe(problems),
                )
            )
        self._replace_communes(rows)
        message = self.env._(
            "%(count)s communes imported, %(left_out)s lines left out.",
            count=len(rows),
            left_out=left_out + len(problems),
        )
        return notify(message, then=CLOSE)

    def _read(self):
        """Return the rows to write as ``(code, postal code, name, court id)``, and the problems."""
        try:
            reading = read_communes(b64decode(self.file).decode("utf-8"))
        except UnicodeDecodeError as error:
            raise UserError(
                self.env._(
                    "This file is not in UTF-8: import it as it is published, without saving it "
                    "from a spreadsheet."
                )
            ) from error
        except NotTableError as error:
            raise UserError(
                self.env._(
                    "This is not the reference of the communes and registries: the columns "
                    "%(columns)s are missing. The first line reads “%(header)s”.",
                    columns=", ".join(error.missing),
                    header="Commune;Code commune;Code postal;Greffe;Type greffe",
                )
            ) from error
        courts = self.env["account.dunning.court"].search([("is_commercial", "=", True)])
        index = index_by_town((court.id, court.name, court.seat_city) for court in courts)
        rows, problems = [], list(reading.problems)
        for row in reading.rows:
            if court_id := find_court(row.registry, index):
                rows.append((row.code, row.postal_code or None, row.name, court_id))
            else:
                problems.append(Problem(row.line, "unknown_registry", row.registry))
        if not rows and not problems:
            raise UserError(self.env._("This file has no line to import."))
        return rows, sorted(problems), reading.left_out

    def _get_sentences(self):
        return {
            "code": self.env._("“%s” is not the code of a commune."),
            "name": self.env._("The commune %s has no name."),
            "registry": self.env._("The commune %s has no registry."),
            "two_registries": self.env._("The commune %s has two registries."),
            "unreadable": self.env._("The file cannot be read from here on.%s"),
            "unknown_registry": self.env._("No court of the table has its seat in “%s”."),
        }

    def _replace_communes(self, rows):
        """Replace everything imported before, in one statement: there are some 60,000 rows."""
        Commune = self.env["account.dunning.commune"]
        Commune.flush_model()
        self.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(Commune._table)))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %s (code, postal_code, name, court_id, create_uid, create_date,
                                write_uid, write_date)
                SELECT code, postal_code, name, court_id, %s, %s, %s, %s
                  FROM unnest(%s, %s, %s, %s) AS line (code, postal_code, name, court_id)
                """,
                SQL.identifier(Commune._table),
                self.env.uid,
                fields.Datetime.now(),
                self.env.uid,
                fields.Datetime.now(),
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )
        self.env.invalidate_all()
