#!/usr/bin/env bash
# Compiles the C++ of README.md: readme.sh COMPILER FLAGS...
#
# Every ```cpp block counts. A block that holds `int main` is a program of its own; any other is put into a function, its #include lines before it.
# An HTML comment on the line before a block says otherwise, and can give what the reader is spared:
#     <!-- compile: continued -->          in the function of the block before
#     <!-- compile: namespace -->          outside of any function
#     <!-- compile: no, because ... -->    not at all
#     <!-- given: std::string pasted; -->  these words come first (may be followed by one of the above, separated by `; compile:`)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readme=$root/README.md
if [[ ! -e $readme ]]; then echo "There is no README.md."; exit 1; fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# One file per block or chain of blocks; #line makes the compiler speak of the README's lines.
awk -v folder="$scratch" '
    function finish() { if (open) { print "}" >> file; open = 0 } }
    function start() { finish(); file = sprintf("%s/%03d.cpp", folder, ++files); print "#include <oauth.hpp>\n#include <iostream>\n#include <string>" > file }
    /^<!-- .*-->$/ { how = $0; how_line = NR; next }
    /^```cpp/ {
        inside = 1; n = 0; program = 0; begin = NR + 1
        if (how_line != NR - 1) how = ""
        next
    }
    inside && /^```/ {
        inside = 0; given = ""; mode = "function"
        if (match(how, /given: .*/)) { given = substr(how, RSTART + 7); sub(/(; compile:.*)? *-->$/, ";", given) }
        if (match(how, /compile: [a-z]+/)) mode = substr(how, RSTART + 9, RLENGTH - 9)
        if (mode == "no") next
        blocks++
        if (program) { start(); printf "#line %d \"README.md\"\n", begin >> file; for (i = 1; i <= n; i++) print text[i] >> file; next }
        if (mode != "continued" || !open) start()
        for (i = 1; i <= n; i++) if (text[i] ~ /^#include/) { if (open) { print "error: an #include in a continued block, README.md line " begin; exit 1 }; print text[i] >> file; text[i] = "" }
        if (mode == "function") { print "inline void block()\n{" >> file; open = 1 }
        if (given != "") print given >> file
        printf "#line %d \"README.md\"\n", begin >> file
        for (i = 1; i <= n; i++) print text[i] >> file
        next
    }
    inside { text[++n] = $0; if (/int main\(/) program = 1 }
    END { finish(); print blocks + 0 > (folder "/blocks") }' "$readme"

compgen -G "$scratch/*.cpp" >/dev/null || { echo "README.md holds no C++."; exit 1; }
# What each of them begins with is compiled once. Where that fails, all of them would.
printf '#include <oauth.hpp>\n#include <iostream>\n#include <string>\n' >"$scratch/first.hpp"
if "$1" --version 2>/dev/null | grep -q clang; then precompiled=pch; else precompiled=gch; fi
"$@" -std=c++20 -x c++-header "$scratch/first.hpp" -o "$scratch/first.hpp.$precompiled" || { echo "readme: 0 passed, 1 failed"; exit 1; }
failed=0
printf '%s\0' "$scratch"/*.cpp | xargs -0 -n 1 -P "$(nproc)" "$@" -std=c++20 -fsyntax-only -include "$scratch/first.hpp" || failed=1
echo "readme: $(($(<"$scratch/blocks") - failed)) passed, $failed failed"
exit $failed
