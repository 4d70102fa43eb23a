"""Classic stiff problems to their published digits, balances, events, signs, failures: each with a known answer."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import numpy as np
import pytest

from neurohumor.engine.backends.native import build
from neurohumor.engine.backends.reference.program import build as build_reference
from neurohumor.engine.problem import Batch, Stiff
from neurohumor.engine.status import Code
from neurohumor.lang.expr import Call, Const
from neurohumor.lang.rates import exp, hill, maximum, where
from neurohumor.lang.system import EventRow
from tests.native.networks import Maker

ROOT = Path(__file__).resolve().parents[2]


def batch_for(system, end, times, *, count=1, schedule=(), start=0.0):
    times = np.array(times, dtype=float)
    return Batch(
        np.full((count, len(system.params)), np.nan), np.tile([u.nominal for u in system.inputs], (count, 1)).reshape(count, -1),
        np.full((count, len(system.states)), np.nan), (schedule,) * count, np.full(count, start), np.full(count, float(end)),
        (np.tile(times, (count, 1)),),
    )  # fmt: skip


def final(system, end, rtol, atol=None):
    solved = build(system).solve(batch_for(system, end, [end]), Stiff(rtol=rtol, atol=atol))
    assert solved.statuses[0].ok, str(solved.statuses[0])
    return solved.states[0][0, 0]


def robertson():
    m = Maker()
    a, b, c = (m.state(i) for i in range(3))
    k1, k2, k3 = m.param("k1", 0.04), m.param("k2", 1e4), m.param("k3", 3e7)
    one, two = k1 * a - k2 * b * c, k3 * b**2
    return m.system("robertson", [1.0, 0.0, 0.0], [-one, one - two, two], scales=[1.0, 1e-4, 1.0])


def test_robertson():
    """Hairer & Wanner: reference solution at t = 40 and 1e11."""
    y = final(robertson(), 40.0, 1e-8, 1e-10)
    assert np.allclose(y, [0.7158270688, 9.185534764e-6, 0.2841637458], rtol=1e-7)
    y = final(robertson(), 1e11, 1e-8, 1e-12)
    assert np.allclose(y, [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050], rtol=1e-5)


def test_hires():
    """HIRES from the Bari test set: solution at t = 321.8122."""
    m = Maker()
    y = [m.state(i) for i in range(8)]
    rates = [
        -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007,
        1.71 * y[0] - 8.75 * y[1],
        -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4],
        8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3],
        -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6],
        -280.0 * y[5] * y[7] + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6],
        280.0 * y[5] * y[7] - 1.81 * y[6],
        -280.0 * y[5] * y[7] + 1.81 * y[6],
    ]
    system = m.system("hires", [1.0, 0, 0, 0, 0, 0, 0, 0.0057], rates, scales=[1e-3] * 7 + [5e-3])
    due = [
        0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2, 0.2386356198831331e-2,
        0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2,
    ]  # fmt: skip
    assert np.allclose(final(system, 321.8122, 1e-9), due, rtol=2e-7)


def test_van_der_pol():
    """Bari test set: mu = 1000, t = 2000."""
    m = Maker()
    x, v = m.state(0), m.state(1)
    system = m.system("van der pol", [2.0, 0.0], [v, 1000.0 * (1 - x**2) * v - x], scales=[1.0, 1e-3], nonnegative=False)
    assert np.allclose(final(system, 2000.0, 1e-9), [0.1706167732170469e1, -0.8928097010248125e-3], rtol=2e-6)


def test_oregonator():
    """Bari test set: t = 360."""
    m = Maker()
    a, b, c = (m.state(i) for i in range(3))
    rates = [77.27 * (b + a * (1 - 8.375e-6 * a - b)), (c - (1 + a) * b) / 77.27, 0.161 * (a - c)]
    system = m.system("oregonator", [1.0, 2.0, 3.0], rates)
    assert np.allclose(final(system, 360.0, 1e-9), [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3], rtol=1e-5)


def test_balances_without_a_mass():
    """Robertson as a differential-algebraic system, and an unknown whose own balance has no diagonal entry."""
    m = Maker()
    a, b, c, d = (m.state(i) for i in range(4))
    one, two = 0.04 * a - 1e4 * b * c, 3e7 * b**2
    rates = [-one, one - two, a + b + c - 1.0, exp(d) - (2.0 + a)]
    system = m.system("balances", [1.0, 0.0, 0.3, 5.0], rates, differential=[True, True, False, False], scales=[1.0, 1e-4, 1.0, 1.0])
    solved = build(system).solve(batch_for(system, 40.0, [0.0, 40.0], count=3), Stiff(rtol=1e-8))
    assert all(s.ok for s in solved.statuses), str(solved.statuses[0])
    assert np.allclose(solved.states[0][0, 0], [1.0, 0.0, 0.0, np.log(3.0)], atol=1e-9)
    due = [0.7158270688, 9.185534764e-6, 0.2841637458, np.log(2.7158270688)]
    assert np.allclose(solved.states[0][:, 1], due, rtol=1e-6)


def test_crossed_balances():
    """Each balance determines the other's unknown: no pivot on the diagonal at all."""
    m = Maker()
    x, p, q = (m.state(i) for i in range(3))
    system = m.system("crossed", [1.0, 0.0, 0.0], [-p, q - 2.0 * x, p - q / 2.0], differential=[True, False, False], nonnegative=False)
    y = final(system, 1.0, 1e-9)
    assert np.allclose(y, np.exp(-1.0) * np.array([1.0, 1.0, 2.0]), rtol=1e-8)


