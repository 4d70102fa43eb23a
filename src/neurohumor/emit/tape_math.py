"""Elementary functions of vectors as LLVM text, without any library: exp, log, pow, sin, cos, tan, tanh, asin, acos, atan.

All are within 2 units in the last place, with the special values of IEEE 754.  sin, cos and tan are not a number beyond 2^45.
Reductions and double-double steps follow Cody and Waite (1980) and Dekker (1971); the polynomials were fitted for this file.
"""

from __future__ import annotations

import math

from neurohumor.emit.tape_vector import Value, Writer


def _floats(text: str) -> list[float]:
    return [float.fromhex(word) for word in text.split()]


EXP = _floats(
    "0x1.0000000000000p-1 0x1.5555555555556p-3 0x1.5555555553d37p-5 0x1.11111111109a6p-7 0x1.6c16c1789d1d7p-10"
    " 0x1.a01a01a7cebcdp-13 0x1.a019b8ca26fcfp-16 0x1.71de0d85293b8p-19 0x1.2891d4ffbb0f9p-22 0x1.af390ba7e6f47p-26"
)
LOG = _floats(
    "0x1.5555555555558p-1 0x1.99999999951f5p-2 0x1.2492492e0b70cp-2 0x1.c71c62c42db89p-3 0x1.7462be245eae3p-3"
    " 0x1.39fd25d62ab23p-3 0x1.2b6776a1bf0b9p-3"
)
LOG_TAIL = _floats(
    "0x1.249249248e468p-2 0x1.c71c71d814a8ap-3 0x1.745d09d3f8fdfp-3 0x1.3b18c1056557bp-3 0x1.1017a19d7aa3bp-3 0x1.0885808c8173cp-3"
)
SIN = _floats(
    "-0x1.5555555555555p-3 0x1.1111111110b23p-7 -0x1.a01a019e620eep-13 0x1.71de376b644ccp-19 -0x1.ae5fde7f12068p-26 0x1.5dfb39c3139b6p-33"
)
COS = _floats(
    "0x1.5555555555555p-5 -0x1.6c16c16c1691fp-10 0x1.a01a019f3dde1p-16 -0x1.27e4fa0241f7cp-22 0x1.1eeb52a201da3p-29 -0x1.906dbf4fda044p-37"
)
ASIN = _floats(
    "0x1.5555555555556p-3 0x1.3333333332eaap-4 0x1.6db6db6e35217p-5 0x1.f1c71c1baf1c5p-6 0x1.6e8bb21b0d9bap-6 0x1.1c4d2df172182p-6"
    " 0x1.c9cff8af3076fp-7 0x1.781cd742184c7p-7 0x1.52816d4983b43p-7 0x1.637b7e101b0dap-8 0x1.1e9d59329c4d3p-6 -0x1.eb83e904a1bfcp-7"
    " 0x1.d8dbb348232e7p-6"
)
ATAN = _floats(
    "-0x1.5555555555555p-2 0x1.99999999998adp-3 -0x1.2492492484084p-3 0x1.c71c71bc4cffcp-4 -0x1.745d1525f6b2dp-4 0x1.3b1371ecb852ap-4"
    " -0x1.110c5ec36578ep-4 0x1.e16b862c995f7p-5 -0x1.ab3908340e252p-5 0x1.6f7ca4a9b4ddbp-5 -0x1.0e3219bb232c5p-5 0x1.df627bf1833d7p-7"
)

_hex = float.fromhex
INF, NAN = math.inf, math.nan
ROUND = 1.5 * 2.0**52  # adding and taking it away rounds to a whole number, whose bits stand at the bottom
LOG2E = _hex("0x1.71547652b82fep+0")
LN2 = (_hex("0x1.62e42fefa3000p-1"), _hex("0x1.3de6af278ece6p-42"))
TWO_OVER_PI = _hex("0x1.45f306dc9c883p-1")
HALF_PI = (_hex("0x1.921fb54442d18p+0"), _hex("0x1.1a62633145c07p-54"), _hex("-0x1.f1976b7ed8fbcp-110"))
TWO_THIRDS = (_hex("0x1.5555555555555p-1"), _hex("0x1.5555555555555p-55"))
TWO_FIFTHS_LOW = _hex("-0x1.999999999999ap-56")
SQRT_HALF = 0x3FE6A09E667F3BCD  # its bits
ATANS = (  # (from |x| on, c, atan(c) high and low)
    (0.4375, 0.5, _hex("0x1.dac670561bb4fp-2"), _hex("0x1.a2b7f222f65e2p-56")),
    (0.6875, 1.0, _hex("0x1.921fb54442d18p-1"), _hex("0x1.1a62633145c07p-55")),
    (1.1875, 1.5, _hex("0x1.f730bd281f69bp-1"), _hex("0x1.007887af0cbbdp-56")),
)


