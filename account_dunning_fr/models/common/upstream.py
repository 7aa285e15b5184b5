"""Whether a method is still Odoo's: what is done in its place, faster, is right only then."""

MODELS = "odoo.orm.models"  # what all models have
SEQUENCES = "odoo.addons.base.models.ir_sequence"
ATTACHMENTS = "odoo.addons.base.models.ir_attachment"


def is_written_in(module, *functions):
    """Whether functions or methods are what one file of Odoo wrote, none put in its place.

    Another module may override a method, replace it while it loads, or wrap it, which copies its
    name and its module: the globals that it reads are those of the file where it stands.

    :param str module: full name of the file
    """
    return all(
        getattr(getattr(function, "__func__", function), "__globals__", {}).get("__name__")
        == module
        for function in functions
    )
