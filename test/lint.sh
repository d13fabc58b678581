#!/bin/sh
# What no compiler complains of. Prints each offender as FILE:LINE: text and ends with 1 where there is one.
#
#   test/lint.sh [TREE]     the default is the folder above test/
set -eu

tree=${1:-$(cd "$(dirname "$0")/.." && pwd)}
cd "$tree"
[ -d include/oauth ] || { echo "$tree holds no include/oauth" >&2; exit 2; }

work=$(mktemp -d "${TMPDIR:-/tmp}/lint.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

find include -type f -name '*.[hi]pp' | LC_ALL=C sort > "$work/headers"
# All that is text and ours. Recorded bodies and fuzz seeds stay as they came.
find . \( -name .git -o -name build -o -name 'build-*' -o -name node_modules -o -path ./test/fixtures -o -path ./test/fuzz/corpus -o -path ./.cache \) -prune -o -type f -print |
    sed 's|^\./||' | LC_ALL=C sort | LC_ALL=C xargs grep -Il . > "$work/texts"

# offend TEXT PATTERN LIST: each line of the listed files that matches the pattern.
offend()
{
    LC_ALL=C xargs grep -nHE -e "$2" -- < "$3" | sed "s|^\([^:]*:[0-9]*\):.*|\1: $1|" >> "$work/found" || true
}

: > "$work/found"
tab=$(printf '\t')
# Comments may speak of these words; code may not use them.
mkdir -p "$work/code"
sed 's|/[^/]*$||' "$work/headers" | sort -u | sed "s|^|$work/code/|" | xargs mkdir -p
xargs awk -v code="$work/code/" '
    FNR == 1 { if (to != "") close(to); to = code FILENAME; inside = 0 }
    {
        line = $0
        out = ""
        while (line != "") {
            if (inside) {
                at = index(line, "*/")
                if (!at) break
                line = substr(line, at + 2)
                inside = 0
                continue
            }
            slash = index(line, "//")
            star = index(line, "/*")
            if (star && (!slash || star < slash)) { out = out substr(line, 1, star - 1); line = substr(line, star + 2); inside = 1 }
            else if (slash && substr(line, slash - 1, 1) != ":") { out = out substr(line, 1, slash - 1); break }
            else { out = out line; break }
        }
        print out > to
    }
' < "$work/headers"
(
    cd "$work/code"
    offend "a virtual function" '(^|[^_[:alnum:]])virtual([^_[:alnum:]]|$)' "$work/headers"
    offend "std::function" 'std::(move_only_)?function([^_[:alnum:]]|$)' "$work/headers"
    offend "std::any" 'std::any([^_[:alnum:]]|$)' "$work/headers"
    offend "any_io_executor" '(^|[^_[:alnum:]])any_io_executor([^_[:alnum:]]|$)' "$work/headers"
    offend "using namespace in a header's own scope" '^using namespace ' "$work/headers"
)
xargs awk 'FNR == 401 { print FILENAME ":401: longer than 400 lines" }' < "$work/headers" >> "$work/found"

offend "a tab" "$tab" "$work/headers"
grep -E '\.([hi]pp|cpp|md|txt|build|sh|js|mjs|json|yml)$|/run$' "$work/texts" > "$work/sources" || true
offend "trailing blanks" "[ $tab]+\$" "$work/sources"
offend "a line end of another system" "$(printf '\r')\$" "$work/sources"
# A path that exists only where somebody worked. The pattern is put together, so that it does not find itself.
offend "an absolute path of one machine" "(^|[^[:alnum:]_./~-])/(home|root|wor""k|Users)/[[:alnum:]_.-]" "$work/texts"

if [ -s "$work/found" ]; then
    LC_ALL=C sort "$work/found"
    echo "lint: $(wc -l < "$work/found" | tr -d ' ') found"
    exit 1
fi
echo "lint: $(wc -l < "$work/headers" | tr -d ' ') headers and $(wc -l < "$work/texts" | tr -d ' ') texts in order"
