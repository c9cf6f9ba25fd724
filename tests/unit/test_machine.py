"""What of the processor could show in a result is switched off where SAME_EVERYWHERE is set."""

import os
import platform
import subprocess
import sys

import numpy as np
import pytest
from hrmonitor.estimation.change import unpaired_change
from hrmonitor.machine import SAME_EVERYWHERE

on_x86_64 = pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="the bytes are promised on Linux on x86-64"
)


def pinned(code: str, **more: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, **SAME_EVERYWHERE, **more}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)


@on_x86_64
def test_numpy_takes_no_code_that_only_some_processors_have():
    code = """
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
print(len(__cpu_dispatch__), [name for name in __cpu_dispatch__ if __cpu_features__[name]])
"""
    known, taken = pinned(code).stdout.split(maxsplit=1)
    assert int(known) > 0
    assert taken.strip() == "[]"


@on_x86_64
def test_numpy_and_scipy_multiply_matrices_by_the_oldest_code():
    told = pinned("import numpy, scipy.linalg", OPENBLAS_VERBOSE="2").stderr
    # What OpenBLAS calls the kernels that it takes for Prescott.
    assert told.split("\n") == ["Core: Katmai", "Core: Katmai", ""]


@on_x86_64
def test_the_c_library_does_without_fused_multiplication():
    # With it the last digits are 097.
    assert pinned("import math; print(repr(math.exp(2.8264496191368043)))").stdout.strip() == "16.885404658927094"


def test_no_rounding_is_published_as_a_standard_error():
    # Nobody changed, and those who answered are all there are in the one stratum; 0.1 + 0.2 is not 0.3.
    answers = np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0])
    for size in range(len(answers), 40):
        found = unpaired_change({"dcr": answers}, {"dcr": answers}, {"dcr": size}, {"dcr": size}, {"dcr": size}, 0.95)
        assert found.se == 0.0