def test_a_balance_without_a_solution_is_told():
    m = Maker()
    x, z = m.state(0), m.state(1)
    system = m.system("none", [1.0, 1.0], [-x, z * z + 1.0], differential=[True, False], nonnegative=False)
    solved = build(system).solve(batch_for(system, 1.0, [0.0, 1.0]), Stiff())
    assert solved.statuses[0].code in (Code.ALGEBRAIC, Code.SINGULAR) and np.isnan(solved.states[0]).all()


def events_system():
    """A store that fills, empties by half at a level, and resets a parameter some time later."""
    m = Maker()
    x, clock = m.state(0), m.state(1)
    k = m.param("k", 1.0)
    lt = lambda a, b: Call("lt", a, b)  # noqa: E731
    take = m.intern.take
    level = EventRow("net", "half", take(lt(Const(3.0), x)), ((x, take(0.5 * x)), (clock, take(clock + 1.0))))
    later = EventRow("net", "later", take(lt(Const(2.0), x)), ((k, take(k * 0.9)),), delay=take(Const(0.25)))
    return m.system("events", [0.1, 0.0], [k + 0.1 * x, m.intern.const(0.0)], events=[level, later])


def test_events_as_the_reference_engine_has_them():
    system = events_system()
    batch = batch_for(system, 12.0, np.linspace(0, 12, 49), count=2)
    a, b = build(system).solve(batch, Stiff(rtol=1e-8)), build_reference(system).solve(batch, Stiff(rtol=1e-8))
    assert all(s.ok for s in a.statuses) and a.counts["handed_over"] == 0 and a.counts["events"] == b.counts["events"] > 4
    assert np.allclose(a.states[0], b.states[0], rtol=1e-6)
    assert np.allclose(a.params[0], b.params[0], rtol=1e-12) and a.params[0][0, -1, 0] < 1.0
    assert a.moments[0].truths == b.moments[0].truths


def test_a_schedule_that_turns_a_trigger():
    from neurohumor.engine.problem import Action, Entry

    system = events_system()
    schedule = (Entry(0.0, Action.ADD_STATE, 0, 2.5), Entry(4.0, Action.SET_STATE, 0, 10.0), Entry(5.0, Action.ADD_STATE, 0, 0.0))
    batch = batch_for(system, 6.0, np.linspace(0, 6, 25), schedule=schedule)
    a, b = build(system).solve(batch, Stiff(rtol=1e-8)), build_reference(system).solve(batch, Stiff(rtol=1e-8))
    assert a.statuses[0].ok and a.counts["events"] == b.counts["events"]
    assert np.allclose(a.states[0], b.states[0], rtol=1e-6) and np.allclose(a.params[0], b.params[0])


def test_a_blow_up_is_told_with_its_time_and_state():
    m = Maker()
    x, z = m.state(0), m.state(1)
    system = m.system("pole", [1.0, 1.0, 1.0], [x * x, x - z, z - m.state(2)])
    solved = build(system).solve(batch_for(system, 3.0, [0.5, 0.9, 2.0], count=2), Stiff())
    status = solved.statuses[1]
    assert not status.ok and status.state == "net.x0" and abs(status.time - 1.0) < 1e-3 and status.person == 1
    assert np.isfinite(solved.states[0][:, :2]).all() and np.isnan(solved.states[0][:, 2]).all()
    assert abs(solved.states[0][0, 1, 0] - 10.0) < 1e-3


