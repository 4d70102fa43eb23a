"""Counter-based randomness: a number depends on what it is for, never on what was drawn before it."""

from __future__ import annotations

import hashlib
import math
from statistics import NormalDist

_NORMAL = NormalDist()
_MASK = 2**64 - 1


def uniform(seed: int, name: str, index: int, stream: int = 0) -> float:
    """A number strictly between 0 and 1 for a seed, a name, a person and a stream: Philox keyed by seed and name, counting the rest.

    The same on every machine, in any order, for any number of people.
    """
    from numpy.random import Philox

    label = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
    key, counter = (label << 64) | (seed & _MASK), (stream << 64) | index
    bits = int(Philox(key=key, counter=counter).random_raw())
    return ((bits >> 11) + 0.5) * 2.0**-53


def lognormal_factor(u: float, sigma: float, low: float = 0.0, high: float = math.inf) -> float:
    """The factor exp(sigma z), median 1, that has the share `u` of people below it, among those between `low` and `high`.

    Bounds cut the distribution off and the rest is rescaled (no heap at a bound).
    """
    if sigma <= 0.0 or not low < high:
        return min(max(1.0, low), high)
    below = _NORMAL.cdf(math.log(low) / sigma) if low > 0 else 0.0
    above = _NORMAL.cdf(math.log(high) / sigma) if math.isfinite(high) else 1.0
    share = min(max(below + u * (above - below), 1e-300), 1.0 - 2.0**-53)
    return min(max(math.exp(sigma * _NORMAL.inv_cdf(share)), low), high)