def exp(w: Writer, x: Value) -> Value:
    """e to the x"""
    return _exp_sum(w, x, None)


def _exp_sum(w: Writer, high: Value, low: Value | None) -> Value:
    x = w.select(w.compare("olt", high, -746.0), -746.0, high)
    x = w.select(w.compare("ogt", x, 710.0), 710.0, x)
    n = w.sub(w.fma(x, LOG2E, ROUND), ROUND)
    r = w.fma(n, -LN2[1], w.fma(n, -LN2[0], x))
    if low is not None:
        r = w.add(r, low)
    p = w.add(w.fma(w.mul(r, r), w.polynomial(r, EXP), r), 1.0)
    half = w.sub(w.fma(n, 0.5, ROUND), ROUND)  # in two factors, since 2^n itself may not be a normal number
    return w.mul(w.mul(p, _power_of_two(w, half)), _power_of_two(w, w.sub(n, half)))


def _power_of_two(w: Writer, n: Value) -> Value:
    shifted = w.integer("shl", w.bits(w.add(n, ROUND)), 52)
    return w.double(w.integer("add", shifted, 0x3FF << 52))


def _split(w: Writer, x: Value) -> tuple[Value, Value]:
    """x > 0 as 2^k m with m between sqrt(1/2) and sqrt(2): (k, m)."""
    tiny = w.compare("olt", x, 2.0**-1022)
    scaled = w.select(tiny, w.mul(x, 2.0**54), x)
    offset = w.select(tiny, 2.0**52 + 1024 + 54, 2.0**52 + 1024.0)
    b = w.bits(scaled)
    past = w.integer("sub", b, SQRT_HALF)
    k = w.integer("lshr", w.integer("add", past, 1024 << 52), 52)
    exponent = w.sub(w.double(w.integer("or", k, 0x4330000000000000)), offset)
    return exponent, w.double(w.integer("sub", b, w.integer("and", past, 0xFFF << 52)))


def log(w: Writer, x: Value) -> Value:
    """Natural logarithm"""
    k, m = _split(w, x)
    f = w.sub(m, 1.0)
    q = w.div(f, w.add(f, 2.0))
    z = w.mul(q, q)
    rest = w.mul(z, w.polynomial(z, LOG))
    half = w.mul(w.mul(f, 0.5), f)
    low = w.fma(q, w.add(half, rest), w.mul(k, LN2[1]))
    r = w.fma(k, LN2[0], w.sub(f, w.sub(half, low)))
    r = w.select(w.compare("olt", x, INF), r, x)
    return w.select(w.compare("ole", x, 0.0), w.select(w.compare("oeq", x, 0.0), -INF, NAN), r)


def _log_pair(w: Writer, x: Value) -> tuple[Value, Value]:
    """log(x) for x > 0 as a sum of two doubles."""
    k, m = _split(w, x)
    f = w.sub(m, 1.0)
    dh = w.add(m, 1.0)
    dl = w.sub(m, w.sub(dh, 1.0))
    inverse = w.div(1.0, dh)
    sh = w.mul(f, inverse)
    sl = w.mul(w.sub(w.fma(w.neg(sh), dh, f), w.mul(sh, dl)), inverse)
    zh = w.mul(sh, sh)
    zl = w.fma(w.add(sh, sh), sl, w.fma(sh, sh, w.neg(zh)))
    p = w.fma(w.mul(zh, zh), w.polynomial(zh, LOG_TAIL), w.mul(zh, 0.4))
    p = w.fma(zh, TWO_FIFTHS_LOW, p)
    ch = w.add(p, TWO_THIRDS[0])
    cl = w.add(w.sub(p, w.sub(ch, TWO_THIRDS[0])), TWO_THIRDS[1])
    gh = w.mul(zh, ch)
    gl = w.fma(zl, ch, w.fma(zh, cl, w.fma(zh, ch, w.neg(gh))))
    wh = w.add(gh, 2.0)
    wl = w.add(w.sub(gh, w.sub(wh, 2.0)), gl)
    lh = w.mul(sh, wh)
    ll = w.fma(sl, wh, w.fma(sh, wl, w.fma(sh, wh, w.neg(lh))))
    eh = w.mul(k, LN2[0])
    total = w.add(eh, lh)
    part = w.sub(total, eh)
    error = w.add(w.sub(eh, w.sub(total, part)), w.sub(lh, part))
    error = w.add(error, w.fma(k, LN2[1], ll))
    high = w.add(total, error)
    return high, w.add(w.sub(total, high), error)