def test_a_rate_that_is_not_a_number_is_told():
    m = Maker()
    x = m.state(0)
    system = m.system("log", [1.0], [Call("log", 1.0 - m.time()) - x], nonnegative=False)
    solved = build(system).solve(batch_for(system, 3.0, [0.5, 2.0]), Stiff())
    assert solved.statuses[0].code is Code.NOT_FINITE and abs(solved.statuses[0].time - 1.0) < 1e-2


def test_a_state_that_goes_below_zero_is_told():
    m = Maker()
    z = m.state(1)
    system = m.system("drain", [1.0, 1.0], [m.intern.const(-1.0), -z])
    status = build(system).solve(batch_for(system, 3.0, [2.0]), Stiff()).statuses[0]
    assert status.code is Code.NEGATIVE and status.state == "net.x0" and abs(status.time - 1.0) < 1e-2
    free = m.system("drain", [1.0, 1.0], [m.intern.const(-1.0), -z], nonnegative=False)
    assert np.isclose(final(free, 3.0, 1e-8)[0], -2.0)


def test_too_many_steps_are_told():
    solved = build(robertson()).solve(batch_for(robertson(), 40.0, [40.0]), Stiff(max_steps=10))
    assert solved.statuses[0].code is Code.TOO_MANY_STEPS


def test_interrupt_and_wall_time():
    system = robertson()
    batch = batch_for(system, 1e11, [1e11], count=4000)
    calls = []

    def stop(done, total):
        calls.append((done, total))
        return len(calls) < 3

    solved = build(system).solve(batch, Stiff(rtol=1e-9), stop)
    assert {s.code for s in solved.statuses} <= {Code.OK, Code.INTERRUPTED} and solved.statuses[-1].code is Code.INTERRUPTED
    assert all(0 <= d <= t for d, t in calls)
    solved = build(system).solve(batch, Stiff(rtol=1e-9, wall=0.05))
    assert solved.statuses[-1].code is Code.WALL_TIME


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize("report", [1, 2, 9])
def test_ctrl_c_stops_the_threads_and_is_passed_on(report):
    """The signal comes while the threads run: `watch` is only called then."""
    system = robertson()
    program = build(system)
    batch = batch_for(system, 1e11, [1e11], count=50_000)
    told = itertools.count(1)

    def ctrl_c(done, total):
        if next(told) == report:
            signal.raise_signal(signal.SIGINT)
        return True

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            program.solve(batch, Stiff(rtol=1e-9), ctrl_c)
    finally:
        signal.signal(signal.SIGINT, before)
    assert next(told) > report, "the solve ended before its report"
    assert not [t for t in threading.enumerate() if t.daemon and t is not threading.main_thread() and t.name.startswith("native")]
    assert program.solve(batch_for(system, 1.0, [1.0]), Stiff()).statuses[0].ok


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_a_signal_at_any_moment_does_no_harm():
    """Also while threads are being started or waited for: the process goes on, and solves the same afterwards."""
    script = """
        import os, signal, threading, time
        from neurohumor.engine.problem import Stiff
        from neurohumor.engine.backends.native import build
        from tests.native.test_problems import batch_for, robertson

        system = robertson()
        program = build(system)
        few = batch_for(system, 1.0, [1.0])
        due = program.solve(few, Stiff()).states[0].tobytes()
        batch = batch_for(system, 1e11, [1e11], count=4_000)
        stopped = 0
        for turn in range(24):
            try:
                timer = threading.Timer(0.004 * turn, os.kill, (os.getpid(), signal.SIGINT))
                timer.start()
                program.solve(batch, Stiff(rtol=1e-9))
                time.sleep(5.0)
            except KeyboardInterrupt:
                stopped += 1
            timer.join()
            assert program.solve(few, Stiff()).states[0].tobytes() == due
        print("stopped", stopped)
    """
    done = subprocess.run(
        [sys.executable, "-c", "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n" + textwrap.dedent(script)],
        capture_output=True, text=True, timeout=200, cwd=ROOT, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "stopped 24\n"), done.stderr


