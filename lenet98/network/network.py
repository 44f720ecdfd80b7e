"""A network of the paper with its parameters: penalties, answers, gradient, curvature."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from lenet98.data.arrays import as_array, found
from lenet98.data.patterns import Images, as_images, as_label, as_labels, framed
from lenet98.errors import PatternError, require, require_whole
from lenet98.network import kernels
from lenet98.network.architecture import Architecture
from lenet98.network.choices import LOSSES, InitialWeights, Loss, check_loss
from lenet98.network.plan import (
    Objective,
    Plan,
    Way,
    Workspace,
    lay_out,
    maps_of,
    workspace,
    zeros_for_parameters,
)
from lenet98.network.tables import lenet5
from lenet98.network.weights import read_weights, shipped, shipped_file, write_weights

Vector = npt.NDArray[np.floating]

PATTERNS_A_BLOCK = 512
"""Images are framed this many at a time, to bound memory."""

LEAST_SIDE_BY_SIDE = 20
"""Fewer images are answered sooner one after the other than side by side in lanes."""

N = TypeVar("N", bound="Network")


class LayerView(NamedTuple):
    """One layer's part of a flat vector, as views that share its memory.

    Attributes
    ----------
    weights : ndarray
        Convolution: (pairs, field, field), a kernel for each (from, to) pair, in the order of the
        to maps. Subsampling: (maps,), the coefficients. Full: (units, inputs). RBF: the fixed
        centres, (classes, inputs), read-only.
    bias : ndarray, (maps,)
        Empty for an RBF layer.
    """

    weights: Vector
    bias: Vector


class Network:
    """A network of the paper and its parameters.

    What only answers may be called from several threads at once (thread-safe).

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

    Raises
    ------
    ConfigurationError
        `dtype` is neither of the two, or `seed` is negative.

    Examples
    --------
    >>> from lenet98 import Network, lenet1
    >>> Network(lenet1(), seed=1).parameters.shape
    (2578,)
    """

    def __init__(
        self,
        architecture: Architecture,
        seed: int | np.random.Generator = 1998,
        dtype: npt.DTypeLike = np.float32,
        initial: InitialWeights = InitialWeights(),
    ) -> None:
        self._dtype = _real_type(dtype)
        if not isinstance(seed, np.random.Generator):
            require_whole("seed", seed, 0)
            seed = np.random.default_rng(seed)
        self.architecture = architecture
        self._plans: dict[tuple[int, int], Plan] = {}
        self._spaces: list[Workspace] = []
        plan = self._plan_of(architecture.width)
        self._parameters = zeros_for_parameters(plan)
        self._centres = plan.centres
        self._draw(seed, initial)

    @property
    def parameters(self) -> Vector:
        """Layer by layer from the input: weights, then biases; (architecture.trainable,).

        What is set is copied.
        """
        return self._parameters

    @parameters.setter
    def parameters(self, values: npt.ArrayLike) -> None:
        self._parameters[:] = self._whole_vector(values, "parameters")

    def _draw(self, rng: np.random.Generator, initial: InitialWeights) -> None:
        for layer in self.architecture.layers[:-1]:
            weights, bias = self.view(layer.name)
            fan_in = np.array([layer.fan_in(m) for m in range(layer.maps)])
            bounds = initial.bound_of(layer.height) / fan_in**initial.power
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

        Examples
        --------
        >>> from lenet98 import LeNet5
        >>> LeNet5().view("C1").weights.shape
        (6, 5, 5)
        """
        vector = self.parameters if of is None else self._whole_vector(of, "of")
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
            Grey levels of ink, 0 to 255, (n, 28, 28); or real patterns, (n, rows, width), from
            -0.1 to 1.175; or one image alone. Arrays, lists, tensors and images, and with an axis
            of one grey level a pixel, as `lenet98.data.patterns.as_images` takes them.
        threads : int
            Cores to spread the images over. The result does not depend on it.

        Returns
        -------
        ndarray, (n, classes), or (n, classes, columns)
            The latter for patterns wide enough for several columns of outputs: column c of
            LeNet-5 is what it answers to the window that begins at pixel 4c. Of one image alone,
            (classes,) or (classes, columns): an axis that was not given is not returned.

        Raises
        ------
        PatternError, ConfigurationError

        Notes
        -----
        Source: Sec. II-B, eq. 7, without a half; Sec. VII for wider input.

        Examples
        --------
        >>> from lenet98 import LeNet5, draw_digits
        >>> LeNet5().penalties(draw_digits(n_train=1, n_test=3).test_images).shape
        (3, 10)
        """
        checked = as_images(images, self.architecture.height)
        penalties = self._penalties(checked, threads)
        return penalties[0] if checked.alone else penalties

    def _penalties(self, images: Images, threads: int) -> Vector:
        """Return the penalties of images that passed the check, one image or many."""
        require_whole("threads", threads, 1)
        pixels, width = images.pixels, images.width(self.architecture.height)
        output = self._plan_of(width).layers[-1]
        penalties = np.empty((len(pixels), output.maps, output.width), self._dtype)

        def fill(block: slice) -> None:
            count = len(pixels[block])
            plan = self._plan_of(width, kernels.LANES if count >= LEAST_SIDE_BY_SIDE else 1)
            patterns = self._flat_patterns(pixels[block])
            with self._borrowed_space(plan) as space:
                kernels.penalties_of(plan, self.parameters, patterns, space, penalties[block])

        blocks = _blocks(len(pixels))
        if threads == 1:  # to start another would take longer than to answer an image
            for block in blocks:
                fill(block)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(fill, blocks))
        return penalties[:, :, 0] if output.width == 1 else penalties

    def classify(self, images: npt.ArrayLike, *, threads: int = 1) -> npt.NDArray[np.int64]:
        """Return the class of the least penalty of each image, (n,) or (n, columns).

        Of one image alone, a whole number of NumPy's, or (columns,). Parameters and errors are
        those of `penalties`.

        Examples
        --------
        >>> from lenet98 import LeNet5, draw_digits
        >>> digits = draw_digits(n_train=1, n_test=2)
        >>> LeNet5.pretrained("distorted").classify(digits.test_images).tolist()
        [1, 0]
        >>> digits.test_labels.tolist()
        [1, 0]
        """
        checked = as_images(images, self.architecture.height)
        classes = self._penalties(checked, threads).argmin(axis=1)
        answers: npt.NDArray[np.int64] = classes[0] if checked.alone else classes
        return answers

    def states(self, image: npt.ArrayLike) -> dict[str, Vector]:
        """Return what every layer answers to one image: its feature maps.

        Parameters
        ----------
        image : array_like
            One image as in `penalties`, or a set of one.

        Returns
        -------
        dict of str to ndarray, (maps, height, width)
            By name of the layer, ``"input"`` first; the penalties under the name of the last.

        Raises
        ------
        PatternError

        Examples
        --------
        >>> from lenet98 import LeNet5, draw_digits
        >>> states = LeNet5().states(draw_digits(n_train=1, n_test=1).test_images[0])
        >>> [*states][:3], states["C3"].shape
        (['input', 'C1', 'S2'], (16, 10, 10))
        """
        plan, space = self._answered(self._one(image))
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
            One image as in `penalties`, or a set of one, with one column of outputs.
        label : int
            The correct class. Of eq. 9, the number of classes stands for none of them: the
            rubbish class.
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

        Examples
        --------
        >>> from lenet98 import LeNet5, draw_digits
        >>> digits = draw_digits(n_train=1, n_test=1)
        >>> LeNet5().loss(digits.test_images[0], digits.test_labels[0]) > 1
        True
        """
        objective = _objective(loss, j, scale)
        plan, space = self._answered(self._one_column(self._one(image)))
        output = plan.layers[-1]
        desired = as_label(label, output.maps + (loss == "map"))
        penalties = space.states[output.at : output.at + output.maps]
        return float(kernels.find_loss(penalties, desired, objective, space.penalty_deltas[0]))

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

        Examples
        --------
        >>> from lenet98 import LeNet5, draw_digits
        >>> network, digits = LeNet5(), draw_digits(n_train=1, n_test=1)
        >>> gradient = network.gradient(digits.test_images[0], digits.test_labels[0])
        >>> network.view("F6", of=gradient).weights.shape
        (84, 120)
        """
        objective = _objective(loss, j, scale)
        desired = as_label(label, len(self._centres) + (loss == "map"))
        gradient, ones = self._zeros(), self._zeros()
        ones[:] = 1
        way = Way(kernels.GRADIENT, self.parameters, ones, gradient)
        self._pass_back(self._one(image), np.array([desired]), objective, way)
        return gradient

    def curvature(
        self,
        images: npt.ArrayLike,
        *,
        loss: Loss = "mse",
        j: float = 1.0,
        scale: float = 1.0,
        four_connections: bool = False,
    ) -> Vector:
        """Return the diagonal second derivatives h_kk, the mean over the images.

        Parameters
        ----------
        images : array_like
            As in `penalties`, with one column of outputs. Real patterns may have any share of
            their pixels inverted.
        loss, j, scale
            As in `loss`: what is derived twice. It hangs on no label, for one of the classes.
        four_connections : bool
            Whether a subsampling coefficient has the sum of four squares, by the paper's count of
            its connections, or the square of the sum of four, as in the authors' later code.

        Returns
        -------
        ndarray, (architecture.trainable,)
            Never negative: the Gauss-Newton form.

        Raises
        ------
        PatternError, ConfigurationError

        Notes
        -----
        Source: App. C, eq. 23 to 27. Each connection that shares a weight adds its own term.

        Examples
        --------
        >>> from lenet98 import LeNet5, draw_digits
        >>> curvature = LeNet5().curvature(draw_digits(n_train=1, n_test=2).test_images)
        >>> curvature.shape, bool((curvature >= 0).all())
        ((60000,), True)
        """
        pixels = as_images(images, self.architecture.height, noisy=True).pixels
        if not len(pixels):
            raise PatternError("expected at least one image to take the curvature on; found none")
        curvature, ones, squares = self._zeros(), self._zeros(), self._zeros()
        ones[:], squares[:] = 1, self.parameters**2
        way = Way(kernels.CURVATURE, squares, ones, curvature, four_connections)
        objective = _objective(loss, j, scale)
        for block in _blocks(len(pixels)):
            no_labels = np.zeros(len(pixels[block]), np.int64)
            self._pass_back(Images(pixels[block], alone=False), no_labels, objective, way)
        curvature /= len(pixels)
        return curvature

    def descend(
        self,
        images: npt.ArrayLike,
        labels: npt.ArrayLike,
        rates: npt.ArrayLike,
        *,
        loss: Loss,
        j: float,
        scale: float,
    ) -> tuple[float, int, int]:
        """Pass images one after the other and update the parameters after each.

        Parameters
        ----------
        images : array_like
            As in `curvature`.
        labels : array_like, (n,)
            The correct classes, as in `loss`.
        rates : array_like, (architecture.trainable,)
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

        Examples
        --------
        >>> import numpy as np
        >>> from lenet98 import LeNet5, draw_digits
        >>> network, digits = LeNet5(), draw_digits(n_train=2, n_test=1)
        >>> rates = np.full(network.parameters.shape, 1e-4, np.float32)
        >>> total, misclassified, passed = network.descend(
        ...     digits.train_images, digits.train_labels, rates, loss="mse", j=1.0, scale=1.0
        ... )
        >>> passed
        2
        """
        objective = _objective(loss, j, scale)
        checked = as_images(images, self.architecture.height, noisy=True)
        classes = len(self._centres) + (loss == "map")
        desired = as_labels(labels, len(checked.pixels), classes)
        steps = self._zeros()
        steps[:] = self._whole_vector(rates, "rates")
        np.negative(steps, out=steps)
        way = Way(kernels.DESCENT, self.parameters, steps, self.parameters)
        return self._pass_back(checked, desired, objective, way)

    @classmethod
    def load(
        cls: type[N],
        path: str | Path,
        dtype: npt.DTypeLike = np.float32,
        *,
        architecture: Architecture | None = None,
    ) -> N:
        """Return the network whose parameters `save` wrote to `path`.

        Parameters
        ----------
        path : str or Path
        dtype : {numpy.float32, numpy.float64}
        architecture : Architecture, optional
            The layer table it was saved with; by default that of LeNet-5, with the class of no
            character or without.

        Raises
        ------
        WeightsError
            The file is missing, damaged, of another network or of a later version.

        Examples
        --------
        >>> from lenet98 import LeNet5
        >>> LeNet5.load("none.npz")
        Traceback (most recent call last):
        lenet98.errors.WeightsError: none.npz: expected a file, found none. Check the path.
        """
        tables = (architecture,) if architecture else (lenet5(), lenet5(blank=True))
        weights = read_weights(path, *tables)
        network = cls._of(weights.architecture, dtype)
        network.parameters[:] = weights.parameters
        return network

    @classmethod
    def _of(cls: type[N], architecture: Architecture, dtype: npt.DTypeLike) -> N:
        return cls(architecture, dtype=dtype)

    def save(self, path: str | Path, provenance: dict[str, Any] | None = None) -> None:
        """Write the parameters, and where they come from, to an ``.npz`` file.

        Raises
        ------
        DataError
            The file cannot be written.
        WeightsError
            A parameter is not finite, or the provenance is none of plain values, or too long.

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> from lenet98 import LeNet5
        >>> with TemporaryDirectory() as folder:
        ...     LeNet5(seed=1).save(f"{folder}/own.npz")
        ...     own = LeNet5.load(f"{folder}/own.npz")
        >>> bool((own.parameters == LeNet5(seed=1).parameters).all())
        True
        """
        write_weights(path, self.architecture, self.parameters, provenance or {})

    def _repr_html_(self) -> str:
        return self.architecture._repr_html_()

    def _whole_vector(self, values: npt.ArrayLike, name: str) -> npt.NDArray[Any]:
        vector = as_array(values, name)
        if vector.shape != (self.architecture.trainable,) or vector.dtype.kind not in "iuf":
            raise PatternError(
                f"expected {self.architecture.trainable} real numbers as {name}; "
                f"found {found(values, vector)}. Give one for each parameter."
            )
        return vector

    def _one(self, image: npt.ArrayLike) -> Images:
        return as_images(image, self.architecture.height, name="image", one=True)

    def _flat_patterns(self, pixels: npt.NDArray[Any]) -> Vector:
        patterns = framed(pixels, self.architecture.height, self._dtype)
        return patterns.reshape(len(patterns), patterns.shape[1] * patterns.shape[2])

    def _plan_of(self, width: int, lanes: int = 1) -> Plan:
        if (width, lanes) not in self._plans:
            architecture = self.architecture.widened(width)
            self._plans[width, lanes] = lay_out(architecture, self._dtype, lanes)
        return self._plans[width, lanes]

    @contextmanager
    def _borrowed_space(self, plan: Plan) -> Iterator[Workspace]:
        """Lend a workspace; the large ones are kept, for fresh memory is slow.

        None in which derivatives go back: what a diverged pattern left there would stay.
        """
        own = plan.layers[0].width == self.architecture.width
        kept = self._spaces if own and plan.lanes > 1 else []
        try:
            space = kept.pop()  # in one step, whatever other threads do
        except IndexError:
            space = workspace(plan)
        yield space
        kept.append(space)

    def _zeros(self) -> Vector:
        return zeros_for_parameters(self._plan_of(self.architecture.width))

    def _one_column(self, images: Images) -> Images:
        width = images.width(self.architecture.height)
        if width != self.architecture.width:
            raise PatternError(
                f"expected patterns {self.architecture.width} pixels wide, for a loss is defined "
                f"for one column of outputs; found {width}"
            )
        return images

    def _answered(self, image: Images) -> tuple[Plan, Workspace]:
        """Answer one image, and return what that leaves in memory."""
        patterns = self._flat_patterns(image.pixels)
        plan = self._plan_of(image.width(self.architecture.height))
        space, output = workspace(plan), plan.layers[-1]
        penalties = np.empty((1, output.maps, output.width), self._dtype)
        kernels.penalties_of(plan, self.parameters, patterns, space, penalties)
        return plan, space

    def _pass_back(
        self, images: Images, labels: npt.NDArray[np.int64], objective: Objective, way: Way
    ) -> tuple[float, int, int]:
        patterns = self._flat_patterns(self._one_column(images).pixels)
        plan = self._plan_of(self.architecture.width)
        total, misclassified, passed = kernels.descend(
            plan, self.parameters, patterns, labels, objective, way, workspace(plan)
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
    blank : bool
        Whether an eleventh class stands for no character, on the code of SPACE (Sec. VII-B).

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
        *,
        blank: bool = False,
    ) -> None:
        super().__init__(lenet5(blank=blank), seed, dtype, initial)

    @classmethod
    def pretrained(cls, name: str, dtype: npt.DTypeLike = np.float32) -> LeNet5:
        """Return a network that comes trained with the package.

        Parameters
        ----------
        name : {"mnist", "distorted", "noise", "strings", "1998"}
            Trained on the 60,000 patterns of MNIST, or on them with 540,000 distorted ones, with
            a tenth of the pixels inverted, or as the middles of strings with such noise; that one
            has an eleventh class, of no character. Of "1998", C1 to S4 are those of the paper's
            own network, recovered from its figures; C5 and F6 are not, but trained on top.
        dtype : {numpy.float32, numpy.float64}

        Raises
        ------
        ConfigurationError
            There is no network of that name.

        Examples
        --------
        >>> from lenet98 import LeNet5
        >>> LeNet5.pretrained("strings").architecture.layers[-1].maps
        11
        """
        names = shipped()
        require("name", name, name in names, f"one of {', '.join(names)}")
        with shipped_file(name) as path:
            return cls.load(path, dtype)

    @classmethod
    def _of(cls, architecture: Architecture, dtype: npt.DTypeLike) -> LeNet5:
        blank = architecture == lenet5(blank=True)
        own = blank or architecture == lenet5()
        require("architecture", architecture.name, own, "LeNet-5's own")
        return cls(dtype=dtype, blank=blank)


def _real_type(dtype: npt.DTypeLike) -> np.dtype[Any]:
    try:
        real = np.dtype(dtype)
    except TypeError:
        real = np.dtype(object)
    require("dtype", dtype, real in (np.float32, np.float64), "float32 or float64")
    return real


def _objective(loss: Loss, j: float, scale: float) -> Objective:
    check_loss(loss, j, scale)
    return Objective(LOSSES.index(loss), float(j), float(scale))


def _blocks(images: int) -> Iterator[slice]:
    """Cut into blocks; what would leave most lanes empty is a block of its own."""
    rest = images % kernels.LANES
    together = images if rest >= LEAST_SIDE_BY_SIDE else images - rest
    for start in range(0, together, PATTERNS_A_BLOCK):
        yield slice(start, min(start + PATTERNS_A_BLOCK, together))
    if together < images:
        yield slice(together, images)
