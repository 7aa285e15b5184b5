"""Build the addons as the wheel ``odoo-addon-account-dunning-fr`` (OCA layout).

One wheel for all: those beside the main addon install themselves with what they join it to.
"""

import ast
from pathlib import Path

from setuptools import setup

ADDON = "account_dunning_fr"
ROOT = Path(__file__).parent
PACKAGES = {
    f"odoo.addons.{manifest.parent.name}": manifest.parent.name
    for manifest in sorted(ROOT.glob("*/__manifest__.py"))
}
MANIFEST = ast.literal_eval((ROOT / ADDON / "__manifest__.py").read_text("utf-8"))
README = ROOT / "README.md"

setup(
    name=f"odoo-addon-{ADDON.replace('_', '-')}",
    version=MANIFEST["version"],
    description=MANIFEST["summary"],
    long_description=README.read_text("utf-8") if README.exists() else "",
    long_description_content_type="text/markdown",
    license=MANIFEST["license"],
    author=MANIFEST["author"],
    url=MANIFEST.get("website", ""),
    # A package an addon; everything below it travels as its data.
    packages=list(PACKAGES),
    package_dir=PACKAGES,
    package_data={name: ["**/*"] for name in PACKAGES},
    exclude_package_data={
        name: ["**/__pycache__/*", "**/*.pyc", "**/ruff.toml"] for name in PACKAGES
    },
    python_requires=">=3.10",
    install_requires=["odoo==19.0.*", *MANIFEST["external_dependencies"]["python"]],
    zip_safe=False,
)
