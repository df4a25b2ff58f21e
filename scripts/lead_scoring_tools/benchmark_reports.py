"""What a benchmark found, as a table in Markdown and as a chart."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from .benchmarks import FULL_BUILD, LOOP, Measurement, ratios


def as_markdown(found: Sequence[Measurement], machine: Mapping[str, str]) -> str:
    """A table for each number of events, and below it the models that a full build waits for."""
    lines = ["Measured on " + ", ".join(f"{name} {value}" for name, value in machine.items()) + "."]
    for events in sorted({measurement.events for measurement in found}):
        lines += [
            "",
            f"**{events:,} events**",
            "",
            "| step | seconds | to the query | peak memory |",
            "|---|--:|--:|--:|",
        ]
        of_size = [measurement for measurement in found if measurement.events == events]
        lines += [
            f"| {step.name} | {step.seconds:.1f} | {ratio:.2f} | {step.peak_megabytes:,.0f} MB |"
            for step, ratio in ratios(of_size)
        ]
        for step in of_size:
            if step.name == FULL_BUILD:
                slowest = ", ".join(f"`{name}` {took:.1f}" for name, took in step.slowest.items())
                lines += ["", f"Models of the full build that took longest, in seconds: {slowest}."]
    return "\n".join(lines) + "\n"


def draw(found: Sequence[Measurement], path: Path) -> None:
    """Seconds by number of events, a line for each step, on logarithmic scales (by matplotlib)."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "benchmark"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(9, 5.5), layout="constrained")
    by_step: dict[str, list[Measurement]] = {}
    for measurement in found:
        # The loop takes a sample only, so its line would mean something else.
        if not measurement.name.startswith(LOOP):
            by_step.setdefault(measurement.name, []).append(measurement)
    colours = pyplot.get_cmap("tab20").colors
    ends = []
    for number, (name, steps) in enumerate(by_step.items()):
        points = sorted((step.events, step.seconds) for step in steps)
        axes.plot(*zip(*points, strict=True), marker="o", color=colours[number % 20], label=name)
        ends.append((points[-1][1], name))
    axes.set(xscale="log", yscale="log", xlabel="events", ylabel="seconds", title="What runs cost")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.grid(visible=True, which="major", alpha=0.3)
    handles, labels = axes.get_legend_handles_labels()
    order = [labels.index(name) for _, name in sorted(ends, reverse=True)]
    axes.legend(
        [handles[place] for place in order],
        [labels[place] for place in order],
        loc="center left",
        bbox_to_anchor=(1, 0.5),
        fontsize=8,
        frameon=False,
    )
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
