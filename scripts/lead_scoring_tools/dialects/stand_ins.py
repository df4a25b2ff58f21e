"""Stand in for the drivers that adapters of dbt import: nothing is sent, so none of them is needed.

An adapter compiles SQL with macros and classes of its own. Its driver, of a hundred megabytes or
more, would only send it."""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType

DRIVERS = ("databricks", "google", "keyring", "nbformat", "snowflake", "cryptography")


def install() -> None:
    """Let drivers that are not installed be imported, as modules that have what is asked."""
    sys.meta_path.append(_Finder())


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Comes last, so that it finds only what is not installed."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in DRIVERS:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Driver(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


class _Name(type):
    """The class of whatever a driver has: it is caught, inherited from and made, and has whatever
    is asked for in its turn."""

    def __getattr__(cls, name: str) -> "_Name":
        return _named(cls, name)


class _Driver(ModuleType):
    """A module in which every name is a class."""

    __version__ = "4.0.0"

    def __getattr__(self, name: str) -> _Name:
        return _named(self, name)


def _named(owner: object, name: str) -> _Name:
    if name.startswith("_"):
        raise AttributeError(name)
    made = _Name(name, (Exception,), {"__init__": lambda self, *given, **named: None})
    setattr(owner, name, made)
    return made
