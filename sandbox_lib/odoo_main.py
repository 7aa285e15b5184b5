"""Start Odoo's own command line: Debian's package has no ``odoo-bin``.

Runs inside the private Python environment, with the Odoo tree on ``PYTHONPATH``.
"""

import sys

from .loopback import stay_on_this_machine


def main() -> None:
    """Run the command that ``sys.argv`` holds."""
    stay_on_this_machine()
    # Odoo reads its own name from there while it is imported.
    sys.argv[0] = "odoo"
    from odoo.cli import main as run_command

    run_command()


if __name__ == "__main__":
    main()
