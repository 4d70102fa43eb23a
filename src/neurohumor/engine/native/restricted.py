"""A small compiler: functions in a restricted Python over a `Frame`, to LLVM text.

The language: numbers (64-bit integers and floats) and arrays of them; assignments, if, while, for over range, break, continue,
return; comparisons, and/or/not; min, max, abs; calls of one another; `kernel(address, ...)` and `fetch_add(array, index, amount)`.
A local has the type of its first assignment.  The same source runs in CPython, bit for bit alike.
"""

from __future__ import annotations

import ast
import ctypes
import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any, NoReturn

import numpy as np

from neurohumor.emit.tape_vector import hexadecimal
from neurohumor.engine.native.frame import FLOATS, INTS, KINDS, SLOTS

TYPES = {"int": "i64", "float": "double", "bool": "i1"}
ELEMENT = {FLOATS: "float", INTS: "int"}
_BINARY = {ast.Add: ("add", "fadd"), ast.Sub: ("sub", "fsub"), ast.Mult: ("mul", "fmul"), ast.Div: (None, "fdiv")}
_COMPARE = {
    ast.Lt: ("slt", "olt"), ast.LtE: ("sle", "ole"), ast.Gt: ("sgt", "ogt"), ast.GtE: ("sge", "oge"), ast.Eq: ("eq", "oeq"),
    ast.NotEq: ("ne", "une"),
}  # fmt: skip
Typed = tuple[str, str]


def compiled(functions: Sequence[FunctionType], constants: Mapping[str, int | float], entry: str) -> str:
    """LLVM text of these functions; `entry` is the one to be called from outside."""
    kinds = {f.__name__: (_parameters(f), f.__annotations__["return"]) for f in functions}
    parts = ["declare double @llvm.fabs.f64(double)"]
    parts += [_Function(f, kinds, constants, public=f.__name__ == entry).text for f in functions]
    return "\n".join(parts)


def _parameters(function: FunctionType) -> dict[str, str]:
    return {name: kind for name, kind in function.__annotations__.items() if name != "return"}


