"""What every classifier of Fig. 9 answers to: the protocol of scikit-learn."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes
from lenet98.data.labelled import as_bytes
from lenet98.data.patterns import as_labels
from lenet98.data.sizes import LARGEST_LABEL
from lenet98.errors import ConfigurationError, NotFittedError, PatternError

Labels = npt.NDArray[np.int64]
Scores = npt.NDArray[np.floating]
C = TypeVar("C", bound="Classifier")

CLASSES = LARGEST_LABEL + 1


class Classifier(ABC):
    """One way to tell digits apart.

    A classifier of its own says what its keywords may be (`_check`), how it is fitted (`_fit`) and
    what it scores (`_scores`), of images that passed the check, and what it costs
    (`_multiply_accumulates`, `_variables`). Its keywords are its attributes; what fitting finds
    ends in an underscore.

    Attributes
    ----------
    patterns_ : int
        On how many it was fitted.
    keywords_ : dict
        With which it was fitted.
    """

    patterns_: int
    keywords_: dict[str, Any]

    _estimator_type = "classifier"

    def fit(self: C, images: npt.ArrayLike, labels: npt.ArrayLike) -> C:
        """Fit it to labelled patterns.

        Parameters
        ----------
        images : array_like, (n, 28, 28)
            Grey levels of ink, 0 to 255, as `lenet98.data.patterns.as_images` takes them.
        labels : array_like, (n,)
            0 to 9, of at least two classes.

        Returns
        -------
        Classifier
            Itself.

        Raises
        ------
        ConfigurationError
            A keyword is out of its range.
        PatternError
            The images or the labels are none, all images are alike, or there is but one class.
        """
        self._check()
        checked = as_bytes(images)
        whole = as_labels(labels, len(checked), CLASSES)
        if (whole == whole[0]).all():
            raise PatternError(
                f"expected labels of at least two classes; found {whole[0]} alone. "
                "Give patterns of others too."
            )
        if (checked == checked[0]).all():
            raise PatternError(
                f"expected images that differ; found {len(checked)} that are all alike. "
                "Give the patterns themselves."
            )
        self._fit(checked, whole)
        self.patterns_ = len(checked)
        self.keywords_ = self.get_params()
        return self

    def decision_function(self, images: npt.ArrayLike) -> Scores:
        """Return the score of each class, (n, 10): the greater, the likelier.

        Parameters
        ----------
        images : array_like, (n, 28, 28)
            As in `fit`.

        Raises
        ------
        NotFittedError
            It was not fitted, or not with the keywords that it has now.
        PatternError
            The images are none.
        """
        self._require_fitted()
        return self._scores(as_bytes(images))

    def predict(self, images: npt.ArrayLike) -> Labels:
        """Return the class of the greatest score of each image, (n,).

        Parameters and errors are those of `decision_function`.
        """
        return np.asarray(self.decision_function(images).argmax(axis=1))

    def score(self, images: npt.ArrayLike, labels: npt.ArrayLike) -> float:
        """Return the share of the images that is classified as labelled, 0 to 1.

        Parameters and errors are those of `fit`.
        """
        answers = self.predict(images)
        return float((answers == as_labels(labels, len(answers), CLASSES)).mean())

    @property
    def classes_(self) -> Labels:
        """The digits, (10,)."""
        return np.arange(CLASSES)

    @property
    def multiply_accumulates(self) -> int:
        """What one pattern takes, multiplied and added; errors as in `predict`. Source: Fig. 11."""
        self._require_fitted()
        return self._multiply_accumulates

    @property
    def variables(self) -> int:
        """Numbers to be kept in memory; errors as in `predict`. Source: Fig. 12."""
        self._require_fitted()
        return self._variables

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the keywords, by name.

        Parameters
        ----------
        deep : bool
            Of no meaning here: no keyword is a classifier. For scikit-learn.
        """
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def set_params(self: C, **keywords: Any) -> C:
        """Set some of the keywords, and return itself.

        Raises
        ------
        ConfigurationError
            There is no such keyword.
        """
        known = self.get_params()
        for name, value in keywords.items():
            if name not in known:
                raise ConfigurationError(
                    f"{type(self).__name__}: expected some of {', '.join(known)}; found {name!r}"
                )
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        keywords = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"{type(self).__name__}({keywords})"

    def __sklearn_tags__(self) -> Any:
        # Called by scikit-learn alone, which is not asked for here.
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type=self._estimator_type,
            target_tags=TargetTags(required=True),
            input_tags=InputTags(two_d_array=False, three_d_array=True),
            classifier_tags=ClassifierTags(),
        )

    @abstractmethod
    def _check(self) -> None:
        """Refuse keywords that are out of their range."""

    @abstractmethod
    def _fit(self, images: Bytes, labels: Labels) -> None:
        """Fit it to images and labels that passed the check."""

    @abstractmethod
    def _scores(self, images: Bytes) -> Scores:
        """Return the scores, (n, 10), of images that passed the check."""

    @property
    @abstractmethod
    def _multiply_accumulates(self) -> int:
        """What one pattern costs, once fitted."""

    @property
    @abstractmethod
    def _variables(self) -> int:
        """What is kept in memory, once fitted."""

    def _require_fitted(self) -> None:
        if not hasattr(self, "patterns_"):
            raise NotFittedError(
                f"expected a fitted {type(self).__name__}; found a new one. Call fit before."
            )
        if self.get_params() != self.keywords_:
            fitted = type(self)(**self.keywords_)
            raise NotFittedError(f"expected {fitted}, as fitted; found {self}. Call fit again.")
