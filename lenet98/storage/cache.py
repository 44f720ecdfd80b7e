"""Compiled functions are kept on the disk; where that fails, all goes on without."""

from __future__ import annotations

import os
import stat
import tempfile
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from numba import njit
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    NullCache,
    UserWideCacheLocator,
)

from lenet98.storage.compiling import BEGINS, ENDS, LOG

F = TypeVar("F", bound=Callable[..., Any])

MEND = "to choose a place for numba's cache, set NUMBA_CACHE_DIR"


def cached_njit(**options: Any) -> Callable[[F], F]:
    """Compile a function as ``numba.njit`` does, and keep what is compiled where that can be.

    Numba's own ``cache=True`` raises where there is no place for its cache, where the disk is
    full, and where a file of the cache is damaged. Here each is said once, as a RuntimeWarning.

    Parameters
    ----------
    **options
        Of ``numba.njit``, without ``cache``.
    """

    def compiled(function: F) -> F:
        dispatcher: Any = njit(**options)(function)
        if hasattr(dispatcher, "enable_caching"):  # it has not where compilation is switched off
            dispatcher._cache = _cache_of(function)
        return dispatcher  # type: ignore[no-any-return]

    return compiled


def _cache_of(function: Callable[..., Any]) -> NullCache | FunctionCache:
    try:
        return _Cache(function)
    except RuntimeError:  # no locator found a place
        _say(f"there is no place for numba's cache, so that every run compiles anew; {MEND}")
        return _NoCache()


@cache  # numba switches filters to and fro, whereupon Python says a warning again
def _say(text: str) -> None:
    warnings.warn(text, RuntimeWarning, stacklevel=1)


class _NoCache(NullCache):
    def load_overload(self, sig: Any, target_context: Any) -> None:
        LOG.info(BEGINS, sig)

    def save_overload(self, sig: Any, data: Any) -> None:
        LOG.info(ENDS, sig)


class _TemporaryFolder(UserWideCacheLocator):
    """The last resort, of this user alone: what is loaded from a cache is run."""

    def get_cache_path(self) -> str:
        return str(_temporary() / self.get_suitable_cache_subpath(self._py_file))

    def ensure_cache_path(self) -> None:
        folder = _temporary()
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        others = found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        if not stat.S_ISDIR(found.st_mode) or (
            hasattr(os, "getuid") and (found.st_uid != os.getuid() or others)
        ):
            raise PermissionError(f"{folder} is open to others")
        super().ensure_cache_path()

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], py_file: str) -> Any:
        found = super().from_function(py_func, py_file)
        if found is not None:
            _say(f"what is compiled is kept in {_temporary()}, for want of another place; {MEND}")
        return found


def _temporary() -> Path:
    user = os.getuid() if hasattr(os, "getuid") else "cache"
    return Path(tempfile.gettempdir()) / f"lenet98-{user}"


class _Place(CompileResultCacheImpl):
    def __init__(self, function: Callable[..., Any]) -> None:
        self._locator_classes = [*self._locator_classes, _TemporaryFolder]
        super().__init__(function)


class _Cache(FunctionCache):
    """A cache whose every failure is that of a convenience."""

    _impl_class = _Place

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        found = None
        try:
            found = super().load_overload(sig, target_context)
        # Damaged files raise what they like. Data are written anew in any case, the index here.
        except Exception:
            _say("a file of numba's cache is damaged, and what it held is compiled anew")
            with suppress(OSError):
                self.flush()
        if found is None:
            LOG.info(BEGINS, sig)
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        # A damaged index that could not be written anew is read here again.
        except Exception as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            _say(f"what is compiled cannot be kept ({reason}); {MEND}")
        finally:
            LOG.info(ENDS, sig)
