#!/bin/sh
# Bad policies must be rejected, with the right words. Each file here is compiled twice: as it stands it must fail, and each of
# its first lines "// expect: REGEX" must match a line of what the compiler says; with -DGOOD it must compile without a warning,
# so that no typing error passes for a rejection.
#
#   test/reject/run.sh [CXX [FLAG...]]     by default c++ (or $CXX), and include/ beside test/
#
# Prints a line for each case, what the compiler said where a case failed, and a count. Exit status 1 where one failed.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
compiler=${1:-${CXX:-c++}}
[ $# -eq 0 ] || shift
LC_ALL=C
export LC_ALL

work=$(mktemp -d "${TMPDIR:-/tmp}/reject.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

compile() { "$compiler" -std=c++20 -I "$here/../../include" "$@" -fsyntax-only; }
compile_good() { compile "$@" -Wall -Wextra -Werror -DGOOD; }

# All good twins at once, each in a namespace of its own; one by one only where that fails.
sed -n '/^#include </p' "$here"/*.cpp | sort -u > "$work/good.cpp"
for file in "$here"/*.cpp; do
    printf 'namespace %s {\n#include "%s"\n}\n' "$(basename "$file" .cpp)" "$file" >> "$work/good.cpp"
done
compile_good "$@" "$work/good.cpp" > "$work/good" 2>&1 && all_good=yes || all_good=no

# The headers that the cases include are read once. A compiler that can't do so reads them for every case.
grep '^#include <oauth/' "$work/good.cpp" > "$work/headers.hpp"
"$compiler" --version 2> /dev/null | grep -q clang && precompiled=pch || precompiled=gch
"$compiler" -std=c++20 -I "$here/../../include" "$@" -x c++-header "$work/headers.hpp" -o "$work/headers.hpp.$precompiled" 2> /dev/null || rm -f "$work/headers.hpp.$precompiled"

check() # FILE FLAG...: leaves NAME.why, empty where it is as it must be, and NAME.said
{
    file=$1
    shift
    name=$(basename "$file" .cpp)
    why=
    sed -n '1,/^[^\/]/s|^// expect: ||p' "$file" > "$work/$name.expected"
    [ -s "$work/$name.expected" ] || why="the file expects nothing"
    ! compile "$@" -include "$work/headers.hpp" "$file" > "$work/$name.said" 2>&1 || why="compiles, but must not"
    while IFS= read -r regex; do
        [ -n "$why" ] || grep -Eq -- "$regex" "$work/$name.said" || why="rejected, but not with the words: $regex"
    done < "$work/$name.expected"
    if [ -z "$why" ] && [ "$all_good" = no ] && ! compile_good "$@" "$file" > "$work/$name.said" 2>&1; then why="the good twin does not compile"; fi
    printf '%s' "$why" > "$work/$name.why"
}

at_once=$(nproc 2> /dev/null || echo 1)
running=0
for file in "$here"/*.cpp; do
    check "$file" "$@" &
    running=$((running + 1))
    [ $((running % at_once)) -ne 0 ] || wait
done
wait

passed=0
failed=0
for file in "$here"/*.cpp; do
    name=$(basename "$file" .cpp)
    if [ -e "$work/$name.why" ] && [ ! -s "$work/$name.why" ]; then
        echo "ok    $name"
        passed=$((passed + 1))
    else
        echo "FAIL  $name: $(cat "$work/$name.why" 2> /dev/null || echo 'its check broke off')"
        grep -E 'error|assert' "$work/$name.said" | cut -c 1-300 | head -n 12 | sed 's/^/      /' || true
        failed=$((failed + 1))
    fi
done
if [ "$all_good" = no ] && [ "$failed" -eq 0 ]; then
    echo "FAIL  the good twins together"
    head -n 12 "$work/good" | sed 's/^/      /'
    failed=1
fi
echo "reject: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
