"""Persons and days as files: read, refused with line and remedy, written."""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from neurohumor.errors import FileError
from neurohumor.life.clock import Moment
from neurohumor.life.day import clamp, dose, light, meal, sleep
from neurohumor.life.files import person_from, protocol_from, read_person, read_protocol
from neurohumor.life.lines import LARGEST_FILE
from neurohumor.life.person import Person, Times
from neurohumor.life.written import person_text, protocol_text, write_person, write_protocol
from neurohumor.units import quantity

SOON_S = 10.0


def refused(text: str, read=protocol_from) -> FileError:
    """The one error of a text, which must come soon."""
    began = time.perf_counter()
    with pytest.raises(FileError) as caught:
        read(text, "day.toml")
    assert time.perf_counter() - began < SOON_S
    fault = caught.value
    assert fault.where.startswith("day.toml") and fault.what and fault.remedy
    assert fault.__cause__ is None and (fault.__suppress_context__ or fault.__context__ is None), "one message, not a chain of them"
    assert len(str(fault)) < 500 and "Traceback" not in str(fault)
    return fault


# ── What is read ──────────────────────────────────────────────────────────────────────────────────


def test_the_day_of_the_design():
    day = protocol_from(
        """
        title = "Office day"
        start = "2026-03-02 07:00"

        [[sleep]]
        from = "23:00"
        to   = "07:00"
        every = "1 d"

        [[meal]]
        at    = "08:00"
        carbs = "60 g"

        [[dose]]
        of     = "caffeine"
        amount = "100 mg"
        route  = "oral"
        at     = ["08:15", "13:00"]
        """
    )
    assert day.title == "Office day" and day.start == datetime(2026, 3, 2, 7)
    assert (
        day.happenings
        == (sleep("23:00", "07:00") + meal("08:00", carbs="60 g") + dose("caffeine", "100 mg", at=["08:15", "13:00"])).happenings
    )


def test_the_person_of_the_design():
    person = person_from(
        """
        name   = "Example"
        sex    = "f"
        age    = "34 y"
        weight = "62 kg"
        cycle  = { length = "28 d", day = 5 }

        [traits]
        chronotype = -0.4

        [values]
        "hpa.k_crh" = "0.9 x"
        """
    )
    assert person.given["person.chronotype"] == quantity("-0.4 h") and person.given["person.cycle_day"] == quantity("5 d")
    assert person.values == {"hpa.k_crh": Times(0.9)}


def test_the_times_of_toml_are_understood():
    day = protocol_from("start = 2026-03-02\n[[light]]\nlevel = '50 lux'\nfrom = 08:00:00\nto = 09:30:00\non = 2026-03-03\n")
    assert day.start == datetime(2026, 3, 2) and day.happenings == light("50 lux", "08:00", "09:30", on="2026-03-03").happenings


def test_from_and_at_are_the_same():
    assert protocol_from('[[threat]]\nlevel = 1\nat = "08:00"\nduration = "1 h"') == protocol_from(
        '[[threat]]\nlevel = 1\nfrom = "08:00"\nto = "09:00"'
    )


def test_a_course_of_values():
    day = protocol_from(
        '[[clamp]]\nof = "blood.glucose"\nramps = [["0 h", "5 mmol/L"], ["90 min", "3 mmol/L"]]\nfrom = "08:00"\nto = "12:00"'
    )
    assert day == clamp("blood.glucose", [("0 h", "5 mmol/L"), ("90 min", "3 mmol/L")], "08:00", "12:00", shape="ramps")


def test_until_includes_its_day():
    (one,) = protocol_from('[[light]]\nlevel = "5 lux"\nfrom = "20:00"\nto = "21:00"\nuntil = 1')
    assert one.when.begins(0.0, 96.0) == [20, 44] and one.when.until == Moment(0.0, 2)


def test_labs_and_habits_of_a_person():
    person = person_from(
        '[[lab]]\nname = "TSH"\nvalue = "1.8 mIU/L"\ntime = "2026-02-20 08:00"\ncycle_day = 3\n'
        '[[habits.sleep]]\nfrom = "00:00"\nto = "08:00"\n[[habits.skip]]\nkind = "meal"\n'
    )
    (lab,) = person.labs
    assert lab.quantity == "blood.tsh" and lab.cycle_day == 3
    assert [type(one).__name__ for one in person.habits] == ["Sleep", "Skip", "Light"]


