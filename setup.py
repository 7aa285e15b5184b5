"""Build the addon as the wheel ``odoo-addon-account-dunning-fr`` (OCA layout)."""

import ast
from pathlib import Path

from setuptools import setup

ADDON = "account_dunning_fr"
NAMESPACE = f"odoo.addons.{ADDON}"
ROOT = Path(__file__).parent
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
    # One package; everything below it travels as its data.
    packages=[NAMESPACE],
    package_dir={NAMESPACE: ADDON},
    package_data={NAMESPACE: ["**/*"]},
    exclude_package_data={NAMESPACE: ["**/__pycache__/*", "**/*.pyc", "**/ruff.toml"]},
    python_requires=">=3.10",
    install_requires=["odoo==19.0.*", *MANIFEST["external_dependencies"]["python"]],
    zip_safe=False,
)
