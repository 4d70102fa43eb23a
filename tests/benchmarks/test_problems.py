"""The problems of the benchmarks are what they say, for our engines and in what other engines are given."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine.backends.native import build
from neurohumor.engine.problem import Stiff


def test_networks_are_drawn_number_for_number():
    """Numbers of the networks of the design, seed 1, four regulators."""
    import problems

    problem = problems.network(50, days=2)
    params = {p.name: p.initial.value for p in problem.system.params}
    assert len(params) == 409 and len(problem.schedule) == 6 and len(problem.varied) == 40
    rng = np.random.default_rng(1)
    level, turnover = 10 ** rng.uniform(-1, 1, 50), 10 ** rng.uniform(-2.7, 4.3, 50)
    assert params["kd20"] == turnover[20] and params["s20"] == turnover[20] * level[20] * 1.5
    assert problem.schedule[0].value == 10.0 * level[3]


@pytest.mark.parametrize("name", ["hires", "oregonator", "vanderpol"])
def test_classic_problems_end_at_their_published_digits(name):
    import problems
    import problems_stiff

    problem = problems.problem(name)
    solved = build(problem.system).solve(problem.batch(1), Stiff(rtol=1e-9))
    assert np.allclose(solved.states[0][0, -1], problems_stiff.PUBLISHED[name], rtol=1e-5)


def test_people_do_not_depend_on_how_many_there_are():
    import problems

    problem = problems.network(50, days=1)
    few, many = problem.params(3), problem.params(9)
    assert np.array_equal(few, many[:3], equal_nan=True)
    assert (few[1] != few[0]).sum() == 40 and not np.array_equal(few[1], few[2])


def test_a_lean_system_has_the_rates_of_the_whole_one():
    import problems

    from neurohumor.emit.tape import Rows, Tape
    from neurohumor.emit.tape_numpy import Starts, evaluator
    from neurohumor.engine.subject import reference_person, system_of
    from neurohumor.models.energy_only import energy_only

    whole = system_of(energy_only.model(reference_person()))
    lean = problems.lean(whole)
    assert len(lean.derived) <= len(whole.derived)
    values = []
    for system in (whole, lean):
        tape = Tape()
        rows = Rows(system, tape)
        roots = [rows.take(r) for r in system.rates]
        u = np.array([[i.nominal for i in system.inputs]])
        y, p = Starts(system)(
            np.zeros(1), np.full((1, len(system.states)), np.nan), np.full((1, len(system.params)), np.nan), u
        )
        values.append([float(np.squeeze(v)) for v in evaluator(tape, roots)(np.zeros(1), y.T * 1.1, p.T, u.T, np.zeros((u.shape[1], 1)))])
    assert np.allclose(values[0], values[1], rtol=1e-13)


def test_reed_eats_by_schedule(shared):
    import problems

    problem = problems.reed()
    assert len(problem.system.states) == 34 and len(problem.schedule) == 60
    row = problem.schedule[0].index
    assert problem.system.params[row].name == "aa_input"
    solved = build(problem.system).solve(problem.batch(1), Stiff(rtol=1e-5))
    assert solved.statuses[0].ok and solved.params[0][0, :, row].max() > solved.params[0][0, :, row].min()


def test_functions_for_other_engines_are_the_system():
    import peers_functions
    import problems

    from tests.native.against import tape_functions

    problem = problems.network(50, days=1)
    made = peers_functions.functions(problem.system, compiled=False)
    f, jac = tape_functions(problem.system)
    p = problem.params(2)[1]
    y = np.random.default_rng(0).uniform(0.1, 3.0, 50)
    rates, slopes = np.empty(50), np.empty(len(made.rows))
    c = made.constants(p, np.zeros(0))
    made.rates(7.0, y, c, rates)
    made.jacobian(7.0, y, c, slopes)
    assert np.allclose(rates, f(7.0, y, p, np.zeros(0)), rtol=1e-12)
    assert np.allclose(slopes, jac(7.0, y, p, np.zeros(0))[made.rows, made.columns], rtol=1e-12)


def test_rates_for_array_libraries_are_the_system():
    import peers_diffrax
    import problems

    from tests.native.against import tape_functions

    problem = problems.network(50, days=1)
    f, _ = tape_functions(problem.system)
    y = np.random.default_rng(0).uniform(0.1, 3.0, 50)
    p = problem.params(2)[1]
    assert np.allclose(peers_diffrax._rates(problem, np)(7.0, y, p, np.zeros(0)), f(7.0, y, p, np.zeros(0)), rtol=1e-12)


def test_people_from_anywhere_are_the_same_people():
    import problems

    problem = problems.network(50, days=1)
    assert np.array_equal(problem.params(9)[4:], problem.params(5, 4), equal_nan=True)
    assert np.array_equal(problem.batch(5, 4).params, problem.params(5, 4), equal_nan=True)


def test_ordinary_days_are_entries_that_change_something():
    import problems

    problem = problems.problem("hpa_only")
    assert [e.time for e in problem.schedule] == [7.0, 23.0, 31.0, 47.0]  # of sleep
    assert all(e.value != problem.system.inputs[e.index].nominal for e in problem.schedule[:1])