def power(w: Writer, a: Value, y: Value) -> Value:
    """a to the y, as IEEE 754 has pow"""
    size = w.abs(a)
    high, low = _log_pair(w, size)
    ph = w.mul(y, high)
    pl = w.fma(y, low, w.fma(y, high, w.neg(ph)))
    pl = w.select(w.compare("ogt", w.abs(ph), 1000.0), 0.0, pl)
    return _special_powers(w, a, y, size, result=_exp_sum(w, ph, pl))


def _special_powers(w: Writer, a: Value, y: Value, size: Value, *, result: Value) -> Value:
    negative = w.compare("olt", y, 0.0)
    r = w.select(w.compare("oeq", size, 0.0), w.select(negative, INF, 0.0), result)
    r = w.select(w.compare("oeq", size, INF), w.select(negative, 0.0, INF), r)
    endless = w.compare("oeq", w.abs(y), INF)
    up = w.both("xor", w.compare("ogt", size, 1.0), negative)
    r = w.select(endless, w.select(up, INF, 0.0), r)
    r = w.select(w.both("and", endless, w.compare("oeq", size, 1.0)), 1.0, r)
    half = w.mul(y, 0.5)
    odd = w.both("and", w.compare("oeq", w.rint(y), y), w.compare("one", w.rint(half), half))
    below = w.compare_bits("slt", w.bits(a), 0)
    r = w.select(w.both("and", odd, below), w.neg(r), r)
    broken = w.both("and", w.compare("one", w.rint(y), y), w.compare("olt", size, INF))
    r = w.select(w.both("and", w.compare("olt", a, 0.0), broken), NAN, r)
    r = w.select(w.compare("uno", a, y), NAN, r)
    return w.select(w.both("or", w.compare("oeq", y, 0.0), w.compare("oeq", a, 1.0)), 1.0, r)


def _quarter(w: Writer, x: Value) -> tuple[Value, Value, Value, Value]:
    """x = n pi/2 + r: (n in the lowest bits, r and its low part, r^2)."""
    t = w.fma(x, TWO_OVER_PI, ROUND)
    n = w.sub(t, ROUND)
    first = w.fma(n, -HALF_PI[0], x)  # exact: a multiple of 2^-52 below 1
    product = w.mul(n, HALF_PI[1])
    lost = w.fma(n, HALF_PI[1], w.neg(product))
    second = w.sub(first, product)
    back = w.sub(second, first)
    error = w.sub(w.sub(w.sub(first, w.sub(second, back)), w.add(product, back)), lost)
    third = w.fma(n, -HALF_PI[2], error)
    r = w.add(second, third)
    low = w.add(w.sub(second, r), third)
    return w.bits(t), r, low, w.mul(r, r)


def _sine(w: Writer, r: Value, low: Value, z: Value) -> tuple[Value, Value]:
    rest = w.fma(w.mul(r, z), w.polynomial(z, SIN), w.fma(w.mul(low, -0.5), z, low))
    high = w.add(r, rest)
    return high, w.sub(rest, w.sub(high, r))


def _cosine(w: Writer, r: Value, low: Value, z: Value) -> tuple[Value, Value]:
    half = w.mul(z, 0.5)
    first = w.sub(1.0, half)
    rest = w.sub(w.sub(1.0, first), half)
    rest = w.add(rest, w.fma(w.mul(z, z), w.polynomial(z, COS), w.mul(w.neg(r), low)))
    high = w.add(first, rest)
    return high, w.sub(rest, w.sub(high, first))


