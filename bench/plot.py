"""Draws the results of compare.py as one SVG, with nothing but the standard library."""

import math
import statistics
from xml.sax.saxutils import escape

TITLES = {
    "publish": "First publish",
    "nothing": "Nothing changed",
    "edit": "1 % of the files, 16 hive pages",
    "download": "Full download",
}
OURS, PEER, LIMIT, INK, FAINT, MARK = "#0b6e4f", "#9aa5b1", "#d9c9a3", "#1f2933", "#e4e7eb", "#c2410c"
COLOURS = {"publish": "#0b6e4f", "nothing": "#2563eb", "edit": "#c2410c", "download": "#7c3aed"}
WIDTH, PANEL, MARGIN, LABEL, BAR = 960, 450, 20, 96, 20


class Drawing:
    def __init__(self):
        self.parts = []

    def text(self, x, y, words, size=12, colour=INK, anchor="start", weight="normal"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" '
                          f'font-weight="{weight}">{escape(words)}</text>')

    def box(self, x, y, width, height, colour):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height:.1f}" fill="{colour}"/>')

    def line(self, x1, y1, x2, y2, colour=FAINT, width=1.0, dash=""):
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
                          f'stroke-width="{width}"{dashes}/>')

    def curve(self, points, colour):
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y in points:
            self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')

    def svg(self, height):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
                'font-family="system-ui, sans-serif">\n<rect width="100%" height="100%" fill="white"/>\n' +
                "\n".join(self.parts) + "\n</svg>\n")


def seconds(value):
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def draw_bars(drawing, x, y, work, rounds, targets):
    """One work: a bar for each program, and a mark on roamsync's where the strictest target would end it."""
    medians = {tool: statistics.median(measured[work][tool]["seconds"] for measured in rounds) for tool in rounds[0][work]}
    room = PANEL - LABEL - 70
    scale = room / max(medians.values())
    drawing.text(x, y + 14, TITLES[work], 14, weight="600")
    for tool, value in medians.items():
        y += BAR + 4
        colour = OURS if tool == "roamsync" else LIMIT if tool == "bare limit" else PEER
        drawing.text(x + LABEL - 6, y + 14, tool, anchor="end", weight="600" if tool == "roamsync" else "normal")
        drawing.box(x + LABEL, y, value * scale, BAR, colour)
        drawing.text(x + LABEL + value * scale + 6, y + 14, seconds(value))
        limits = [medians[peer] * limit for aim, peer, limit in targets if aim == work and peer in medians]
        if tool == "roamsync" and limits:
            mark = x + LABEL + min(limits) * scale
            drawing.line(mark, y - 3, mark, y + BAR + 3, MARK, 2)


def ticks_of(low, high):
    return [10**power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def draw_curves(drawing, x, y, height, title, scale, member, unit):
    """Both axes logarithmic: what is linear is a line at 45 degrees or flatter."""
    drawing.text(x, y + 14, title, 14, weight="600")
    left, right, top, bottom = x + 50, x + PANEL - 70, y + 30, y + height - 24
    sizes = [point["files"] for point in scale]
    values = [point[member][work] for point in scale for work in TITLES]
    across, along = ticks_of(min(values), max(values)), ticks_of(min(sizes), max(sizes))

    def place(size, value):
        share_x = math.log(size / along[0]) / math.log(along[-1] / along[0]) if len(along) > 1 else 0.5
        share_y = math.log(value / across[0]) / math.log(across[-1] / across[0]) if len(across) > 1 else 0.5
        return left + share_x * (right - left), bottom - share_y * (bottom - top)

    for tick in across:
        level = place(along[0], tick)[1]
        drawing.line(left, level, right, level)
        drawing.text(left - 6, level + 4, f"{tick:g} {unit}", 11, anchor="end")
    for tick in along:
        column = place(tick, across[0])[0]
        drawing.line(column, top, column, bottom)
        drawing.text(column, bottom + 16, f"{tick:,}", 11, anchor="middle")
    for work, colour in COLOURS.items():
        points = [place(point["files"], point[member][work]) for point in scale]
        drawing.curve(points, colour)
    # Names at the ends of the curves, moved apart where they would lie on each other.
    level = -math.inf
    for end, work in sorted((place(scale[-1]["files"], scale[-1][member][work])[1], work) for work in COLOURS):
        level = max(end + 4, level + 13)
        drawing.text(right + 8, level, work, 11, COLOURS[work])


def draw(results, targets):
    drawing = Drawing()
    machine = results["machine"]
    drawing.text(MARGIN, 30, f"roamsync beside its peers: a profile of {results['files']:,} files", 17, weight="600")
    drawing.text(MARGIN, 48, f"{machine['processor']}, {machine['memory_gib']} GiB, {machine['system']}, "
                 f"{machine['file_system']}; {results['when']}", 11)
    y = 70
    rounds = results["rounds"]
    if rounds:
        drawing.text(MARGIN, 64, f"Medians of {len(rounds)} rounds; shorter is better. roamsync's time includes reading back and "
                     "verifying all it wrote; the red mark is its target.", 11)
        height = (len(rounds[0]["publish"]) + 1) * (BAR + 4) + 24
        for index, work in enumerate(TITLES):
            draw_bars(drawing, MARGIN + index % 2 * (PANEL + MARGIN), y + index // 2 * height, work, rounds, targets)
        y += 2 * height
    if results["scale"]:
        height = 280
        draw_curves(drawing, MARGIN, y, height, "Time by number of files", results["scale"], "seconds", "s")
        draw_curves(drawing, 2 * MARGIN + PANEL, y, height, "Peak memory by number of files", results["scale"], "peak_mib", "MiB")
        y += height
    return drawing.svg(y + MARGIN)
