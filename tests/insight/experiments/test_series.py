"""The sums of a measure by days."""

import numpy as np

from assistant.insight.experiments.series import summed


def test_fractions_leave_nothing_behind_that_passes_for_a_value() -> None:
    waits = np.random.default_rng(3).uniform(0, 20_000, 500)
    rows = [(unit, unit // 100, wait, 1.0) for unit, wait in enumerate(waits)]
    found = summed(rows, [unit // 100 for unit, *_ in rows], 5)
    assert found.varied.tolist() == found.units.tolist() == [100, 200, 300, 400, 500]
    assert np.allclose(found.y[-1], waits.sum()) and np.allclose(found.yy[-1], (waits**2).sum())
