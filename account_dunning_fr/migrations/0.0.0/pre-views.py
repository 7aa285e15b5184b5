"""Before each new version: reset the views, in every language."""


def migrate(cr, version):
    """Empty the former version's views; the data of the new version write them again.

    Odoo applies an extension of the former version to the first new view that is loaded, and stops
    if what it looks for is gone. Once emptied, an extension adds nothing until it is loaded itself;
    one that is no longer shipped is removed at the end. In translations Odoo keeps each term
    similar to the former one with the attributes it had, which may include a condition of a
    template: without these translations, it reads those that are shipped. Customisations of a
    database are in separate views, which are left alone, as are views that no update writes.
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