# ── What is refused ───────────────────────────────────────────────────────────────────────────────

LIGHT = '[[light]]\nlevel = "50 lux"\n'
BAD_DAYS = {
    "unknown key": ('[[meal]]\nat = "08:00"\ncarb = "60 g"\n', 3, "unknown key 'carb'", "did you mean carbs"),
    "unknown key at the top": ('titel = "x"\n', 1, "unknown key 'titel'", "title"),
    "unknown table": ('title = "x"\n\n[[sleeep]]\nfrom = "23:00"\nto = "07:00"\n', 3, "unknown key 'sleeep'", "sleep"),
    "unknown key in the second table": (
        '[[sleep]]\nfrom="23:00"\nto="07:00"\n[[meal]]\nat="08:00"\nkcal="1 kcal"\n[[meal]]\nat="09:00"\nfats="1 g"\n',
        9,
        "'fats'",
        "fat",
    ),
    "quoted unknown key": ('[[meal]]\nat = "08:00"\n"carb" = "60 g"\n', 3, "unknown key 'carb'", "carbs"),
    "wrong unit": ('[[meal]]\nat = "08:00"\ncarbs = "60 kcal"\n', 3, "wrong unit", "such as g"),
    "unknown unit": ('[[meal]]\nat = "08:00"\ncarbs = "60 grm"\n', 3, "unknown unit 'grm'", "units are written"),
    "no unit": ('[[meal]]\nat = "08:00"\ncarbs = "60"\n', 3, "no unit", "unit such as g"),
    "a bare number": ('[[meal]]\nat = "08:00"\ncarbs = 60\n', 3, "60 is not a number with a unit in one text", '"1 g"'),
    "a decimal comma": ('[[meal]]\nat = "08:00"\ncarbs = "60,5 g"\n', 3, "60,5 g", "decimal point"),
    "negative dose": ('[[dose]]\nof = "caffeine"\namount = "-100 mg"\nat = "08:00"\n', 3, "-100 mg is negative", "zero or more"),
    "negative rate": ('[[infusion]]\nof = "insulin"\nrate = "-1 mU/h"\nfrom = "08:00"\nto = "09:00"\n', 3, "negative", "zero or more"),
    "negative level": ('[[threat]]\nlevel = -0.5\nfrom = "08:00"\nto = "09:00"\n', 2, "-0.5 is out of range", "between 0 and 1"),
    "unknown drug": ('[[dose]]\nof = "caffeen"\namount = "100 mg"\nat = "08:00"\n', 2, "no substance is called 'caffeen'", "caffeine"),
    "unknown route": (
        '[[dose]]\nof = "caffeine"\namount = "1 mg"\nroute = "orall"\nat = "08:00"\n',
        4,
        "'orall' is not known here",
        "oral",
    ),
    "unknown quantity": (
        '[[clamp]]\nof = "blood.glucos"\nvalue = "5 mmol/L"\n',
        2,
        "no quantity is called 'blood.glucos'",
        "blood.glucose",
    ),
    "overlapping sleep": (
        '[[sleep]]\nfrom="23:00"\nto="07:00"\n[[sleep]]\nfrom="06:00"\nto="08:00"\n',
        4,
        "overlap",
        "end before the next begins",
    ),
    "overlapping clamps": (
        '[[clamp]]\nof="blood.glucose"\nvalue="5 mmol/L"\n[[clamp]]\nof="blood.glucose"\nvalue="4 mmol/L"\nfrom="08:00"\nto="09:00"\n',
        4,
        "overlap",
        "end before",
    ),
    "end before start": ('[[sleep]]\nfrom = "day 2 23:00"\nto = "day 2 07:00"\n', 1, "ends before it starts", "exchange"),
    "end before start, dates": (
        'start = "2026-03-01"\n[[sleep]]\nfrom = "2026-03-02 23:00"\nto = "2026-03-01 07:00"\n',
        2,
        "ends before it starts",
        "exchange",
    ),
    "end at start": ('[[sleep]]\nfrom = "07:00"\nto = "07:00"\n', 1, "ends when it begins", "24:00"),
    "negative duration": (f'{LIGHT}from = "07:00"\nduration = "-1 h"\n', 4, "too short", "above zero"),
    "no end": ('[[sleep]]\nfrom = "07:00"\n', 1, "no end", "duration"),
    "no beginning": ('[[sleep]]\nto = "07:00"\n', 1, "from is missing", "from"),
    "two beginnings": (f'{LIGHT}at = "07:00"\nfrom = "08:00"\nto = "09:00"\n', 4, "says again", "leave one"),
    "missing": ('[[dose]]\nof = "caffeine"\nat = "08:00"\n', 1, "amount is missing", "mass"),
    "NaN": ("[[threat]]\nlevel = nan\nfrom = '08:00'\nto = '09:00'\n", 2, "nan is not a finite number", "finite"),
    "infinity": ("days = inf\n", 1, "inf is not a finite number", "finite"),
    "a number beyond floats": ("days = 1e999\n", 1, "inf", "finite"),
    "a giant number": ("days = " + "9" * 400 + "\n", 1, "too large", "within"),
    "a giant hexadecimal": ("days = 0x" + "f" * 3900 + "\n", 1, "too large", "within"),
    "NaN in a text": ('[[meal]]\nat = "08:00"\ncarbs = "nan g"\n', 3, "'nan g' is not a number with a unit", "as in"),
    "NaN as a value": ('[[set]]\nof = "world.altitude"\nvalue = "nan"\n', 1, "nan", "finite"),
    "a date without start": ('[[meal]]\nat = "08:00"\nkcal = "500 kcal"\non = "2026-03-03"\n', 4, "no start", "start ="),
    "a dated time without start": (
        'title = "x"\n[[sleep]]\nfrom = "2026-03-02 23:00"\nto = "2026-03-03 07:00"\n',
        2,
        "nothing says on which date",
        "start =",
    ),
    "too much at once": (
        '[[clamp]]\nof = "blood.glucose"\nvalue = "5 mmol/L"\nfrom = "00:00"\nduration = "1 s"\nevery = "1 min"\n' * 50,
        7,
        "overlap",
        "end before",
    ),
    "no such date": ('start = "2026-02-30"\n', 1, "2026-02-30", "date"),
    "no such TOML date": ("start = 2026-02-30\n", 1, "not TOML", "="),
    "a time zone": ("start = 2026-03-02T07:00:00Z\n", 1, "time zone", "local"),
    "no clock time": (f'{LIGHT}from = "7 o\'clock"\nto = "09:00"\n', 3, "clock time", "07:30"),
    "two kinds of days": ('[[meal]]\nat = "day 2 08:00"\nkcal = "5 kcal"\nday = 1\n', 1, "given twice", "day"),
    "the wrong kind of value": ('[[sleep]]\nfrom = "23:00"\nto = "07:00"\nforce = "yes"\n', 4, "neither true nor false", "true"),
    "a table that is one": ('[sleep]\nfrom = "23:00"\nto = "07:00"\n', 1, "not a list of tables", "[[sleep]]"),
    "a table that is a number": ("sleep = 3\n", 1, "not a list of tables", "[[sleep]]"),
    "too many times": ('[[meal]]\nat = "08:00"\nkcal = "5 kcal"\ntimes = 0\n', 4, "0 is not a number of times", "from 1"),
    "too often": ('[[meal]]\nat = "08:00"\nkcal = "5 kcal"\nevery = "1 s"\n', 1, "needs an end", "times"),
    "twice the same key": ('title = "a"\ntitle = "b"\n', 2, "not TOML", "once"),
    "no TOML": ("23:00 sleep\n", 1, "not TOML", "key = value"),
    "an open string": ('title = "a\n', 1, "not TOML", "quotes"),
    "a control character": ('title = "a\x07b"\n', 1, "control character", "plain text"),
    "an escaped control character": ('title = "a\\u0007b"\n', 1, "U+0007", "take it out"),
    "a note that is a path": ('[[meal]]\nat = "08:00"\nkcal = "5 kcal"\nnote = "../x"\n', 4, "holds '/'", "letters"),
    "an unknown amino acid": ('[[meal]]\nat = "08:00"\namino_acids = { tryptofan = "1 g" }\n', 3, "tryptofan", "tryptophan"),
    "steady without rhythm": ('[[dose]]\nof = "t4"\namount = "1 ug"\nat = "08:00"\nday = 0\nss = true\n', 1, "needs a rhythm", "every"),
    "a clamp of two minds": (
        '[[clamp]]\nof = "blood.glucose"\nvalue = "5 mmol/L"\nsteps = [["0 h", "5 mmol/L"]]\n',
        1,
        "one of value, steps and ramps",
        "value",
    ),
    "a course that is none": ('[[clamp]]\nof = "blood.glucose"\nsteps = ["5 mmol/L"]\n', 3, "course", "0 h"),
    "empty": ("", None, "empty", "examples"),
    "blank": ("  \n\n\t\n", None, "empty", "examples"),
    "nothing but comments": ("# nothing\n", None, "empty", "examples"),
    "deep arrays": ("a = " + "[" * 900 + "]" * 900 + "\n", None, "too deeply", "levels"),
    "deeper arrays": ("a = " + "[" * 3900 + "\n", None, "too deeply", "levels"),
    "deep tables": ("a = " + "{a = " * 600 + "1" + "}" * 600 + "\n", None, "too deeply", "levels"),
    "a deep key": (".".join("a" * 1500) + " = 1\n", 1, "too deeply", "short lines"),
    "many deep keys": ((".".join("ab" * 900) + " = 1\n") * 1000, 1, "too deeply", "short lines"),
    "a deep quoted key": (".".join(['"a"'] * 900) + " = 1\n", 1, "too deeply", "short lines"),
    "a deep header": ("[" + ".".join("a" * 900) + "]\nx = 1\n", 1, "too deeply", "short lines"),
    "a long line": ("title = '" + "x" * 5000 + "'\n", 1, "5010 characters", "short lines"),
    "a long list": ("[[meal]]\nkcal = '5 kcal'\nat = [" + "\n".join("'08:00'," for _ in range(2000)) + "]\n", 3, "a list of 2000", "1000"),
    "a giant list": ("at = [" + "\n".join("1,1,1,1,1,1,1,1," for _ in range(40_000)) + "]\n", None, "lists", "at most"),
    "many lines": ("#\n" * 60_000, None, "60001 lines", "at most"),
    "many tables": ("[[meal]]\nat = '08:00'\nkcal = '5 kcal'\n" * 11_000, None, "lists", "at most"),
    "text over lines": ('title = """a\nb"""\n', 1, "several lines", "plain text"),
}
BAD_PEOPLE = {
    "unknown key": ('nmae = "x"\n', 1, "unknown key 'nmae'", "name"),
    "unknown trait": ("[traits]\nchronotyp = 1\n", 2, "unknown key 'chronotyp'", "chronotype"),
    "a measure among the traits": ('[traits]\nferritin = "80 ug/L"\nweight = "70 kg"\n', 3, "weight", "top of the file"),
    "wrong unit": ('sex = "f"\nweight = "62 cm"\n', 2, "62 cm has the wrong unit", "kg"),
    "negative": ('weight = "-62 kg"\n', 1, "negative", "zero or more"),
    "out of range": ('sex = "f"\nage = "8 y"\n', 1, "out of range", "16 to 110"),
    "sex": ('sex = "female"\n', 1, "'female' is not known here", "f, m"),
    "a man with a cycle": ('sex = "m"\ncycle = { day = 5 }\n', 1, "given of a man", "leave it out"),
    "a cycle with other keys": ('cycle = { lenght = "28 d" }\n', 1, "'lenght'", "length"),
    "a cycle that is a number": ("cycle = 5\n", 1, "cycle is not a table", "length"),
    "genotype": ('[genotype]\ncomt = "val/leu"\n', 2, "no variant of comt", "val/met"),
    "a value of no parameter": ('[values]\n"hpa.k_crh" = 1\n"k crh" = 1\n', 3, "full name", "hpa.k_crh"),
    "an override": ('[values]\n"hpa.k_crh" = "0,9 x"\n', 2, "0,9 x", "point"),
    "a lab of another unit": ('[[lab]]\nname = "TSH"\nvalue = "1 mmol/L"\n', 1, "no value of blood.tsh", "mIU/L"),
    "a lab of no name": ('[[lab]]\nname = "TSI"\nvalue = "1 mIU/L"\n', 1, "TSI", "tsh"),
    "a habit with a day": ('[[habits.meal]]\nat = "08:00"\nkcal = "5 kcal"\nday = 1\n', 1, "no habit", "leave out"),
    "a habit of no kind": ('[[habits.meals]]\nat = "08:00"\n', 1, "unknown key 'meals'", "meal"),
    "a fault in a habit": ('[[habits.meal]]\nat = "08:00"\nkcal = "5 kg"\n', 3, "wrong unit", "kcal"),
    "overlapping habits": (
        '[[habits.sleep]]\nfrom="23:00"\nto="07:00"\n[[habits.sleep]]\nfrom="06:00"\nto="08:00"\n',
        4,
        "overlap",
        "end before",
    ),
    "a path": ('name = "../../etc/passwd"\n', 1, "holds '/'", "letters"),
    "a shell": ('name = "$(reboot)"\n', 1, "holds '$'", "letters"),
    "code": ("name = \"__import__('os').system('x')\"\n", 1, "like code", "letters"),
    "markup": ('name = "<script>alert(1)</script>"\n', 1, "holds '<'", "letters"),
    "a reversed text": ('name = "\\u202egnp.exe"\n', 1, "U+202E", "take it out"),
    "a null": ('name = "a\\u0000b"\n', 1, "U+0000", "take it out"),
    "a long name": (f'name = "{"x" * 300}"\n', 1, "300 characters", "at most 200"),
    "a name that is a number": ("name = 3\n", 1, "not a text", "quotes"),
    "empty": ("", None, "empty", "examples"),
}


