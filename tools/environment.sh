#!/bin/sh
# Make .venv ready with the package and the named extras: tools/environment.sh [dev] [docs] [bench] [interop]
# Does nothing when pyproject.toml, the interpreter and the extras are those of the last time.
set -eu
cd "$(dirname "$0")/.."
stamp=.venv/.ready
inside=.venv/bin/python

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1; }

stop() {
    printf 'neurohumor: %s\n    %s\n' "$1" "$2" >&2
    exit 1
}

if [ -e .venv ] && ! "$inside" -c '' >/dev/null 2>&1; then
    rm -f "$stamp"
    again=--clear # the interpreter it was made with is gone
elif [ -e .venv ]; then
    fits "$inside" || stop "the folder .venv holds $("$inside" --version 2>&1), and 3.11 to 3.14 is needed" "remove the folder .venv and run make again"
    if [ -n "${PYTHON:-}" ] && [ "$("$PYTHON" --version 2>&1)" != "$("$inside" --version)" ]; then
        stop "the folder .venv was made with $("$inside" --version), not with $PYTHON" "remove the folder .venv to change the interpreter, then run make again"
    fi
    again=
else
    again=
fi

if [ ! -e .venv ] || [ -n "$again" ]; then
    outer=
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if fits "$candidate"; then outer=$candidate && break; fi
    done
    [ -n "$outer" ] || stop "no Python 3.11 to 3.14 found (tried ${PYTHON:-python3 and its numbered names}; python3 is $(python3 --version 2>&1 | head -n 1))" \
        "install one, or name it: make test PYTHON=/path/to/python3.12"
    printf 'Setting up .venv with %s (once, about a minute)\n' "$("$outer" --version)"
    if "$outer" -c 'import ensurepip' >/dev/null 2>&1; then
        "$outer" -m venv $again .venv
    else # some distributions ship venv without its pip; then the outer pip puts one in
        "$outer" -m venv $again --without-pip .venv
        "$outer" -m pip --python "$inside" install -qq --no-input pip </dev/null || {
            rm -rf .venv
            stop "this Python has neither ensurepip nor a pip of 22.3 or later" "install your system's python3-venv package, then run make again"
        }
    fi
fi

key="$(cksum <pyproject.toml) $("$inside" --version)"
ready=
extras=
if [ -f "$stamp" ]; then
    ready=$(sed -n 1p "$stamp")
    extras=$(sed -n 2p "$stamp")
fi
wanted=$(printf '%s\n' $extras "$@" | sed '/^$/d' | sort -u | tr '\n' ' ')
if [ "$key" = "$ready" ] && [ "$wanted" = "$extras" ]; then exit 0; fi

list=$(printf '%s' "$wanted" | sed 's/ $//' | tr ' ' ',')
printf 'Installing neurohumor%s into .venv\n' "${list:+ with $list}"
rm -f "$stamp"
"$inside" -m pip install -qq --no-input --disable-pip-version-check --editable ".${list:+[$list]}" </dev/null ||
    stop "the packages could not be installed" "read pip's message above; with a network connection, run make again"
printf '%s\n%s\n' "$key" "$wanted" >"$stamp"
