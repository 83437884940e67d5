"""Every table is known before the guards are collected: some are made from the list of tables."""

import importlib
import pkgutil

import registry

for _package in pkgutil.iter_modules(registry.__path__, "registry."):
    if _package.ispkg and importlib.util.find_spec(f"{_package.name}.models"):
        importlib.import_module(f"{_package.name}.models")