@pytest.mark.parametrize(("text", "line", "what", "remedy"), BAD_DAYS.values(), ids=BAD_DAYS)
def test_bad_days_are_refused_with_one_clear_message(text, line, what, remedy):
    fault = refused(text)
    assert what in fault.what and remedy in fault.remedy, fault
    if line is not None:
        assert fault.where == f"day.toml:{line}", fault


@pytest.mark.parametrize(("text", "line", "what", "remedy"), BAD_PEOPLE.values(), ids=BAD_PEOPLE)
def test_bad_people_are_refused_with_one_clear_message(text, line, what, remedy):
    fault = refused(text, person_from)
    assert what in fault.what and remedy in fault.remedy, fault
    if line is not None:
        assert fault.where == f"day.toml:{line}", fault


@pytest.mark.parametrize("read", [read_person, read_protocol])
class TestFilesThatAreNone:
    def refused(self, path: Path | str, read) -> FileError:
        before = sorted(Path(path).parent.iterdir()) if isinstance(path, Path) and path.parent.is_dir() else []
        with pytest.raises(FileError) as caught:
            read(path)
        if before:
            assert sorted(Path(path).parent.iterdir()) == before, "nothing is written"
        assert caught.value.remedy and "\n" not in caught.value.where
        return caught.value

    def test_missing(self, tmp_path, read):
        assert "No such file" in self.refused(tmp_path / "none.toml", read).what

    def test_a_folder(self, tmp_path, read):
        self.refused(tmp_path, read)

    def test_an_empty_file(self, tmp_path, read):
        path = tmp_path / "empty.toml"
        path.write_bytes(b"")
        fault = self.refused(path, read)
        assert fault.what == "the file is empty" and fault.where == str(path)

    def test_over_five_megabytes(self, tmp_path, read):
        path = tmp_path / "large.toml"
        with path.open("wb") as stream:
            stream.truncate(LARGEST_FILE + 1)
        began = time.perf_counter()
        assert "5.0 MB" in self.refused(path, read).what
        assert time.perf_counter() - began < 0.5, "its size is known before it is read"

    def test_binary(self, tmp_path, read):
        path = tmp_path / "binary.toml"
        path.write_bytes(b"title = 'x'\n\xff\xfe\x00\x01")
        fault = self.refused(path, read)
        assert "UTF-8" in fault.what and fault.where == f"{path}:2"

    def test_text_with_nulls(self, tmp_path, read):
        path = tmp_path / "nulls.toml"
        path.write_bytes(b"\x00" * 1000)
        assert "control character" in self.refused(path, read).what

    def test_utf_16(self, tmp_path, read):
        path = tmp_path / "wide.toml"
        path.write_text('title = "x"\n', encoding="utf-16")
        assert "UTF-8" in self.refused(path, read).what

    def test_a_name_with_control_characters(self, tmp_path, read):
        fault = self.refused(tmp_path / "a\x1b[31m\nb.toml", read)
        assert "\x1b" not in str(fault) and "\\x1b" in fault.where

    def test_a_name_with_a_null(self, read):
        self.refused("a\0b.toml", read)

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_a_pipe_is_not_waited_for(self, tmp_path, read):
        path = tmp_path / "pipe.toml"
        os.mkfifo(path)
        done = threading.Event()

        def attempt() -> None:
            with pytest.raises(FileError, match="ordinary file"):
                read(path)
            done.set()

        threading.Thread(target=attempt, daemon=True).start()
        assert done.wait(5)


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "day.toml"
    path.write_bytes(b'\xef\xbb\xbftitle = "x"\r\n')
    assert read_protocol(path).title == "x"


