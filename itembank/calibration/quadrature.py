"""The grid on which ability is integrated, and whether it is fine enough for what stands on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from itembank.arguments import FloatArray

REACH = 6.0
"""How many standard deviations of the latent distribution a grid covers."""
_LEAST_REACH = 5.0


@dataclass(frozen=True, eq=False)
class Grid:
    """Uniform nodes; normal densities at them, made to sum to one, are the weights."""

    nodes: FloatArray

    @property
    def spacing(self) -> float:
        """The distance between nodes, in logits."""
        return float(self.nodes[1] - self.nodes[0])

    def log_density(self, latent: FloatArray) -> FloatArray:
        """Return log-weights (n_groups, n_nodes) from means and log SDs (n_groups, 2)."""
        away = (self.nodes - latent[:, :1]) / np.exp(latent[:, 1:])
        log = -(away**2) / 2
        log -= log.max(axis=1, keepdims=True)
        return np.asarray(log - np.log(np.exp(log).sum(axis=1, keepdims=True)))

    def serves(self, latent: FloatArray) -> bool:
        """Return whether the grid covers every group, and is no coarser than its spread."""
        low, high = _span(latent, _LEAST_REACH)
        fine = self.spacing <= float(np.exp(latent[:, 1].min())) * (1 + 1e-9)
        return bool(self.nodes[0] <= low and high <= self.nodes[-1] and fine)

    def serving(self, latent: FloatArray) -> Grid:
        """Return a grid that covers every group with room, as fine as this one or finer."""
        low, high = _span(latent, REACH)
        spacing = min(self.spacing, float(np.exp(latent[:, 1].min())) / 1.5)
        return spaced(min(low, self.nodes[0]), max(high, self.nodes[-1]), spacing)

    def finer(self, spacing: float) -> Grid:
        """Return a grid over the same range with at most this spacing."""
        return spaced(float(self.nodes[0]), float(self.nodes[-1]), spacing)


def spaced(low: float, high: float, spacing: float) -> Grid:
    """Return an odd number of nodes from `low` to `high`, no further apart than `spacing`."""
    half = int(np.ceil((high - low) / spacing / 2 - 1e-9))
    return Grid(np.linspace(low, high, 2 * half + 1))


def standard_grid(n_nodes: int) -> Grid:
    """Return a grid over the standard normal distribution."""
    return Grid(np.linspace(-REACH, REACH, n_nodes))


def _span(latent: FloatArray, reach: float) -> tuple[float, float]:
    spread = reach * np.exp(latent[:, 1])
    return float(np.min(latent[:, 0] - spread)), float(np.max(latent[:, 0] + spread))
