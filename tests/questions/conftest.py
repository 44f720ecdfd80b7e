"""What the figures of 1998 show, and the layers recovered from them: for all who ask of them."""

import pytest

from lenet98.questions.holding import shown
from lenet98.questions.recovery import printed_drawings, recover


@pytest.fixture(scope="session")
def printed():
    return printed_drawings()


@pytest.fixture(scope="session")
def recovered(printed):
    return recover(printed)


@pytest.fixture(scope="session")
def known():
    return shown()
