"""The rules as a page that salespeople and marketers can read, made of the rule files."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .rule_files import read_rule_folder
from .rule_words import Clause, Decay, condition_words, window_words

BLANKS = " \t\r\n\u00a0"
Row = Mapping[str, str]

HEAD = """\
# The rules in words

Made of the files in `{folder}` by `make rule-docs`; change the files, not this page. Points of
rules add up within their category, limits apply, and 0 to the maximum of points becomes a score of
0 to 100; [how scoring works](how_scoring_works.md) has the arithmetic.
"""


def rules_page(folder: Path, shown_folder: str) -> str:
    """The page on a folder of rule files that has no errors."""
    tables = {
        name: [
            {
                column: (cell or "").strip(BLANKS)
                for column, cell in zip(table.columns, row, strict=True)
            }
            for row in table.rows
        ]
        for name, table in read_rule_folder(folder).tables.items()
    }
    rules = Rules(tables)
    lines = [HEAD.format(folder=shown_folder)]
    for scorecard in tables["scorecards"]:
        lines += rules.scorecard(scorecard)
    lines += rules.common()
    return "\n".join(lines).rstrip() + "\n"


class Rules:
    """The parts of the page."""

    def __init__(self, tables: Mapping[str, list[Row]]) -> None:
        self.tables = tables
        self.curves = {row["decay"]: _decay(row) for row in tables["decay_curves"]}

    def scorecard(self, card: Row) -> Iterator[str]:
        """Everything that belongs to a scorecard."""
        name = card["scorecard"]
        yield f"## Scorecard `{name}`\n"
        yield f"{_cell(card['description'])}.\n" if card["description"] else ""
        audience = self._own("scorecard_audiences", name)
        yield f"For {f'leads whose {_condition(audience)}' if audience else 'every lead'}."
        yield (
            f"The lead score weighs fit with {card['fit_weight']} and engagement with"
            f" {card['engagement_weight']}; {card['fit_max_points']} fit points and"
            f" {card['engagement_max_points']} engagement points make 100.\n"
        )
        yield from self._points(name, "fit", ["fit_rules"], "### Who the lead is: fit")
        yield from self._points(
            name,
            "engagement",
            ["engagement_rules", "behavior_rules"],
            "### What the lead does: engagement",
        )
        yield from self._bands(name)
        yield from self._thresholds(name)

    def common(self) -> Iterator[str]:
        """What holds for all scorecards."""
        yield from self._groups(
            "suppressions",
            "suppression_id",
            "## Whom not to contact",
            "A lead is suppressed where one of these holds; it keeps its scores.",
        )
        yield from self._groups(
            "event_exclusions",
            "exclusion_id",
            "## Events that never count",
            "An event is dropped where one of these holds.",
        )
        roles = {row["role"].lower(): row for row in self.tables["buying_roles"]}
        if roles:
            yield "## Who takes part in a purchase\n"
            yield from _table_head("role", "what it does", "filled by leads whose")
            groups = _grouped(self.tables["buying_role_rules"], "role_rule_id")
            for role, row in roles.items():
                holders = [_condition(g) for g in groups if g[0]["role"].lower() == role]
                yield _table_row(row["role"], row["description"], "; or ".join(holders))
            yield ""

    def _own(self, seed: str, scorecard: str) -> list[Row]:
        return [row for row in self.tables[seed] if row["scorecard"] == scorecard]

    def _points(self, name: str, score: str, seeds: list[str], title: str) -> Iterator[str]:
        groups = [
            (seed, group) for seed in seeds for group in _grouped(self._own(seed, name), "rule_id")
        ]
        if not groups:
            return
        yield f"{title}\n"
        for category in dict.fromkeys(group[0]["category"] for _, group in groups):
            yield f"**{_cell(category)}**{self._cap(name, score, category)}\n"
            yield from _table_head("points", "when", "because", "rule")
            for seed, group in groups:
                if group[0]["category"] == category:
                    when = self._event(group) if seed == "engagement_rules" else _condition(group)
                    first = group[0]
                    yield _table_row(
                        _signed(first["points"]), when, first["reason"], f"`{first['rule_id']}`"
                    )
            yield ""

    def _cap(self, scorecard: str, score: str, category: str) -> str:
        for row in self._own("category_caps", scorecard):
            if (row["score"].lower(), row["category"]) == (score, category):
                ends = [("min_points", "at least"), ("max_points", "at most")]
                words = [f"{word} {row[column]}" for column, word in ends if row[column]]
                return f" ({' and '.join(words)} points together)" if words else ""
        return ""

    def _event(self, group: list[Row]) -> str:
        """What an engagement rule counts, and how its points add up and fade."""
        first = group[0]
        kind = first["event_type"].lower()
        event = "any engagement" if kind == "*" else kind.replace("_", " ")
        conditions = [row for row in group if row["field"]]
        where = f" where {_condition(conditions)}" if conditions else ""
        bounds = [_number(first[c]) for c in ("min_events", "max_events", "within_days")]
        if window := window_words(bounds[0], bounds[1], bounds[2]):
            parts = [f"{window}: {event}{where}"]
        else:
            parts = [f"each {event}{where}" if kind != "*" else f"{event}{where}"]
        if first["daily_cap"]:
            parts.append(f"at most {first['daily_cap']} a day count")
        if first["max_points"]:
            parts.append(f"at most {first['max_points'].lstrip('+-')} points in all")
        curve = self.curves.get(first["decay"], Decay())
        if curve.kind != "none":
            parts.append(curve.words())
        elif not window:
            parts.append("does not fade")
        return "; ".join(parts)

    def _bands(self, name: str) -> Iterator[str]:
        bands = self._own("score_bands", name)
        if not bands:
            return
        yield "### Bands and stages\n"
        yield from _table_head("score", "bands, and where they start")
        for score in ("fit", "engagement", "lead"):
            own = [row for row in bands if row["score"].lower() == score]
            own.sort(key=lambda row: -float(row["min_score"]))
            if own:
                yield _table_row(
                    score, ", ".join(f"{b['band']} from {b['min_score']}" for b in own)
                )
        yield ""
        stages = self._own("lead_stages", name)
        if stages:
            yield from _table_head("fit and engagement", "stage", "next action")
            for row in stages:
                label = row["fit_band"] + row["engagement_band"]
                yield _table_row(label, row["stage"], row["next_action"])
            yield ""

    def _thresholds(self, name: str) -> Iterator[str]:
        rows = self._own("qualification_thresholds", name)
        if not rows:
            return
        yield "### Qualification\n"
        yield from _table_head("stage", "a lead enters when", "and leaves when")
        for stage in dict.fromkeys(row["stage"].lower() for row in rows):
            own = [row for row in rows if row["stage"].lower() == stage]
            enters = " and ".join(f"{r['score'].lower()} is at least {r['enter_at']}" for r in own)
            leaves = " or ".join(
                f"{r['score'].lower()} is below {r['exit_below']} for {r['exit_days']} days running"
                for r in own
            )
            yield _table_row(own[0]["stage"], enters, leaves)
        yield ""

    def _groups(self, seed: str, key: str, title: str, text: str) -> Iterator[str]:
        groups = _grouped(self.tables[seed], key)
        if groups:
            yield f"{title}\n\n{text}\n"
            yield from _table_head("when", "because", "id")
            for group in groups:
                yield _table_row(_condition(group), group[0]["reason"], f"`{group[0][key]}`")
            yield ""


def _grouped(rows: Iterable[Row], key: str) -> list[list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return list(groups.values())


def _condition(rows: Iterable[Row]) -> str:
    return condition_words(
        [Clause(row["field"].lower(), row["operator"].lower(), row["value"]) for row in rows]
    )


def _decay(row: Row) -> Decay:
    return Decay(
        row["kind"].lower(),
        _number(row["days"]),
        _number(row["percent"]),
        _number(row["delay_days"]) or 0,
        _number(row["floor"]) or 0,
    )


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def _signed(points: str) -> str:
    return points if points[:1] in "+-" else f"+{points}"


def _cell(text: str) -> str:
    """A text inside Markdown, as it stands."""
    shown = " ".join(text.split())
    for character in "\\`*_<>[]|#":
        shown = shown.replace(character, f"\\{character}")
    return shown


def _table_head(*names: str) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"


def _table_row(*cells: str) -> str:
    shown = [
        cell if cell[:1] == cell[-1:] == "`" and len(cell) > 2 else _cell(cell) for cell in cells
    ]
    return f"| {' | '.join(shown)} |"