def _trigonometric(w: Writer, x: Value, shift: int) -> Value:
    n, r, low, z = _quarter(w, x)
    if shift:
        n = w.integer("add", n, shift)
    odd = w.compare_bits("ne", w.integer("and", n, 1), 0)
    value = w.select(odd, _cosine(w, r, low, z)[0], _sine(w, r, low, z)[0])
    sign = w.integer("shl", w.integer("and", n, 2), 62)
    value = w.double(w.integer("xor", w.bits(value), sign))
    return w.select(w.compare("ole", w.abs(x), 2.0**45), value, NAN)


def sin(w: Writer, x: Value) -> Value:
    """Sine"""
    return w.select(w.compare("oeq", x, 0.0), x, _trigonometric(w, x, 0))


def cos(w: Writer, x: Value) -> Value:
    """Cosine"""
    return _trigonometric(w, x, 1)


def tan(w: Writer, x: Value) -> Value:
    """Tangent"""
    n, r, low, z = _quarter(w, x)
    s, c = _sine(w, r, low, z), _cosine(w, r, low, z)
    odd = w.compare_bits("ne", w.integer("and", n, 1), 0)
    above = [w.select(odd, w.neg(b), a) for a, b in zip(s, c, strict=True)]
    below = [w.select(odd, a, b) for a, b in zip(s, c, strict=True)]
    ratio = w.div(above[0], below[0])
    rest = w.fma(w.neg(ratio), below[0], above[0])
    rest = w.fma(w.neg(ratio), below[1], w.add(rest, above[1]))
    value = w.add(ratio, w.div(rest, below[0]))
    value = w.select(w.compare("ole", w.abs(x), 2.0**45), value, NAN)
    return w.select(w.compare("oeq", x, 0.0), x, value)


def tanh(w: Writer, x: Value) -> Value:
    """Hyperbolic tangent"""
    size = w.abs(x)
    size = w.select(w.compare("ogt", size, 20.0), 20.0, size)
    twice = w.add(size, size)
    n = w.sub(w.fma(twice, LOG2E, ROUND), ROUND)
    r = w.fma(n, -LN2[1], w.fma(n, -LN2[0], twice))
    p = w.fma(w.mul(r, r), w.polynomial(r, EXP), r)
    scale = _power_of_two(w, n)
    minus_one = w.fma(scale, p, w.sub(scale, 1.0))
    return w.copysign(w.div(minus_one, w.add(minus_one, 2.0)), x)


def _asin_near(w: Writer, x: Value, z: Value) -> Value:
    """asin(x) - x for small x, z = x^2"""
    return w.mul(w.mul(x, z), w.polynomial(z, ASIN))


def _root(w: Writer, size: Value) -> tuple[Value, Value, Value]:
    """sqrt((1 - size)/2) as a sum of two doubles, and its square: asin and acos of large arguments stand on it."""
    z = w.mul(w.sub(1.0, size), 0.5)
    s = w.sqrt(z)
    safe = w.select(w.compare("oeq", s, 0.0), 1.0, s)
    return s, w.div(w.mul(w.fma(w.neg(s), s, z), 0.5), safe), z


def asin(w: Writer, x: Value) -> Value:
    """Arc sine"""
    size = w.abs(x)
    near = w.add(size, _asin_near(w, size, w.mul(size, size)))
    s, low, z = _root(w, size)
    rest = w.add(_asin_near(w, s, z), low)
    high = w.fma(s, -2.0, HALF_PI[0])
    lost = w.sub(w.sub(HALF_PI[0], high), w.mul(s, 2.0))
    far = w.add(high, w.add(lost, w.fma(rest, -2.0, HALF_PI[1])))
    value = w.copysign(w.select(w.compare("ole", size, 0.5), near, far), x)
    return w.select(w.compare("ole", size, 1.0), value, NAN)


