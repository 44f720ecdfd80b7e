"""All that speaks for the recovered layers of 1998, as tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lenet98.network.tables import lenet5
from lenet98.questions.recovery import (
    DAMPING,
    WHITE,
    Drawing,
    Recovered,
    recover,
    seen_by,
)
from lenet98.questions.unit_fit import Floats, fit_unit, rms


def evidence_tables(drawings: Sequence[Drawing]) -> str:
    """Return what was recovered, and all that speaks for it, as tables in Markdown.

    Parameters
    ----------
    drawings : sequence of Drawing
        Panels with all maps, and then strings with some.
    """
    panels = [one for one in drawings if one.complete]
    strings = [one for one in drawings if not one.complete]
    whole = recover(drawings)
    tables = (
        _layers_table(whole, panels),
        combinations_table(whole),
        _unseen_table(drawings, panels, strings),
        _greys_table(panels),
        _coefficients_table(whole),
    )
    return "\n".join(tables)


def _layers_table(found: Recovered, panels: Sequence[Drawing]) -> str:
    lines = [
        "| layer | parameters | weights, rms | biases, rms | standard error, median | greatest "
        "| determined to a tenth | residual of Fig. 13's maps, greys |",
        "|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    for name, fits in found.fits.items():
        weights = np.concatenate([fit.weights for fit in fits])
        errors = np.concatenate([fit.errors for fit in fits])
        size, biases = rms(weights), rms(np.array([fit.bias for fit in fits]))
        residuals = found.residuals(panels, name)
        lines.append(
            f"| {name} | {len(errors):,} | {size:.3f} | {biases:.2f} | {np.median(errors):.4f} "
            f"| {errors.max():.3f} | {100 * (errors < 0.1 * size).mean():.0f} % "
            f"| {_range(residuals)} |"
        )
    return "\n".join(lines) + "\n"


def combinations_table(found: Recovered) -> str:
    """Return which combinations of parameters the drawings leave open, a map of C1 and C3 a row."""
    lines = [
        "| map | parameters | combinations known to a tenth | greatest standard error "
        "| of a combination that lies in |",
        "|---|--:|--:|--:|---|",
    ]
    for name in ("C1", "C3"):
        layer, fits = lenet5().layer(name), found.fits[name]
        tenth = 0.1 * rms(np.concatenate([fit.weights for fit in fits]))
        for m, fit in enumerate(fits):
            errors, combinations = fit.combinations
            sources = [source for source, target in layer.pairs if target == m]
            kernels = combinations[0, :-1].reshape(len(sources), -1)
            shares = {"bias": combinations[0, -1] ** 2}
            shares |= {
                f"the kernel from S2 {source}" if name == "C3" else "the kernel": float(
                    (kernel**2).sum()
                )
                for source, kernel in zip(sources, kernels, strict=True)
            }
            parts = [
                f"{part} ({100 * share:.0f} %)"
                for part, share in sorted(shares.items(), key=lambda one: -one[1])[:2]
            ]
            lines.append(
                f"| {name} {m} | {len(errors)} | {(errors < tenth).sum()} | {errors[0]:.3f} "
                f"| {', '.join(parts)} |"
            )
    return "\n".join(lines) + "\n"


def _unseen_table(
    drawings: Sequence[Drawing], panels: Sequence[Drawing], strings: Sequence[Drawing]
) -> str:
    """Return how far off are predictions of maps by fits that have not seen them."""
    lines = ["| predicted, though not seen | C1, greys | C3, greys |", "|---|---|---|"]
    for k, panel in enumerate(panels):
        found = recover([one for one in drawings if one is not panel], ("C1", "S2", "C3"))
        off = [_range(found.residuals([panel], name)) for name in ("C1", "C3")]
        lines.append(f"| panel {k + 1} of Fig. 13, by all others | {' | '.join(off)} |")
    found = recover(panels, ("C1", "S2", "C3"))
    off = [_range(found.residuals(strings, name)) for name in ("C1", "C3")]
    lines.append(f"| Fig. 25, by Fig. 13 alone | {' | '.join(off)} |")
    return "\n".join(lines) + "\n"


def _greys_table(panels: Sequence[Drawing]) -> str:
    """Return the residual of S2 on the drawn C1, if white were another state."""
    lines = ["| state at white | residual of S2 on C1 as drawn, greys |", "|--:|--:|"]
    for white in (1.5, 1.6, 1.7, WHITE, 1.75, 1.8, 1.9):
        lines.append(f"| {white:g} | {grey_residual(panels, white):.2f} |")
    return "\n".join(lines) + "\n"


def grey_residual(panels: Sequence[Drawing], white: float) -> float:
    """Return the residual in greys of S2's drawn maps on C1's, if white were that state."""
    missed = []
    for m in range(lenet5().layer("S2").maps):
        c1, s2 = ([(one.maps[name] / 127.5 - 1) * white for one in panels] for name in ("C1", "S2"))
        sums = np.concatenate([seen_by("S2", m, maps).ravel() for maps in c1])
        wanted = np.concatenate([maps[m].ravel() for maps in s2])
        missed.append(fit_unit(sums[:, None], wanted, DAMPING["S2"]).residual)
    return float(127.5 / white * np.mean(missed))


def _coefficients_table(found: Recovered) -> str:
    lines = ["| map | coefficient, of the sum of four | bias |", "|---|--:|--:|"]
    for name in ("S2", "S4"):
        for m, fit in enumerate(found.fits[name]):
            lines.append(
                f"| {name} {m} | {fit.weights[0]:.4f} ± {fit.errors[0]:.4f} "
                f"| {fit.bias:.3f} ± {fit.errors[1]:.3f} |"
            )
    return "\n".join(lines) + "\n"


def _range(values: Floats) -> str:
    return f"{values.min():.1f} to {values.max():.1f}"
