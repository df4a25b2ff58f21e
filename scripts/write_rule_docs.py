"""Write what is made of the rule files and their definition: the rules in words (docs/rules.md),
a description of each file for editors and other tools (docs/rules_schema), and datapackage.json."""

import json
import sys
from pathlib import Path

from lead_scoring_tools.command_line import Parser, run
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.rule_checks import check_rule_files
from lead_scoring_tools.rule_page import rules_page
from lead_scoring_tools.rule_schemas import RULES, SCHEMAS, data_package, table_schemas
from lead_scoring_tools.templates import PROJECT

EXAMPLE = """examples:
  python scripts/write_rule_docs.py
  python scripts/write_rule_docs.py --check
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the files are written, or as they should be."""
    return run(_write, arguments)


def _write(arguments: list[str] | None) -> None:
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument(
        "--check", action="store_true", help="write nothing, and fail if a file is out of date"
    )
    options = parser.parse_args(arguments)
    check_rule_files(PROJECT / RULES, {})
    stale = [path for path, text in _documents().items() if _is_stale(PROJECT / path, text)]
    if options.check:
        if stale:
            raise UserMistakeError.of(
                [
                    UserMistakeError(
                        str(path), "what the rules say", "an older state", "Run make rule-docs."
                    )
                    for path in stale
                ]
            )
        print("What is made of the rules is up to date.")
        return
    for path in stale:
        (PROJECT / path).parent.mkdir(exist_ok=True)
        (PROJECT / path).write_text(_documents()[path], encoding="utf-8")
        print(f"Wrote {path}.")


def _documents() -> dict[Path, str]:
    documents = {
        SCHEMAS / f"{name}.json": _json(schema) for name, schema in table_schemas().items()
    }
    documents[Path("datapackage.json")] = _json(data_package())
    documents[Path("docs") / "rules.md"] = rules_page(PROJECT / RULES, str(RULES))
    return documents


def _json(content: object) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _is_stale(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text


if __name__ == "__main__":
    sys.exit(main())
