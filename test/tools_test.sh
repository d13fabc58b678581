#!/usr/bin/env bash
# What example/run and test/run do where packages are missing, with an apt-get of our own: the real one is never called. Needs no network and no root.
# The last line counts; the exit status is 0 if nothing failed, else 1.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/tools_test.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# A tree with the two scripts and what they need to come to an end, and a PATH with nothing on it but this and tools that change nothing outside of it.
tree=$work/tree tools=$work/bin
mkdir -p "$tree/test" "$tree/example" "$tools"
cp "$root/test/run" "$root/test/tools.sh" "$tree/test/"
cp "$root/example/run" "$tree/example/"
for path in "$root"/example/[0-9][0-9]_*; do touch "$tree/example/${path##*/}"; done
for tool in awk bash cat chmod cut dirname env flock getconf grep mkdir mktemp nproc rm sed tail touch tr; do
    if path=$(command -v "$tool"); then ln -s "$path" "$tools/$tool"; fi
done
tool() { { printf '#!/usr/bin/env bash\n'; cat; } >"$1"; chmod +x "$1"; }
tool "$tree/test/lint.sh" <<<'exit 0'
cp "$tree/test/lint.sh" "$tree/test/tools_test.sh"
tool "$tools/g++" <<<'exit 1'   # no compiler, no library
tool "$tools/apt-cache" <<<'echo "  Candidate: 1.83.0"'
tool "$tools/dpkg" <<<'exit 0'
tool "$tools/sudo" <<<'"$@"'
tool "$tools/cmake" <<<'exit 0'
tool "$tools/ninja" <<'NINJA'
mkdir -p "$2/example" && printf '#!/usr/bin/env bash\necho "the example ran"; echo "${0##*/} $*" >&2\n' >"$2/example/$3" && chmod +x "$2/example/$3"
NINJA
# $APT says how it goes; each call that would change something is noted.
tool "$tools/apt-get" <<'APT'
case " $* " in
    *" update "*) exit 0 ;;
    *" -s "*)
        echo "Reading package lists..."
        case $APT in
            refused) echo "E: Unable to locate package g++" >&2; exit 100 ;;
            removes) echo "Remv libboost1.74-dev [1.74.0]"; echo "Remv libboost-json1.74-dev [1.74.0]"; echo "Inst libboost-dev" ;;
            *) echo "Inst g++" ;;
        esac ;;
    *)
        echo "$*" >>"$NOTES"
        case $APT in broken) echo "E: Failed to fetch http://archive.example/g++.deb" >&2; exit 100 ;; esac ;;
esac
APT

passed=0 failed=0
check() # what, whether it holds as a status
{
    if (($2 == 0)); then ((++passed)); else ((++failed)); printf 'FAILED: %s: %s\n' "$running" "$1"; sed 's/^/    | /' "$work/out" "$work/messages"; fi
}
ends_with() { check "exit status $1, not $status" $((status != $1)); }
says() { grep -qF -- "$1" "$work/messages"; check "says: $1" $?; }
says_not() { ! grep -qF -- "$1" "$work/messages"; check "does not say: $1" $?; }
installs() { [[ -s $work/notes ]]; check "apt-get installs" $?; }
installs_not() { [[ ! -e $work/notes ]]; check "apt-get installs nothing" $?; }

script_run() # how apt goes, script, arguments: as somebody without a terminal runs it
{
    running="$2, apt $1"
    rm -rf "$tree/build" "$work/notes"
    env -i PATH="$tools" HOME="$work" TMPDIR="$work" APT="$1" NOTES="$work/notes" "$tree/$2" "${@:3}" </dev/null >"$work/out" 2>"$work/messages"
    status=$?
}

# The one stops at any failure (set -e), the other does not.
for script in "example/run" "test/run lint"; do
    # shellcheck disable=SC2086
    {
        script_run refused $script
        ends_with 2; installs_not
        says "E: Unable to locate package g++"; says "apt can't install these packages"; says "What to do:"; says "$tree/build/logs/packages.log"
        says_not "REMOVE"

        script_run removes $script
        ends_with 2; installs_not
        says "REMOVE these installed packages: libboost1.74-dev libboost-json1.74-dev"; says "Nothing was changed."; says "BOOST_ROOT"

        script_run broken $script
        ends_with 2; installs
        says "E: Failed to fetch http://archive.example/g++.deb"; says "Installing failed"; says "$tree/build/logs/packages.log"

        script_run good $script
        ends_with 0; installs
        says_not "REMOVE"
        grep -qxE "the example ran|1 passed, 0 failed" "$work/out"; check "what was asked for is done" $?
        grep -qE -- '-y .*g\+\+ .*libboost-json-dev' "$work/notes"; check "the packages that are missing are installed" $?
    }
done

# Each example goes by its number and by its name, and is given the words behind that.
for path in "$root"/example/[0-9][0-9]_*; do
    name=${path##*/} name=${name%.cpp}
    for called in "${name%%_*}" "$((10#${name%%_*}))" "${name#*_}" "$name"; do
        script_run good example/run "$called" --flag word
        ends_with 0
        says "$name --flag word"
    done
done
script_run good example/run 99
ends_with 2; says "No example is named 99."

# Where nobody can become root, that is said, and not to a log. As root this is somebody else.
rm "$tools/sudo"
other=(); if ((EUID == 0)) && path=$(command -v setpriv); then other=("$path" --reuid=65534 --regid=65534 --clear-groups); fi
chmod -R a+rwX "$work"
if ((EUID != 0)) || { ((${#other[@]})) && "${other[@]}" test -x "$tree/example/run" -a ! -w /; }; then
    for script in "example/run" "test/run lint"; do
        running="$script, nobody to become root"
        rm -rf "$tree/build" "$work/notes"
        # shellcheck disable=SC2086
        "${other[@]}" "$tools/env" -i PATH="$tools" HOME="$work" TMPDIR="$work" APT=good NOTES="$work/notes" "$tree"/$script </dev/null >"$work/out" 2>"$work/messages"
        status=$?
        ends_with 2; installs_not
        says "without root or sudo"; says "libboost-json-dev"
    done
fi

echo "tools: $passed passed, $failed failed"
((failed == 0))