def test_kinks_and_choices():
    m = Maker()
    x, z = m.state(0), m.state(1)
    drug = m.param("drug", 0.0)
    rates = [where(Call("lt", m.time(), Const(1.0)), 1.0, -x), maximum(x - 0.5, 0.0) - z * hill(maximum(drug, 0.0), 1.0, 1.5) - z]
    system = m.system("kinks", [0.0, 0.0], rates)
    batch = batch_for(system, 3.0, [0.5, 1.0, 2.0, 3.0])
    a, b = build(system).solve(batch, Stiff(rtol=1e-7)), build_reference(system).solve(batch, Stiff(rtol=1e-9))
    assert a.statuses[0].ok and np.allclose(a.states[0], b.states[0], rtol=1e-5, atol=1e-7)


def test_jumps_by_the_clock_are_landed_on_however_short():
    """A pulse of a hundredth of an hour each day at an hour that a ramped input decides; rates are far slower."""
    from neurohumor.engine.problem import Action, Entry
    from neurohumor.lang.rates import both

    m = Maker()
    x = m.state(0)
    hour = m.param("hour", 8.0)
    light = m.input("world.light", 0.0)
    clock = m.time() - 24.0 * Call("floor", m.time() / 24.0)
    pulse = where(both(Call("le", hour, clock), Call("lt", clock, hour + 0.01)), 100.0, 0.0)
    system = m.system("pulses", [0.0, 0.0], [pulse - 0.01 * x, where(Call("lt", Const(0.5), light), 1.0, 0.0)])
    schedule = (Entry(30.0, Action.RAMP_INPUT, 0, 0.0, 0.25), Entry(40.0, Action.SET_INPUT, 0, 0.0), Entry(50.0, Action.SET_PARAM, 0, 3.0))
    batch = batch_for(system, 96.0, np.arange(0.0, 96.5, 0.5), count=3, schedule=schedule)
    batch.params[2, 0] = 21.5
    solved = build(system).solve(batch, Stiff(rtol=1e-6))
    assert all(s.ok for s in solved.statuses)
    due = build_reference(system).solve(batch, Stiff(rtol=1e-9))
    assert np.allclose(solved.states[0], due.states[0], rtol=1e-5, atol=1e-7)
    assert abs(solved.states[0][0, -1, 1] - 8.0) < 1e-9
    decay = np.exp(-0.01 * (96.0 - np.array([8.0, 32.0, 51.0, 75.0])))
    assert np.isclose(solved.states[0][0, -1, 0], decay.sum(), rtol=1e-3)


def test_slopes_survive_where_an_exponential_overflows():
    """A logistic switch far from its centre: the value is 0, its slope 0 times infinity."""
    m = Maker()
    x = m.state(0)
    switch = 1.0 / (1.0 + exp(-(m.time() - 900.0) * 1.0))
    system = m.system("logistic", [0.0, 1.0], [switch - 0.001 * x, -m.state(1) / (1.0 + exp(1e4 * x))])
    batch = batch_for(system, 1000.0, [0.0, 800.0, 1000.0])
    a, b = build(system).solve(batch, Stiff(rtol=1e-7)), build_reference(system).solve(batch, Stiff(rtol=1e-9))
    assert a.statuses[0].ok and np.allclose(a.states[0], b.states[0], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("rtol", [1e-11])
def test_very_tight_tolerances_go_to_the_reference_engine(rtol):
    solved = build(robertson()).solve(batch_for(robertson(), 40.0, [40.0]), Stiff(rtol=rtol))
    assert solved.counts["reference"] == 1
    assert np.allclose(solved.states[0][0, 0], [0.7158270688, 9.185534764e-6, 0.2841637458], rtol=1e-9)


def test_certify_tells_the_achieved_error():
    system = robertson()
    batch = batch_for(system, 40.0, [1.0, 10.0, 40.0])
    solved = build(system).solve(batch, Stiff(rtol=1e-5, certify=True))
    tight = build(system).solve(batch, Stiff(rtol=1e-9))
    scale = 1e-3 * np.array([s.scale for s in system.states])
    error = (np.abs(solved.states[0] - tight.states[0]) / (np.abs(tight.states[0]) + scale)).max(axis=(0, 1))
    assert solved.achieved is not None and np.allclose(solved.achieved, error, rtol=0.5, atol=1e-9)
