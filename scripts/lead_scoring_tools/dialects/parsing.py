"""Parse statements as an engine would, and look for words that the engine does not have.

The parser takes much that an engine refuses: any name is a function to it, and any word a type. So
functions, types and operators are compared with those that the engine's documentation has, which
vocabulary.csv lists."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import sqlglot
from sqlglot import ErrorLevel, Token, TokenType, exp

from ..errors import UserMistakeError

VOCABULARY = Path(__file__).with_name("vocabulary.csv")
# Words after which brackets open, but not those of a function.
STRUCTURE = re.compile(
    "all|and|as|both|by|distinct|else|from|group|in|intersect|into|join|not|on|or|over|select|then"
    "|union|using|values|when|where|within"
)
CASTS = frozenset(("cast", "safe_cast", "try_cast"))
# What the parser takes for every engine.
LACKING: dict[str, tuple[type[exp.Expr], ...]] = {
    "snowflake": (exp.AtTimeZone,),
    "bigquery": (exp.AtTimeZone, exp.ILike),
    "databricks": (exp.AtTimeZone,),
}
QUOTED = (TokenType.STRING, TokenType.IDENTIFIER, TokenType.NUMBER)
REMEDY = "Write it with a macro of dbt, or with one of macros/engines that knows the engine."


@dataclass(frozen=True)
class Statement:
    """What an engine would be sent for a model."""

    path: str
    form: str
    part: str
    sql: str


class Vocabulary:
    """The functions, types and operators of an engine that statements may use."""

    def __init__(self, engine: str) -> None:
        with VOCABULARY.open(newline="") as file:
            self.words = {
                (row["kind"], row["word"]) for row in csv.DictReader(file) if row[engine] == "yes"
            }

    def lacks(self, kind: str, word: str) -> bool:
        """Whether the engine is not known to have the word."""
        return (kind, word) not in self.words


def problems(engine: str, statements: list[Statement]) -> list[UserMistakeError]:
    """What is wrong with statements, the same thing in the same file once."""
    vocabulary = Vocabulary(engine)
    found: dict[str, UserMistakeError] = {}
    for statement in statements:
        subject = f"{statement.path} ({engine})"
        for expected, what in _problems_of(engine, vocabulary, statement):
            mistake = UserMistakeError(subject, expected, what, REMEDY)
            found.setdefault(str(mistake), mistake)
    return list(found.values())


def _problems_of(
    engine: str, vocabulary: Vocabulary, statement: Statement
) -> Iterator[tuple[str, str]]:
    dialect = sqlglot.Dialect.get_or_raise(engine)
    try:
        tokens = dialect.tokenize(statement.sql)
        trees = dialect.parser(error_level=ErrorLevel.RAISE).parse(tokens, statement.sql)
    except sqlglot.errors.SqlglotError as problem:
        yield "SQL that parses", _shown(problem)
        return
    for word in sorted(set(_functions(tokens))):
        if vocabulary.lacks("function", word):
            yield "functions of the engine that vocabulary.csv lists", f"'{word}'"
    types = (" ".join(tokens[place].text.lower() for place in places) for places in _types(tokens))
    for word in sorted(set(types)):
        if vocabulary.lacks("type", word):
            yield "types of the engine that vocabulary.csv lists", f"'{word}'"
    for word in sorted(set(_operators(tokens))):
        if vocabulary.lacks("operator", word):
            yield "operators of the engine that vocabulary.csv lists", f"'{word}'"
    for literal in _broken_literals(tokens, statement.sql):
        yield "quotes and backslashes in text that are escaped as the engine does", literal
    for tree in trees:
        if tree is None or isinstance(tree, exp.Command):
            yield "one statement that parses", f"'{statement.sql[:60]}'"
            continue
        for part in tree.find_all(*LACKING[engine]):
            yield "SQL of the engine", f"'{part.sql(engine)}'"
        try:
            tree.sql(engine, unsupported_level=ErrorLevel.RAISE)
        except sqlglot.errors.SqlglotError as problem:
            yield "SQL of the engine", _shown(problem)


def _functions(tokens: list[Token]) -> Iterator[str]:
    """Names before brackets, other than those of tables and types."""
    of_types = {place for places in _types(tokens) for place in places}
    for place, (token, after) in enumerate(pairwise(tokens)):
        is_name = token.token_type not in QUOTED and re.fullmatch(r"[A-Za-z_]\w*", token.text)
        is_part = place > 0 and tokens[place - 1].token_type is TokenType.DOT
        word = token.text.lower()
        if after.token_type is not TokenType.L_PAREN or not is_name or is_part:
            continue
        if not STRUCTURE.fullmatch(word) and place not in of_types:
            yield word


def _types(tokens: list[Token]) -> Iterator[list[int]]:
    """The places of the words of each type that values are cast to, without numbers of digits."""
    opened: list[bool] = []
    for place, token in enumerate(tokens):
        if token.token_type is TokenType.L_PAREN:
            opened.append(place > 0 and tokens[place - 1].text.lower() in CASTS)
        elif token.token_type is TokenType.R_PAREN:
            opened.pop()
        elif token.token_type is TokenType.ALIAS and opened and opened[-1]:
            end = place + 1
            while tokens[end].token_type not in (TokenType.L_PAREN, TokenType.R_PAREN):
                end += 1
            yield list(range(place + 1, end))


def _operators(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.token_type not in QUOTED and not re.search(r"\w", token.text):
            yield token.text


def _broken_literals(tokens: list[Token], sql: str) -> Iterator[str]:
    """Texts with a backslash, which escapes what follows, or that end at a doubled quote."""
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.token_type is TokenType.STRING:
            written = sql[token.start : token.end + 1]
            is_doubled = after is not None and after.token_type is TokenType.STRING
            if is_doubled or re.search(r"\\[^'\\]", written):
                yield written


def _shown(problem: Exception) -> str:
    """What the parser says, on one line and without the colours of a terminal."""
    text = re.sub(r"\x1b\[\d*m", "", str(problem).partition("\n\n")[0])
    return "'" + re.sub(r"\s+", " ", text).strip().rstrip(".") + "'"
