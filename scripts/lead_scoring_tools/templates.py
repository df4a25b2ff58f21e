"""The project's Jinja without dbt: its macros and models as SQL for DuckDB, in milliseconds.

dbt takes seconds to start, which is too long for a check that a person runs after every change.
What is rendered here is the same files, so that no rule is written twice.
"""

import datetime
import importlib.util
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import jinja2
import yaml

from .errors import UserMistakeError
from .places import PROJECT

MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\s*\(")
Macro = Callable[..., Any]


class _ReturnedError(Exception):
    """What `return` in a macro leaves with."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Templates:
    """The macros and models of the project, for one set of vars.

    `has_raw_tables` says whether to render models as if every raw table were there.
    """

    def __init__(self, settings: Mapping[str, Any], has_raw_tables: bool = True) -> None:
        self.settings = project_vars() | dict(settings)
        self.environment = jinja2.Environment(
            extensions=["jinja2.ext.do"],
            undefined=jinja2.StrictUndefined,
            loader=jinja2.FunctionLoader(self._source),
            bytecode_cache=jinja2.FileSystemBytecodeCache(),
        )
        self.environment.globals |= {
            "return": _return,
            "var": self._var,
            "config": lambda *_, **__: "",
            "execute": True,
            "flags": SimpleNamespace(EMPTY=False),
            "modules": SimpleNamespace(re=re, datetime=datetime),
            "run_started_at": datetime.datetime.now(datetime.UTC),
            "exceptions": SimpleNamespace(raise_compiler_error=_refuse),
            "adapter": SimpleNamespace(dispatch=self._dispatch, quote=_quoted),
            "api": SimpleNamespace(Column=SimpleNamespace(translate_type=str.upper)),
            "dbt": _Namespace(self.macro),
            "lead_scoring": _Namespace(self.macro),
        }
        for path in sorted((PROJECT / "macros").rglob("*.sql")):
            self.environment.globals[path.stem] = _Late(self.macro, path.stem)
        if has_raw_tables:
            self.environment.globals["raw_columns"] = lambda table: {table: {}}

    def macro(self, name: str) -> Macro:
        """A macro of the project, or one of dbt's that it calls."""
        files = self._macro_files
        if name not in files:
            raise AttributeError(f"there is no macro {name}")
        # A macro may be redefined for DuckDB: the last file wins.
        module = self.environment.get_template(str(files[name])).module
        return _returning(getattr(module, _defined(name)))

    def sql(self, model: str) -> tuple[str, list[str]]:
        """A model as DuckDB runs it, and the tables that it names: models and seeds as they are."""
        names: list[str] = []

        def refer(name: str) -> str:
            names.append(name)
            return name

        self.environment.globals["ref"] = refer
        sql = self.environment.get_template(str(self._models[model])).render()
        return sql, list(dict.fromkeys(names))

    @cached_property
    def _models(self) -> dict[str, Path]:
        return {path.stem: path for path in (PROJECT / "models").rglob("*.sql")}

    @cached_property
    def _macro_files(self) -> dict[str, Path]:
        folders = [_dbt_folder("global_project"), _dbt_folder("duckdb")]
        paths = [p for folder in folders for p in sorted((folder / "macros/utils").glob("*.sql"))]
        paths += sorted((PROJECT / "macros").rglob("*.sql"))
        return {
            name: path for path in paths for name in MACRO.findall(path.read_text(encoding="utf-8"))
        }

    def _source(self, name: str) -> tuple[str, str, Callable[[], bool]]:
        """A file as Jinja reads it; one of macros has these under other names, so that a call by
        the own name takes the way of all others."""
        source = Path(name).read_text(encoding="utf-8")
        renamed = MACRO.sub(lambda found: found[0].replace(found[1], _defined(found[1])), source)
        return renamed, name, lambda: True

    def _var(self, name: str, default: Any = None) -> Any:
        return self.settings.get(name, default)

    def _dispatch(self, name: str, _package: str | None = None) -> Macro:
        variant = f"duckdb__{name}"
        return self.macro(variant if variant in self._macro_files else f"default__{name}")


class _Namespace:
    """Macros by the name of their package, as `dbt.name`."""

    def __init__(self, find: Callable[[str], Macro]) -> None:
        self._find = find

    def __getattr__(self, name: str) -> Macro:
        return self._find(name)


class _Late:
    """A macro that is read when it is called first."""

    def __init__(self, find: Callable[[str], Macro], name: str) -> None:
        self._find, self._name = find, name

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._find(self._name)(*arguments, **named)


def project_vars() -> dict[str, Any]:
    """The vars of dbt_project.yml."""
    return read_yaml(PROJECT / "dbt_project.yml")["vars"]


def read_yaml(path: Path) -> Any:
    """A YAML file, by the faster of the readers."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), loader)


def _dbt_folder(package: str) -> Path:
    found = importlib.util.find_spec(f"dbt.include.{package}")
    assert found and found.origin
    return Path(found.origin).parent


def _defined(name: str) -> str:
    return f"macro_{name}"


def _returning(macro: Macro) -> Macro:
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return macro(*arguments, **named)
        except _ReturnedError as returned:
            return returned.value

    return call


def _return(value: Any) -> NoReturn:
    raise _ReturnedError(value)


def _refuse(message: str) -> NoReturn:
    refused = UserMistakeError.__new__(UserMistakeError)
    Exception.__init__(refused, message)
    raise refused


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
