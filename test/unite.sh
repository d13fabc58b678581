#!/bin/sh
# Makes one source of several test files, so that what they include and instantiate alike is compiled once: a third of the time for all of them.
# Each stands in a namespace of its own, after all that they include.
#
#   test/unite.sh groups FILE...         which belong together, a line for each source: tests of one room if it has enough, and no more text than a compiler's memory bears;
#                                        a file that must stand by itself has a line of its own
#   test/unite.sh write SOURCE FILE...   writes SOURCE, where it would be another than it is
#   test/unite.sh programs SOURCE FILE...
#                                        the same for files with a main: SOURCE has one that runs the main of the file (or of the folder of a main.cpp) that it is called by the name of
set -eu
verb=$1
shift

# It replaces operator new, has a main, or defines macros.
stands_alone() { grep -Eq 'operator (new|delete)\(|^int main|^ *# *(if|define|undef)' "$1"; }

case $verb in
groups)
    at_most=340000   # bytes of text: twice as much takes a quarter less time for all, but a compiler needs 2.7 GB for this already
    group=
    room=
    size=0
    flush() { if [ -n "$group" ]; then echo "${group# }"; fi; group=; size=0; }
    for file in $(printf '%s\n' "$@" | LC_ALL=C sort); do
        if stands_alone "$file"; then echo "$file"; continue; fi
        more=$(wc -c < "$file")
        mine=$(dirname "$file" | cut -d / -f 1,2)
        if [ $((size + more)) -gt $at_most ] || { [ "$mine" != "$room" ] && [ $size -gt $((at_most / 2)) ]; }; then flush; fi
        room=$mine
        group="$group $file"
        size=$((size + more))
    done
    flush
    ;;
write | programs)
    source=$1
    shift
    {
        # g++ takes a name without linkage in an included file for a mistake; here no other source includes these.
        printf '#if defined(__GNUC__) && !defined(__clang__)\n#pragma GCC diagnostic ignored "-Wsubobject-linkage"\n#endif\n'
        for file in "$@"; do
            folder=$(cd "$(dirname "$file")" && pwd)
            sed -nE -e "s|^#include \"([^\"]*)\".*|#include \"$folder/\\1\"|p" -e 's|^#include (<[^>]*>).*|#include \1|p' "$file"
        done | awk '!seen[$0]++'
        number=0
        for file in "$@"; do
            number=$((number + 1))
            folder=$(cd "$(dirname "$file")" && pwd)
            printf 'namespace united_%d {\n#include "%s/%s"\n}\n' $number "$folder" "$(basename "$file")"
        done
        if [ $verb = programs ]; then
            printf '#include <cstring>\nnamespace {\nint run(int (*program)(), int, char**)\n{\n    return program();\n}\n'
            printf 'int run(int (*program)(int, char**), int count, char** words)\n{\n    return program(count, words);\n}\n} // namespace\n'
            printf 'int main(int count, char** words)\n{\n    char const* const slash = std::strrchr(words[0], 47);\n    char const* const name = slash ? slash + 1 : words[0];\n'
            number=0
            for file in "$@"; do
                number=$((number + 1))
                name=$(basename "$file" .cpp)
                if [ "$name" = main ]; then name=$(basename "$(dirname "$file")"); fi
                printf '    if (std::strcmp(name, "%s") == 0) return run(united_%d::main, count, words);\n' "$name" $number
            done
            printf '    return 2;\n}\n'
        fi
    } > "$source.new"
    if cmp -s "$source.new" "$source"; then rm "$source.new"; touch "$source"; else mv "$source.new" "$source"; fi
    ;;
*) exit 2 ;;
esac
