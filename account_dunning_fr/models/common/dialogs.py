"""How a button opens a dialog."""


def open_dialog(model, name, context):
    """Return the action that opens a new record of a model in a dialog.

    :param str model: a wizard, or a model whose records are entered in a dialog
    :param str name: the title of the dialog
    :param dict context: ``default_…`` for its fields, ``active_ids`` for a wizard on records
    """
    return {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": model,
        "view_mode": "form",
        "target": "new",
        "context": context,
    }
