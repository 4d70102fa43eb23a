"""A model with one person's life, as SBML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurohumor.engine.baseline import settle
from neurohumor.engine.schedule import bind
from neurohumor.engine.subject import acts_of, inputs_of, params_of, subject_of, system_of
from neurohumor.errors import ModelError
from neurohumor.sbml.write import Given, write_sbml

if TYPE_CHECKING:
    from neurohumor.life.person import Person
    from neurohumor.life.protocol import Protocol

DAY = 24.0


def exported(
    what: Any, person: Person | None = None, protocol: Protocol | None = None, *, days: float | None = None, settled: bool = False
) -> str:
    """The SBML text of a Family, a Model or a System: the equations, the person's numbers, and what happens as events.

    days     how long things happen; default: what the protocol says, else one day
    settled  begin from the baseline that the person's habits lead to, instead of from initial values
    Time 0 of the file is midnight of day 0.  Raises what `simulate` raises for people and days that cannot be.
    """
    subject = subject_of(what, person, protocol)
    system = system_of(subject.model)
    inputs = inputs_of(subject, system)
    params = params_of(subject, system, inputs)
    length = days if days is not None else (protocol.days if protocol is not None and protocol.days else 1.0)
    if subject.person is None:
        return write_sbml(system)
    bound = bind(acts_of(subject, 0.0, DAY * length), system, inputs, params, start=0.0, end=DAY * length)
    states = None
    if settled:
        moment = settle(subject.model, subject.person, protocol).moment
        if moment.pending:
            name = system.events[moment.pending[0].event].full
            raise ModelError(f"{name} is under way at the start, which SBML cannot say", where=system.name, remedy="leave out settled")
        states, params = moment.y.tolist(), dict(enumerate(moment.p.tolist()))
    return write_sbml(system, schedule=bound.schedule, given=Given(bound.inputs.tolist(), params, states))