def test_a_byte_that_is_no_text_is_placed(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes('title = "a"\nnotes = "Tag für Tag"\n'.encode("latin-1"))
    with pytest.raises(FileError) as caught:
        read_protocol(path)
    assert caught.value.where == f"{path}:2"


def test_the_largest_honest_file_is_read_soon():
    text = "".join(f'[[dose]]\nof = "caffeine"\namount = "{i % 100} mg"\nat = "08:00"\nday = {i}\n' for i in range(5_000))
    began = time.perf_counter()
    assert len(protocol_from(text)) == 5_000
    assert time.perf_counter() - began < SOON_S


def test_faults_after_a_list_over_lines_are_placed():
    text = '[[clamp]]\nof = "blood.glucose"\nsteps = [\n  ["0 h", "5 mmol/L"], # the first ]\n  ["1 h", "4 mmol/L"]\n]\nfrm = "08:00"\n'
    assert refused(text).where == "day.toml:7"
    text = '[[meal]]\nkcal = "5 kcal"\nat = [\n"08:00",\n"09:00"]\n[[meal]]\nkcal = "5 kg"\nat = "10:00"\n'
    assert refused(text).where == "day.toml:7"


def test_a_hostile_layout_is_placed_soon():
    rows = ("[" + " " * 3900 + "1],\n") * 900
    assert refused(f"[[clamp]]\nof = 'blood.glucose'\nsteps = [\n{rows}]\nfrm = 1\n").where == "day.toml:3"


# ── What is written ───────────────────────────────────────────────────────────────────────────────


def test_files_round_trip(tmp_path):
    day = sleep("23:00", "07:00") + meal("08:00", carbs="60 g", note="breakfast") + dose("caffeine", "1.5 mg/kg", at="08:15", day=2)
    write_protocol(day, tmp_path / "day.toml")
    assert read_protocol(tmp_path / "day.toml") == day
    person = Person(name="José", sex="m", weight="80 kg", values={"a.b": "0.9 x"})
    write_person(person, tmp_path / "person.toml")
    assert read_person(tmp_path / "person.toml") == person


def test_what_is_written_is_what_people_write():
    text = protocol_text(sleep("23:00", "07:00") + meal("08:00", carbs="60 g", duration="20 min", until=3))
    assert text == '\n[[meal]]\nat = "08:00"\ncarbs = "60 g"\nduration = "20 min"\nuntil = 3\n\n[[sleep]]\nfrom = "23:00"\nto = "07:00"\n'
    assert person_text(Person(cycle_day=5)) == 'sex = "f"\ncycle = { day = "5 d" }\n'


def test_an_empty_protocol_is_written_so_that_it_reads_back():
    from neurohumor.life.protocol import Protocol

    assert protocol_from(protocol_text(Protocol())) == Protocol()