def acos(w: Writer, x: Value) -> Value:
    """Arc cosine"""
    size = w.abs(x)
    rest = _asin_near(w, x, w.mul(x, x))
    near = w.sub(HALF_PI[0], w.sub(x, w.sub(HALF_PI[1], rest)))
    s, low, z = _root(w, size)
    half = w.add(s, w.add(_asin_near(w, s, z), low))
    right = w.add(half, half)
    tail = w.add(w.sub(w.sub(s, half), w.neg(w.add(_asin_near(w, s, z), low))), 0.0)
    left = w.sub(2.0 * HALF_PI[0], w.sub(right, w.fma(tail, -2.0, 2.0 * HALF_PI[1])))
    far = w.select(w.compare("olt", x, 0.0), left, right)
    value = w.select(w.compare("ole", size, 0.5), near, far)
    return w.select(w.compare("ole", size, 1.0), value, NAN)


def atan(w: Writer, x: Value) -> Value:
    """Arc tangent"""
    size = w.abs(x)
    above, below = size, w.splat(1.0)
    high, low = w.splat(0.0), w.splat(0.0)
    for start, c, atan_high, atan_low in ATANS:
        here = w.compare("oge", size, start)
        above = w.select(here, w.sub(size, c), above)
        below = w.select(here, w.fma(size, c, 1.0), below)
        high, low = w.select(here, atan_high, high), w.select(here, atan_low, low)
    beyond = w.compare("oge", size, 2.4375)
    above, below = w.select(beyond, -1.0, above), w.select(beyond, size, below)
    high, low = w.select(beyond, HALF_PI[0], high), w.select(beyond, HALF_PI[1], low)
    t = w.div(above, below)
    z = w.mul(t, t)
    rest = w.fma(w.mul(t, z), w.polynomial(z, ATAN), low)
    value = w.add(high, w.add(rest, t))
    value = w.select(w.compare("oeq", size, INF), HALF_PI[0], value)
    value = w.select(w.compare("uno", x, x), x, value)
    return w.copysign(value, x)


FUNCTIONS = {
    "exp": exp, "log": log, "pow": power, "sin": sin, "cos": cos, "tan": tan, "tanh": tanh, "asin": asin, "acos": acos, "atan": atan,
}  # fmt: skip


def function(name: str, width: int) -> str:
    """The text of `@vector_<name>`, a function of one vector (two for pow)."""
    w = Writer(width)
    if name == "pow_quick":
        return quick_power(width)
    args = ["%x", "%y"][: 1 + (name == "pow")]
    value = FUNCTIONS[name](w, *args)
    given = ", ".join(f"{w.V} {a}" for a in args)
    return f"define internal {w.V} @vector_{name}({given}) noinline {{\nentry:\n{w.text}\n ret {w.V} {value}\n}}"


def quick_power(width: int) -> str:
    """The text of `@vector_pow_quick`: exp(y log x), within 2 + |y log x| units in the last place.

    Lanes in which that is not what pow is (x below zero or -0, y zero, infinite or not a number) get `@vector_pow`;
    what a lane gets never depends on the others.
    """
    w = Writer(width)
    usual = w.both("and", w.compare_bits("sge", w.bits("%x"), 0), w.compare("one", "%y", 0.0))
    usual = w.both("and", usual, w.compare("olt", w.abs("%y"), INF))
    value = w.call("vector_exp", w.mul("%y", w.call("vector_log", "%x")))
    bits = w.let(f"bitcast {w.M} {usual} to i{width}")
    everywhere = w.let(f"icmp eq i{width} {bits}, -1")
    w.lines.append(f" br i1 {everywhere}, label %quick, label %slow\nquick:\n ret {w.V} {value}\nslow:")
    value = w.select(usual, value, w.call("vector_pow", "%x", "%y"))
    return f"define internal {w.V} @vector_pow_quick({w.V} %x, {w.V} %y) noinline {{\nentry:\n{w.text}\n ret {w.V} {value}\n}}"


def over_arrays(name: str, width: int) -> str:
    """The text of `@array_<name>(x, y, out, vectors)`: the function over whole arrays."""
    w = Writer(width)

    def body(index: Value) -> None:
        args = [w.load("%x", index)] + ([w.load("%y", index)] if name.startswith("pow") else [])
        w.store(w.call(f"vector_{name}", *args), "%out", index)

    w.each("%vectors", body)
    return f"define void @array_{name}(ptr %x, ptr %y, ptr %out, i64 %vectors) {{\nentry:\n{w.text}\n ret void\n}}"
