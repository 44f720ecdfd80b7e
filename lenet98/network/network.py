"""A network of the paper with its parameters: penalties, answers, gradient, curvature."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.patterns import as_labels, as_patterns
from lenet98.errors import ConfigurationError, PatternError
from lenet98.network import kernels
from lenet98.network.architecture import Architecture
from lenet98.network.choices import LOSSES, InitialWeights, Loss, check_loss
from lenet98.network.plan import Plan, Workspace, lay_out, maps_of, workspace
from lenet98.network.tables import lenet5
from lenet98.network.weights import read_weights, write_weights

Vector = npt.NDArray[np.floating]

PRETRAINED = ("mnist", "distorted")

PATTERNS_A_BLOCK = 512
"""Images are framed this many at a time, to bound memory."""

LANES = 32
"""Images answered side by side when there are that many: two 64-byte vectors of float32."""


class LayerView(NamedTuple):
    """One layer's part of a flat vector, as views that share its memory.

    Attributes
    ----------
    weights : ndarray
        Convolution: (pairs, 5, 5), a kernel for each (from, to) pair, in the order of the to
        maps. Subsampling: (maps,), the coefficients. Full: (units, inputs). RBF: the fixed
        centres, (classes, inputs), read-only.
    bias : ndarray, (maps,)
        Empty for an RBF layer.
    """

    weights: Vector
    bias: Vector


class Network:
    """A network of the paper and its parameters.

    Parameters
    ----------
    architecture : Architecture
        The layer table, at the input size for which it was made.
    seed : int or numpy.random.Generator
        Draws the initial weights.
    dtype : {numpy.float32, numpy.float64}
        Of parameters and states.
    initial : InitialWeights
        How the weights are drawn.

    Attributes
    ----------
    architecture : Architecture
    parameters : ndarray, (architecture.trainable,)
        Layer by layer from the input: weights, then biases.

    Raises
    ------
    ConfigurationError
        `dtype` is neither of the two, or `seed` is negative.
    """

    def __init__(
        self,
        architecture: Architecture,
        seed: int | np.random.Generator,
        dtype: npt.DTypeLike = np.float32,
        initial: InitialWeights = InitialWeights(),
    ) -> None:
        self._dtype = np.dtype(dtype)
        if self._dtype not in (np.float32, np.float64):
            raise ConfigurationError(f"dtype is {dtype!r}; expected float32 or float64")
        if not isinstance(seed, np.random.Generator):
            if seed < 0:
                raise ConfigurationError(f"seed is {seed}; expected 0 or more")
            seed = np.random.default_rng(seed)
        self.architecture = architecture
        self.parameters: Vector = np.zeros(architecture.trainable, self._dtype)
        self._centres = architecture.centres.astype(self._dtype)
        self._centres.flags.writeable = False
        self._plans: dict[tuple[int, int], Plan] = {}
        self._draw(seed, initial)

    def _draw(self, rng: np.random.Generator, initial: InitialWeights) -> None:
        for layer in self.architecture.layers[:-1]:
            weights, bias = self.view(layer.name)
            fan_in = np.array([layer.fan_in(m) for m in range(layer.maps)])
            bounds = initial.bound / fan_in**initial.power
            if layer.kind == "subsampling":
                weights[:] = initial.coefficient
            else:
                a_pair = weights.reshape(len(layer.pairs), layer.field**2)
                targets = [target for _, target in layer.pairs]
                a_pair[:] = rng.uniform(-1, 1, a_pair.shape) * bounds[targets, None]
            if initial.random_biases:
                bias[:] = rng.uniform(-1, 1, bias.shape) * bounds

    def view(self, name: str, of: Vector | None = None) -> LayerView:
        """Return the weights and bias of one layer as shaped views.

        Parameters
        ----------
        name : str
            Such as ``"C3"``.
        of : ndarray, optional
            The flat vector to look into, such as a gradient; by default the parameters.

        Raises
        ------
        KeyError
            There is no such layer.
        PatternError
            `of` is not a vector of that length.
        """
        vector = self.parameters if of is None else of
        if vector.shape != (self.architecture.trainable,):
            raise PatternError(
                f"expected a vector of {self.architecture.trainable} values; found {vector.shape}"
            )
        wanted = self.architecture.layer(name)
        if wanted.kind == "rbf":
            return LayerView(self._centres, self._centres[0, :0])
        at = 0
        for layer in self.architecture.layers:
            if layer is wanted:
                break
            at += layer.trainable
        weights = vector[at : at + wanted.weights].reshape(wanted.weight_shape)
        return LayerView(weights, vector[at + wanted.weights : at + wanted.parameters])

    def penalties(self, images: npt.ArrayLike, *, threads: int = 1) -> Vector:
        """Return the penalties y_i of each image, one for each class.

        Parameters
        ----------
        images : array_like
            uint8 (n, 28, 28), or real patterns (n, rows, width) as `as_patterns` takes them.
        threads : int
            Cores to spread the images over. The result does not depend on it.

        Returns
        -------
        ndarray, (n, classes), or (n, classes, columns)
            The latter for patterns wide enough for several columns of outputs: column c is what
            the network answers to the window that begins at pixel 4c.

        Raises
        ------
        PatternError

        Notes
        -----
        Source: Sec. II-B, eq. 7, without a half; Sec. VII for wider input.
        """
        images = np.asarray(images)
        plan = self._plan_for(images, LANES if images.ndim and len(images) >= LANES else 1)
        output = plan.layers[-1]
        penalties = np.empty((len(images), output.maps, output.width), self._dtype)

        def fill(block: slice, space: Workspace) -> None:
            patterns = self._flat_patterns(images[block])
            kernels.penalties_of(
                plan, self.parameters, self._centres, patterns, space, penalties[block]
            )

        blocks = _blocks(len(images))
        if threads == 1:
            space = workspace(plan, self._dtype)
            for block in blocks:
                fill(block, space)
        else:
            _in_threads(fill, blocks, threads, lambda: workspace(plan, self._dtype))
        return penalties[:, :, 0] if output.width == 1 else penalties

    def classify(self, images: npt.ArrayLike, *, threads: int = 1) -> npt.NDArray[np.int64]:
        """Return the class of the least penalty of each image, (n,) or (n, columns).

        Parameters and errors are those of `penalties`.
        """
        return np.asarray(self.penalties(images, threads=threads).argmin(axis=1))

    def states(self, image: npt.ArrayLike) -> dict[str, Vector]:
        """Return what every layer answers to one image: its feature maps.

        Parameters
        ----------
        image : array_like
            uint8 (28, 28), or a real pattern (rows, width).

        Returns
        -------
        dict of str to ndarray, (maps, height, width)
            By name of the layer, ``"input"`` first; the penalties under the name of the last.

        Raises
        ------
        PatternError
        """
        images = np.asarray(image)[None]
        plan = self._plan_for(images)
        space = workspace(plan, self._dtype)
        kernels.present(plan, self._flat_patterns(images), 0, space.states)
        kernels.fprop(plan, self.parameters, self._centres, space)
        names = ["input", *(layer.name for layer in self.architecture.layers)]
        return {
            name: maps_of(layer, space.states)
            for name, layer in zip(names, plan.layers, strict=True)
        }

    def loss(
        self,
        image: npt.ArrayLike,
        label: int,
        *,
        loss: Loss = "mse",
        j: float = 1.0,
        scale: float = 1.0,
    ) -> float:
        """Return the loss of one image.

        Parameters
        ----------
        image : array_like
            uint8 (28, 28), or a real pattern (32, 32).
        label : int
            The correct class.
        loss : {"mse", "map"}
            Eq. 8 or eq. 9.
        j : float
            Of eq. 9; the paper gives no value.
        scale : float
            Factor of every penalty within the loss: 1 as printed.

        Raises
        ------
        PatternError, ConfigurationError

        Notes
        -----
        Source: Sec. II-C, eq. 8 and 9.
        """
        return self._descend_once(image, label, loss, j, scale)[0]

    def gradient(
        self,
        image: npt.ArrayLike,
        label: int,
        *,
        loss: Loss = "mse",
        j: float = 1.0,
        scale: float = 1.0,
    ) -> Vector:
        """Return the gradient of `loss`, flat; `view` shapes it.

        Parameters and errors are those of `loss`.
        """
        return self._descend_once(image, label, loss, j, scale)[1]

    def curvature(self, images: npt.ArrayLike, *, scale: float = 1.0) -> Vector:
        """Return the diagonal second derivatives h_kk, the mean over the images.

        Parameters
        ----------
        images : array_like
            As in `penalties`, with one column of outputs.
        scale : float
            As in `loss`.

        Returns
        -------
        ndarray, (architecture.trainable,)
            Never negative: the Gauss-Newton form, seeded as for eq. 8.

        Raises
        ------
        PatternError

        Notes
        -----
        Source: App. C, eq. 23 to 27. Each connection that shares a weight adds its own term,
        the four of a subsampling unit among them.
        """
        images = np.asarray(images)
        plan = self._one_column_plan(images)
        if not len(images):
            raise PatternError("expected at least one image to take the curvature on; found none")
        space = workspace(plan, self._dtype)
        curvature = np.zeros_like(self.parameters)
        for block in _blocks(len(images)):
            kernels.add_curvature(
                plan,
                self.parameters,
                self.parameters**2,
                self._centres,
                self._flat_patterns(images[block]),
                scale,
                space,
                np.ones_like(self.parameters),
                curvature,
            )
        curvature /= len(images)
        return curvature

    def descend(
        self,
        images: npt.ArrayLike,
        labels: npt.ArrayLike,
        rates: Vector,
        *,
        loss: Loss,
        j: float,
        scale: float,
    ) -> tuple[float, int, int]:
        """Pass images one after the other and update the parameters after each.

        Parameters
        ----------
        images, labels : array_like
            As in `penalties`; (n,).
        rates : ndarray, (architecture.trainable,)
            The rate eps_k of each parameter.
        loss, j, scale
            As in `loss`.

        Returns
        -------
        total : float
            Sum of the losses, each before its own update.
        misclassified : int
            Images answered wrongly, each before its own update.
        passed : int
            Images passed: fewer than given when a loss was not finite.

        Raises
        ------
        PatternError, ConfigurationError

        Notes
        -----
        Source: App. C, eq. 21.
        """
        return self._descend(images, labels, loss, j, scale, -rates, self.parameters)

    def save(self, path: str | Path, provenance: dict[str, Any] | None = None) -> None:
        """Write the parameters, and where they come from, to an ``.npz`` file.

        Raises
        ------
        DataError
            The file cannot be written.
        """
        write_weights(path, self.architecture.name, self.parameters, provenance or {})

    def _flat_patterns(self, images: npt.NDArray[Any]) -> Vector:
        patterns = as_patterns(images, self.architecture.height, self._dtype)
        return patterns.reshape(len(patterns), patterns.shape[1] * patterns.shape[2])

    def _plan_for(self, images: npt.NDArray[Any], lanes: int = 1) -> Plan:
        one = images[:1] if images.ndim else images
        width = as_patterns(one, self.architecture.height, self._dtype).shape[2]
        if (width, lanes) not in self._plans:
            self._plans[width, lanes] = lay_out(self.architecture.widened(width), lanes)
        return self._plans[width, lanes]

    def _one_column_plan(self, images: npt.NDArray[Any]) -> Plan:
        plan = self._plan_for(images)
        if plan.layers[-1].width != 1:
            raise PatternError(
                f"expected patterns {self.architecture.width} pixels wide, for a loss is defined "
                f"for one column of outputs; found {plan.layers[0].width}"
            )
        return plan

    def _descend_once(
        self, image: npt.ArrayLike, label: int, loss: Loss, j: float, scale: float
    ) -> tuple[float, Vector]:
        gradient = np.zeros_like(self.parameters)
        image = np.asarray(image)[None]
        total, _, _ = self._descend(
            image, np.array([label]), loss, j, scale, np.ones_like(gradient), gradient
        )
        return total, gradient

    def _descend(
        self,
        images: npt.ArrayLike,
        labels: npt.ArrayLike,
        loss: Loss,
        j: float,
        scale: float,
        steps: Vector,
        target: Vector,
    ) -> tuple[float, int, int]:
        check_loss(loss, j, scale)
        images = np.asarray(images)
        plan = self._one_column_plan(images)
        patterns = self._flat_patterns(images)
        total, misclassified, passed = kernels.descend(
            plan,
            self.parameters,
            self._centres,
            patterns,
            as_labels(labels, len(patterns), len(self._centres)),
            LOSSES.index(loss),
            float(j),
            float(scale),
            workspace(plan, self._dtype),
            steps.astype(self._dtype, copy=False),
            target,
        )
        return float(total), int(misclassified), int(passed)


class LeNet5(Network):
    """LeNet-5 as printed.

    Parameters
    ----------
    seed : int or numpy.random.Generator
    dtype : {numpy.float32, numpy.float64}
    initial : InitialWeights
        As in `Network`.

    Examples
    --------
    >>> import numpy as np
    >>> network = LeNet5(seed=1998)
    >>> network.parameters.size
    60000
    >>> network.penalties(np.zeros((3, 28, 28), np.uint8)).shape
    (3, 10)

    Notes
    -----
    Source: Sec. II-B, Fig. 2.
    """

    def __init__(
        self,
        seed: int | np.random.Generator = 1998,
        dtype: npt.DTypeLike = np.float32,
        initial: InitialWeights = InitialWeights(),
    ) -> None:
        super().__init__(lenet5(), seed, dtype, initial)

    @classmethod
    def load(cls, path: str | Path, dtype: npt.DTypeLike = np.float32) -> LeNet5:
        """Return the network whose parameters `save` wrote to `path`.

        Raises
        ------
        WeightsError
            The file is missing, damaged, of another network or of a later version.
        """
        network = cls(dtype=dtype)
        network.parameters[:] = read_weights(
            path, network.architecture.name, network.architecture.trainable
        ).parameters
        return network

    @classmethod
    def pretrained(cls, name: str, dtype: npt.DTypeLike = np.float32) -> LeNet5:
        """Return a network that comes trained with the package.

        Parameters
        ----------
        name : {"mnist", "distorted"}
            Trained on the 60,000 patterns of MNIST, or on them with 540,000 distorted ones.
        dtype : {numpy.float32, numpy.float64}

        Raises
        ------
        ConfigurationError
            There is no network of that name.
        """
        if name not in PRETRAINED:
            raise ConfigurationError(f"name is {name!r}; expected one of {', '.join(PRETRAINED)}")
        return cls.load(Path(__file__).parent / "pretrained" / f"{name}.npz", dtype)


def _blocks(images: int) -> Iterator[slice]:
    for start in range(0, images, PATTERNS_A_BLOCK):
        yield slice(start, min(start + PATTERNS_A_BLOCK, images))


def _in_threads(
    fill: Callable[[slice, Workspace], None],
    blocks: Iterator[slice],
    threads: int,
    make_workspace: Callable[[], Workspace],
) -> None:
    local = threading.local()

    def fill_in_own(block: slice) -> None:
        if not hasattr(local, "space"):
            local.space = make_workspace()
        fill(block, local.space)

    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(fill_in_own, blocks):
            pass
