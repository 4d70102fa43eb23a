"""The public names, for type checkers and editors; at run time each is loaded when first used."""

from neurohumor.build.check import check as check
from neurohumor.build.flatten import flatten as flatten
from neurohumor.build.wire import wire as wire
from neurohumor.engine.baseline import settle as settle
from neurohumor.engine.problem import Stiff as Stiff
from neurohumor.engine.program import compile as compile
from neurohumor.engine.run import Run as Run
from neurohumor.engine.schedule import Change as Change
from neurohumor.engine.solve import simulate as simulate
from neurohumor.engine.status import Status as Status
from neurohumor.engine.storage import read_run as read_run
from neurohumor.life.day import burst as burst
from neurohumor.life.day import clamp as clamp
from neurohumor.life.day import dose as dose
from neurohumor.life.day import exercise as exercise
from neurohumor.life.day import infusion as infusion
from neurohumor.life.day import light as light
from neurohumor.life.day import meal as meal
from neurohumor.life.day import set_ as set_
from neurohumor.life.day import skip as skip
from neurohumor.life.day import sleep as sleep
from neurohumor.life.day import task as task
from neurohumor.life.day import threat as threat
from neurohumor.life.event_rows import read_events as read_events
from neurohumor.life.event_rows import write_events as write_events
from neurohumor.life.event_table import table_of as table_of
from neurohumor.life.files import read_person as read_person
from neurohumor.life.files import read_protocol as read_protocol
from neurohumor.life.person import Person as Person
from neurohumor.life.protocol import Protocol as Protocol
from neurohumor.models import load as load
from neurohumor.proof.readouts import readouts as readouts
from neurohumor.sbml.read import read_sbml as read_sbml
from neurohumor.sbml.write import write_sbml as write_sbml
from neurohumor.show.explain import explain as explain
from neurohumor.study.population import sample as sample

__version__: str
