"""Whether a method is still Odoo's: a faster replacement is correct only in that case."""

MODELS = "odoo.orm.models"  # methods of all models
SEQUENCES = "odoo.addons.base.models.ir_sequence"
ATTACHMENTS = "odoo.addons.base.models.ir_attachment"


def is_written_in(module, *functions):
    """Whether functions or methods are those written in one file of Odoo, without a replacement.

    Another module may override a method, replace it while loading, or wrap it, which copies its
    name and module: but the globals it reads are those of the file where it is defined.

    :param str module: full name of the file
    """
    return all(
        getattr(getattr(function, "__func__", function), "__globals__", {}).get("__name__")
        == module
        for function in functions
    )
