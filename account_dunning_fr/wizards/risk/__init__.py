"""The dialogs of the room « risk »."""

from . import account_dunning_register_import
