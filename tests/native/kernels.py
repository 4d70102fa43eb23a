"""Calling single kernels of a system on numbers of one's own."""

from __future__ import annotations

import ctypes

import numpy as np

from neurohumor.emit.tape_llvm import Classes
from neurohumor.engine.native.drive import aligned, shared_numbers
from neurohumor.engine.native.variant import digest, variant


class Bench:
    """The workspace of one vector of people; arrays are [row, lane] in the order of the system."""

    def __init__(self, system, classes=None, *, width):
        self.system, self.width = system, width
        self.code = variant(system, digest(system), classes or Classes(), width=width)
        self.layout = self.code.layout
        offsets = self.layout.offsets()
        self.memory = aligned(offsets["total"] * width)
        rows = self.memory.reshape(-1, width)
        self.field = {name: rows[at:] for name, at in offsets.items() if name != "total"}

    def set(self, t, y, p, u):
        """t [lane], y [lane, state], p [lane, param], u [lane, input]"""
        classes = self.code.classes
        self.field["time"][0] = t
        self.field["y"][list(self.code.place)] = y.T
        leaves = np.concatenate([p[:, list(classes.personal_params)], u[:, list(classes.personal_inputs)]], axis=1)
        self.field["parameters"][: leaves.shape[1]] = leaves.T
        n = len(self.system.states)
        self.shared = shared_numbers(self.code, p[0], u[0], atol=np.ones(n), nonnegative=np.zeros(n, dtype=bool))
        self.call("prologue")

    def call(self, name):
        table = np.zeros(1, dtype=np.int64)
        function = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 3, ctypes.c_int64)(self.code.address(name))
        function(self.memory.ctypes.data, self.shared.ctypes.data, table.ctypes.data, 0)

    def rates(self):
        """[state, lane]"""
        self.call("rates_of")
        return self.field["k"][list(self.code.row_place)].copy()

    def slopes(self):
        """(rates, {(row, column): [lane]} of -J)"""
        self.call("slopes_of")
        return self.field["k"][list(self.code.row_place)].copy(), {(i, j): self.field["factors"][s].copy() for i, j, s in self.code.entries}
