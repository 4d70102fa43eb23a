"""Hostile and broken files: one clear error each, quickly."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from neurohumor.errors import FileError
from neurohumor.sbml.guard import LARGEST, scan
from neurohumor.sbml.read import import_sbml, read_sbml
from tests.sbml.texts import L3V2, TIME, apply, ci, cn, compartment, listed, math, parameter, rule, sbml

BOMB = "<!DOCTYPE sbml [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY a{k} '{'&a' + (str(k - 1) if k > 1 else '') + ';'}'>" for k in range(1, 9)
)
HEAD = f'<sbml xmlns="{L3V2}" level="3" version="2"><model id="m">'


def assigned(content: str) -> bytes:
    """A model that calculates one parameter."""
    return sbml(listed(Parameters=parameter("x", None, constant=False), Rules=rule("assignment", "x", content))).encode()


def numbered(value: str) -> bytes:
    """A model of one parameter."""
    return sbml(listed(Parameters=f'<parameter id="k" value="{value}" constant="true"/>')).encode()


HOSTILE: dict[str, tuple[bytes, str]] = {
    "entity bomb": ((BOMB + "]><sbml>&a8;</sbml>").encode(), "document type"),
    "external entity": (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sbml>&e;</sbml>', "document type"),
    "external document type": (b'<!DOCTYPE sbml SYSTEM "http://localhost/x.dtd"><sbml/>', "document type"),
    "nesting": (b"<sbml>" + b"<a>" * 1_000_000, "nested deeper than"),
    "a deep formula": ((HEAD + "<m>" * 300).encode(), "nested deeper than"),
    "a wide sum": (assigned(apply("plus", *["<cn>1</cn>"] * 20_000)), "more than 10000 things"),
    "a large number": (numbered("1e999"), "too large to calculate with"),
    "a large power": (assigned('<cn type="e-notation">1<sep/>999</cn>'), "too large to calculate with"),
    "a large whole number": (assigned('<cn type="integer">9999999999</cn>'), "more than 31 bits"),
    "a number without end": (numbered("9" * 1_000_000), "characters"),
    "too many bytes": (b"<sbml>" + b" " * (LARGEST + 10), "more than the 50 allowed"),
    "a truncated file": (numbered("1")[:-30], "not well-formed"),
    "Latin-1": (b'<?xml version="1.0" encoding="ISO-8859-1"?><sbml/>', "UTF-8"),
    "bytes that are no text": (b"<sbml>\xff\xfe</sbml>", "UTF-8"),
    "UTF-16": ('<?xml version="1.0"?><sbml/>'.encode("utf-16"), "UTF-8"),
    "another kind of file": (b"<html><body/></html>", "not <sbml>"),
    "nothing": (b"   ", "empty"),
    "no XML": (b"PK\x03\x04\x00", "not"),
    "an undefined element": ((HEAD + "<listOfNonsense/></model></sbml>").encode(), "not valid SBML"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_one_clear_error_at_once(what: str):
    data, said = HOSTILE[what]
    began = time.process_time()
    with pytest.raises(FileError) as caught:
        read_sbml(data)
    assert time.process_time() - began < 5.0
    assert said in caught.value.what and caught.value.remedy
    assert len(str(caught.value)) < 1500


def test_the_line_is_named():
    text = sbml(listed(Parameters="\n\n" + '<parameter id="k" value="1e999" constant="true"/>'))
    with pytest.raises(FileError, match=r"text:4: "):
        read_sbml(text)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path):
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    began = time.process_time()
    with pytest.raises(FileError, match="100 MiB, more than the 50 allowed"):
        read_sbml(path)
    assert time.process_time() - began < 0.5


def test_a_file_that_is_not_there_or_none(tmp_path: Path):
    for path, said in ((tmp_path / "none.xml", "cannot be read"), (tmp_path, "no file")):
        with pytest.raises(FileError, match=said):
            read_sbml(path)


def test_names_that_look_like_code_are_names():
    names = ["import", "lambda", "__import__", "exec", "y", "p", "t", "c", "nan", "inf", "exp_", "True", "x0", "s0"]
    text = sbml(
        listed(
            Parameters="".join(parameter(name, k + 1.0, constant=name != "exec") for k, name in enumerate(names)),
            Rules=rule("assignment", "exec", apply("plus", *(ci(n) for n in names if n != "exec"))),
        )
    )
    system = read_sbml(text)
    assert set(names) <= set(system.quantities)
    from neurohumor.emit.python import source

    assert "__import__" not in source(system).partition("import numpy")[2]


def test_functions_that_double_at_each_step_are_refused():
    calls = [f'<functionDefinition id="f0">{math("<lambda><bvar><ci>x</ci></bvar><ci>x</ci></lambda>")}</functionDefinition>']
    for k in range(1, 40):
        inner = apply("plus", _called(k - 1, 1), _called(k - 1, 2))
        calls.append(f'<functionDefinition id="f{k}">{math(f"<lambda><bvar><ci>x</ci></bvar>{inner}</lambda>")}</functionDefinition>')
    text = sbml(
        listed(FunctionDefinitions="".join(calls), Parameters=parameter("x", None, constant=False))
        + listed(Rules=rule("assignment", "x", f"<apply><ci>f39</ci>{TIME}</apply>"))
    )
    began = time.process_time()
    with pytest.raises(FileError, match="functions that call functions"):
        read_sbml(text)
    assert time.process_time() - began < 20.0


def _called(k: int, more: int) -> str:
    return f"<apply><ci>f{k}</ci>{apply('plus', ci('x'), cn(more))}</apply>"


COMP = 'xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true"'


def nested(definitions: str, inside: str) -> str:
    text = sbml(compartments() + inside, packages=COMP)
    return text.replace("</model></sbml>", f"</model><comp:listOfModelDefinitions>{definitions}</comp:listOfModelDefinitions></sbml>")


def compartments() -> str:
    return listed(Compartments=compartment())


def submodels(*references: str) -> str:
    inner = "".join(f'<comp:submodel comp:id="s{k}" comp:modelRef="{r}"/>' for k, r in enumerate(references))
    return f"<comp:listOfSubmodels>{inner}</comp:listOfSubmodels>"


def test_models_within_models_that_explode_are_refused():
    levels = "".join(
        f'<comp:modelDefinition id="m{k}">{submodels(*[f"m{k - 1}"] * 10) if k else compartments()}</comp:modelDefinition>'
        for k in range(9)
    )
    with pytest.raises(FileError, match="more than 5000"):
        read_sbml(nested(levels, submodels("m8")))


def test_a_model_within_itself_is_refused():
    definitions = f'<comp:modelDefinition id="a">{submodels("b")}</comp:modelDefinition>'
    definitions += f'<comp:modelDefinition id="b">{submodels("a")}</comp:modelDefinition>'
    with pytest.raises(FileError, match="contains itself"):
        read_sbml(nested(definitions, submodels("a")))


@pytest.mark.parametrize("source", ["http://localhost/x.xml", "../outside.xml", "/etc/passwd", "file:///etc/passwd", "x.xml.gz", "a/b.xml"])
def test_files_elsewhere_are_never_fetched(source: str, tmp_path: Path):
    definitions = f'<comp:externalModelDefinition comp:id="e" comp:source="{source}"/>'
    text = nested("", submodels("e")).replace("listOfModelDefinitions", "listOfExternalModelDefinitions")
    text = text.replace("</comp:listOfExternalModelDefinitions>", f"{definitions}</comp:listOfExternalModelDefinitions>")
    path = tmp_path / "model.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError, match="files in its own folder"):
        read_sbml(path)
    with pytest.raises(FileError, match="no folder"):
        read_sbml(text)


def test_a_hostile_file_beside_it_is_found(tmp_path: Path):
    definitions = '<comp:externalModelDefinition comp:id="e" comp:source="beside.xml"/>'
    text = nested("", submodels("e")).replace("listOfModelDefinitions", "listOfExternalModelDefinitions")
    text = text.replace("</comp:listOfExternalModelDefinitions>", f"{definitions}</comp:listOfExternalModelDefinitions>")
    (tmp_path / "model.xml").write_text(text, encoding="utf-8")
    (tmp_path / "beside.xml").write_bytes(HOSTILE["entity bomb"][0])
    with pytest.raises(FileError, match="document type") as caught:
        read_sbml(tmp_path / "model.xml")
    assert "beside.xml" in caught.value.where


def test_a_package_that_changes_meaning_is_refused():
    packages = 'xmlns:spatial="http://www.sbml.org/sbml/level3/version1/spatial/version1" spatial:required="true"'
    with pytest.raises(FileError, match="'spatial' changes what the model means"):
        read_sbml(sbml(listed(Parameters=parameter("k")), packages=packages))
    unknown = 'xmlns:arrays="http://www.sbml.org/sbml/level3/version1/arrays/version1" arrays:required="true"'
    with pytest.raises(FileError, match="arrays"):
        read_sbml(sbml(listed(Parameters=parameter("k")), packages=unknown))


def test_a_plain_file_passes():
    scan(sbml(listed(Parameters=parameter("k"))).encode(), "text")
    assert import_sbml(sbml(listed(Parameters=parameter("k")))).level == 3


def test_a_very_long_but_honest_sum_is_read():
    many = 9_000
    text = sbml(listed(Parameters=parameter("x", None, constant=False), Rules=rule("assignment", "x", apply("plus", *[TIME] * many))))
    assert len(read_sbml(text).derived) == 1


def test_a_long_chain_of_rules_is_read_quickly_and_a_circle_in_it_found():
    many = 2_000
    parameters = "".join(parameter(f"x{k}", None, constant=False) for k in range(many))

    def chain(first: str) -> str:
        rules = [rule("assignment", f"x{k}", apply("plus", ci(f"x{k - 1}"), cn(1)) if k else first) for k in range(many)]
        return sbml(listed(Parameters=parameters, Rules="".join(rules)))

    began = time.process_time()
    assert len(read_sbml(chain(TIME)).derived) == many
    with pytest.raises(FileError, match="in a circle: x"):
        read_sbml(chain(ci(f"x{many - 1}")))
    assert time.process_time() - began < 10.0


def test_a_fault_beside_a_long_chain_is_found():
    many = 300
    parameters = "".join(parameter(f"x{k}", None, constant=False) for k in range(many)) + parameter("k")
    rules = [rule("assignment", f"x{k}", apply("plus", ci(f"x{k - 1}"), cn(1)) if k else TIME) for k in range(many)]
    with pytest.raises(FileError, match="not valid SBML"):
        read_sbml(sbml(listed(Parameters=parameters, Rules="".join(rules) + rule("assignment", "k", cn(1)))))
