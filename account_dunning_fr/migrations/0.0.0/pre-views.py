"""Before each new version: the views begin anew, in every language."""


def migrate(cr, version):
    """Forget what the former version's views say; the data of the new one write them again.

    Odoo applies an extension of the former version to the first view that is loaded of the new one,
    and stops where what it looks for is gone: emptied, it adds nothing until it is loaded itself,
    and one that is no longer shipped is removed at the end. Of the translations Odoo keeps each
    term that resembles the former one with the attributes it had, a condition of a template among
    them: without them it reads those that are shipped. What a database adds to a view stands in
    views of its own, which are left alone, and so is a view that no update writes.
    """
    cr.execute(
        r"""
        UPDATE ir_ui_view view
           SET arch_db = jsonb_build_object(
                   'en_US', CASE view.mode WHEN 'extension' THEN '<data/>'
                                           ELSE view.arch_db ->> 'en_US' END)
          FROM ir_model_data data
         WHERE data.model = 'ir.ui.view' AND data.res_id = view.id
           AND data.module LIKE 'account\_dunning\_fr%' AND NOT data.noupdate
           AND view.arch_db IS NOT NULL
        """,
    )
