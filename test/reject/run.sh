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

compile() { "$compiler" -std=c++20 -I "$here/../../include" "$@"; }

# All headers that the cases include, compiled once.
sed -n 's/^#include </&/p' "$here"/*.cpp | sort -u > "$work/all.hpp"
if ! compile "$@" -x c++-header "$work/all.hpp" -o "$work/all.hpp.gch" > "$work/bad" 2>&1; then
    cat "$work/bad"
    echo "reject: 0 passed, 1 failed: the headers themselves do not compile"
    exit 1
fi

passed=0
failed=0
for file in "$here"/*.cpp; do
    name=$(basename "$file" .cpp)
    compile "$@" -Wall -Wextra -Werror -include "$work/all.hpp" -DGOOD -fsyntax-only "$file" > "$work/good" 2>&1 &
    twin=$!
    compile "$@" -include "$work/all.hpp" -fsyntax-only "$file" > "$work/bad" 2>&1 && bad=compiles || bad=rejected
    wait "$twin" && good=compiles || good=rejected

    why=
    sed -n '1,/^[^\/]/s|^// expect: ||p' "$file" > "$work/expected"
    [ -s "$work/expected" ] || why="the file expects nothing"
    [ "$bad" = rejected ] || why="compiles, but must not"
    while IFS= read -r regex; do
        [ -n "$why" ] || grep -Eq -- "$regex" "$work/bad" || why="rejected, but not with the words: $regex"
    done < "$work/expected"
    if [ -z "$why" ] && [ "$good" != compiles ]; then
        why="the good twin does not compile"
        mv "$work/good" "$work/bad"
    fi

    if [ -z "$why" ]; then
        echo "ok    $name"
        passed=$((passed + 1))
    else
        echo "FAIL  $name: $why"
        grep -E 'error|assert' "$work/bad" | cut -c 1-300 | head -n 12 | sed 's/^/      /' || true
        failed=$((failed + 1))
    fi
done
echo "reject: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