class _Function:
    """One function, translated."""

    def __init__(
        self, function: FunctionType, kinds: Mapping[str, tuple[dict[str, str], str]], constants: Mapping[str, int | float], *, public: bool
    ) -> None:
        self.lines: list[str] = []
        self.slots: list[str] = []
        self.count = 0
        self.locals: dict[str, str] = {}
        self.loops: list[tuple[str, str]] = []
        self.kinds, self.constants = kinds, constants
        self.name = function.__name__
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        assert isinstance(tree, ast.FunctionDef)
        parameters, self.result = kinds[self.name]
        self.frame = next(iter(parameters))
        for name, kind in list(parameters.items())[1:]:
            self._declare(name, kind)
            self.lines.append(f" store {TYPES[kind]} %{name}, ptr %{name}.slot")
        for statement in tree.body:
            self._statement(statement)
        self.lines.append(" ret void" if self.result == "None" else f" ret {TYPES[self.result]} {'0' if self.result == 'int' else '0.0'}")
        given = ", ".join(["ptr %frame", *(f"{TYPES[k]} %{n}" for n, k in list(parameters.items())[1:])])
        kind = "void" if self.result == "None" else TYPES[self.result]
        head = f"define {'' if public else 'internal '}{kind} @{self.name}({given}) {{\nentry:\n"
        self.text = head + "\n".join([*self.slots, *self.lines]) + "\n}"

    def _fail(self, node: ast.AST, what: str) -> NoReturn:
        raise SyntaxError(f"{self.name}, line {getattr(node, 'lineno', '?')}: {what}")

    def _let(self, text: str) -> str:
        self.count += 1
        self.lines.append(f" %q{self.count} = {text}")
        return f"%q{self.count}"

    def _label(self) -> str:
        self.count += 1
        return f"B{self.count}"

    def _begin(self, label: str) -> None:
        self.lines.append(f" br label %{label}\n{label}:")

    def _branch(self, condition: str, yes: str, no: str, then: str) -> None:
        self.lines.append(f" br i1 {condition}, label %{yes}, label %{no}\n{then}:")

    def _declare(self, name: str, kind: str) -> None:
        self.locals[name] = kind
        self.slots.append(f" %{name}.slot = alloca {TYPES[kind]}")

    def _as(self, value: Typed, kind: str, node: ast.AST) -> str:
        have, text = value
        if have == kind:
            return text
        if have == "int" and kind == "float":
            return self._let(f"sitofp i64 {text} to double") if text.startswith("%") else hexadecimal(float(text))
        if have == "bool" and kind == "int":
            return self._let(f"zext i1 {text} to i64")
        if kind == "bool":
            return self._let(f"icmp ne i64 {text}, 0" if have == "int" else f"fcmp une double {text}, 0.0")
        self._fail(node, f"{have} cannot become {kind}")

    def _field(self, node: ast.Attribute) -> tuple[str, str]:
        if not isinstance(node.value, ast.Name) or node.value.id != self.frame or node.attr not in SLOTS:
            self._fail(node, f"no field {node.attr}")
        place = self._let(f"getelementptr i64, ptr %frame, i64 {SLOTS[node.attr]}")
        return KINDS[node.attr], place

    def _element(self, node: ast.Subscript) -> tuple[str, str]:
        if not isinstance(node.value, ast.Attribute):
            self._fail(node, "only arrays of the frame have elements")
        kind, place = self._field(node.value)
        if kind not in ELEMENT:
            self._fail(node, f"{node.value.attr} is no array")
        base = self._let(f"load ptr, ptr {place}")
        index = self._as(self._value(node.slice), "int", node)
        element = ELEMENT[kind]
        return element, self._let(f"getelementptr {TYPES[element]}, ptr {base}, i64 {index}")

    def _value(self, node: ast.expr) -> Typed:
        if isinstance(node, ast.Constant):
            return self._constant(node.value, node)
        if isinstance(node, ast.Name):
            if node.id in self.locals:
                kind = self.locals[node.id]
                return kind, self._let(f"load {TYPES[kind]}, ptr %{node.id}.slot")
            if node.id in self.constants:
                return self._constant(self.constants[node.id], node)
            self._fail(node, f"unknown name {node.id}")
        if isinstance(node, ast.Attribute):
            kind, place = self._field(node)
            if kind in ELEMENT:
                return "array", self._let(f"load ptr, ptr {place}")
            return kind, self._let(f"load {TYPES[kind]}, ptr {place}")
        if isinstance(node, ast.Subscript):
            kind, place = self._element(node)
            return kind, self._let(f"load {TYPES[kind]}, ptr {place}")
        if isinstance(node, ast.BoolOp):
            return self._short_circuit(node)
        return self._operation(node)

    def _constant(self, value: object, node: ast.AST) -> Typed:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self._fail(node, f"{value!r} is no number")
        return ("int", str(value)) if isinstance(value, int) else ("float", hexadecimal(value))

    def _operation(self, node: ast.expr) -> Typed:
        if isinstance(node, ast.BinOp):
            a, b = self._value(node.left), self._value(node.right)
            whole, real = _BINARY.get(type(node.op)) or self._fail(node, "no such operator")
            kind = "int" if a[0] == b[0] == "int" and whole else "float"
            op = whole if kind == "int" else real
            return kind, self._let(f"{op} {TYPES[kind]} {self._as(a, kind, node)}, {self._as(b, kind, node)}")
        if isinstance(node, ast.UnaryOp):
            a = self._value(node.operand)
            if isinstance(node.op, ast.Not):
                return "bool", self._let(f"xor i1 {self._as(a, 'bool', node)}, 1")
            if not isinstance(node.op, ast.USub):
                self._fail(node, "no such operator")
            if not a[1].startswith("%"):
                return a[0], str(-int(a[1])) if a[0] == "int" else self._let(f"fneg double {a[1]}")
            return a[0], self._let(f"sub i64 0, {a[1]}" if a[0] == "int" else f"fneg double {a[1]}")
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            a, b = self._value(node.left), self._value(node.comparators[0])
            whole, real = _COMPARE[type(node.ops[0])]
            if a[0] == b[0] == "int":
                return "bool", self._let(f"icmp {whole} i64 {a[1]}, {b[1]}")
            return "bool", self._let(f"fcmp {real} double {self._as(a, 'float', node)}, {self._as(b, 'float', node)}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node, node.func.id)
        self._fail(node, f"{type(node).__name__} is not part of the language")

    def _short_circuit(self, node: ast.BoolOp) -> Typed:
        self.count += 1
        slot, end = f"%c{self.count}.slot", self._label()
        self.slots.append(f" {slot} = alloca i1")
        for k, part in enumerate(node.values):
            condition = self._as(self._value(part), "bool", node)
            self.lines.append(f" store i1 {condition}, ptr {slot}")
            if k < len(node.values) - 1:
                following = self._label()
                yes, no = (following, end) if isinstance(node.op, ast.And) else (end, following)
                self._branch(condition, yes, no, following)
        self._begin(end)
        return "bool", self._let(f"load i1, ptr {slot}")

    def _call(self, node: ast.Call, name: str) -> Typed:
        if name in ("min", "max"):
            a, b = (self._value(x) for x in node.args)
            kind = "int" if a[0] == b[0] == "int" else "float"
            x, y = self._as(a, kind, node), self._as(b, kind, node)
            less = name == "min"  # as Python: the first unless the second is smaller (larger)
            how = ("icmp slt i64" if less else "icmp sgt i64") if kind == "int" else f"fcmp o{'lt' if less else 'gt'} double"
            second = self._let(f"{how} {y}, {x}")
            return kind, self._let(f"select i1 {second}, {TYPES[kind]} {y}, {TYPES[kind]} {x}")
        if name == "abs":
            return "float", self._let(f"call double @llvm.fabs.f64(double {self._as(self._value(node.args[0]), 'float', node)})")
        if name == "kernel":
            address = self._as(self._value(node.args[0]), "int", node)
            given = [self._value(x) for x in node.args[1:]]
            pointer = self._let(f"inttoptr i64 {address} to ptr")
            texts = ", ".join(f"{'ptr' if k == 'array' else 'i64'} {v}" for k, v in given)
            self.lines.append(f" call void {pointer}({texts})")
            return "int", "0"
        if name == "fetch_add":
            array = self._value(node.args[0])[1]
            index = self._as(self._value(node.args[1]), "int", node)
            place = self._let(f"getelementptr i64, ptr {array}, i64 {index}")
            amount = self._as(self._value(node.args[2]), "int", node)
            return "int", self._let(f"atomicrmw add ptr {place}, i64 {amount} monotonic, align 8")
        if name not in self.kinds:
            self._fail(node, f"unknown function {name}")
        parameters, result = self.kinds[name]
        wanted = list(parameters.values())[1:]
        if len(node.args) != len(wanted) + 1:
            self._fail(node, f"{name} takes {len(wanted) + 1} arguments")
        texts = [f"{TYPES[k]} {self._as(self._value(x), k, node)}" for x, k in zip(node.args[1:], wanted, strict=True)]
        text = f"@{name}({', '.join(['ptr %frame', *texts])})"
        if result == "None":
            self.lines.append(f" call void {text}")
            return "int", "0"
        return result, self._let(f"call {TYPES[result]} {text}")

    def _assign(self, target: ast.expr, value: Typed) -> None:
        if isinstance(target, ast.Name):
            kind = "int" if value[0] == "bool" else value[0]
            if target.id not in self.locals:
                self._declare(target.id, kind)
            kind, place = self.locals[target.id], f"%{target.id}.slot"
        elif isinstance(target, ast.Attribute):
            kind, place = self._field(target)
        elif isinstance(target, ast.Subscript):
            kind, place = self._element(target)
        else:
            self._fail(target, "cannot assign to this")
        if kind not in TYPES:
            self._fail(target, "an array itself cannot be assigned to")
        self.lines.append(f" store {TYPES[kind]} {self._as(value, kind, target)}, ptr {place}")

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Expr):
            if not isinstance(node.value, ast.Constant):
                self._value(node.value)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            self._assign(node.targets[0], self._value(node.value))
        elif isinstance(node, ast.AugAssign):
            assert isinstance(node.target, (ast.Name, ast.Attribute, ast.Subscript))
            self._assign(node.target, self._value(ast.copy_location(ast.BinOp(node.target, node.op, node.value), node)))
        elif isinstance(node, ast.If):
            self._if(node)
        elif isinstance(node, (ast.While, ast.For)):
            self._while(node) if isinstance(node, ast.While) else self._for(node)
        elif isinstance(node, (ast.Break, ast.Continue)):
            self.lines.append(f" br label %{self.loops[-1][isinstance(node, ast.Break)]}\n{self._label()}:")
        elif isinstance(node, ast.Return):
            text = (
                " ret void" if node.value is None else f" ret {TYPES[self.result]} {self._as(self._value(node.value), self.result, node)}"
            )
            self.lines.append(f"{text}\n{self._label()}:")
        elif not isinstance(node, ast.Pass):
            self._fail(node, f"{type(node).__name__} is not part of the language")

    def _if(self, node: ast.If) -> None:
        condition = self._as(self._value(node.test), "bool", node)
        yes, no, end = self._label(), self._label(), self._label()
        self._branch(condition, yes, no, yes)
        for statement in node.body:
            self._statement(statement)
        self.lines.append(f" br label %{end}\n{no}:")
        for statement in node.orelse:
            self._statement(statement)
        self._begin(end)

    def _while(self, node: ast.While) -> None:
        head, body, end = self._label(), self._label(), self._label()
        self._begin(head)
        condition = (
            "1" if isinstance(node.test, ast.Constant) and node.test.value is True else self._as(self._value(node.test), "bool", node)
        )
        self._branch(condition, body, end, body)
        self.loops.append((head, end))
        for statement in node.body:
            self._statement(statement)
        self.loops.pop()
        self.lines.append(f" br label %{head}\n{end}:")

    def _for(self, node: ast.For) -> None:
        if not (isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Name) and node.iter.func.id == "range"):
            self._fail(node, "a loop goes over a range")
        bounds = [self._as(self._value(x), "int", node) for x in node.iter.args]
        low, high = ("0", bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[1])
        self.count += 1
        slot = f"%i{self.count}.slot"
        self.slots.append(f" {slot} = alloca i64")
        self.lines.append(f" store i64 {low}, ptr {slot}")
        head, body, following, end = (self._label() for _ in range(4))
        self._begin(head)
        index = self._let(f"load i64, ptr {slot}")
        self._branch(self._let(f"icmp slt i64 {index}, {high}"), body, end, body)
        self._assign(node.target, ("int", index))
        self.loops.append((following, end))
        for statement in node.body:
            self._statement(statement)
        self.loops.pop()
        self._begin(following)
        again = self._let(f"load i64, ptr {slot}")
        self.lines.append(f" store i64 {self._let(f'add i64 {again}, 1')}, ptr {slot}\n br label %{head}\n{end}:")


def in_python(functions: Sequence[FunctionType], constants: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """The same functions as Python runs them, calling the same kernels: an oracle for the compiler."""
    call = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)

    def kernel(address: int, *given: Any) -> int:
        call(int(address))(*(int(x) if isinstance(x, (int, np.integer)) else x.ctypes.data for x in given))
        return 0

    def fetch_add(array: Any, index: int, amount: int) -> int:
        before = int(array[index])
        array[index] += amount
        return before

    names: dict[str, Any] = {**constants, "kernel": kernel, "fetch_add": fetch_add}
    for function in functions:
        names[function.__name__] = FunctionType(function.__code__, names)
    return names
