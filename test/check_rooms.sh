#!/bin/sh
# Checks the rooms of include/oauth: which room may include which (prints FILE:LINE: what broke), that detail/ and impl/ exist only
# inside a room, that each header's guard is named after its path, that src.hpp has every .ipp, and that no header includes itself
# by way of others, so that any of them may come first.
#
#   test/check_rooms.sh [INCLUDE_FOLDER]     the default is include/ beside test/
#   test/check_rooms.sh --self-test          plants offences in a copy and expects each to be caught
#
# Exit status: 0 all in order, 1 something broke, 2 the script was called wrongly.
set -eu

here=$(cd "$(dirname "$0")" && pwd)

check()
{
    ( cd "$1" && find . -name '*.[hi]pp' -type f | LC_ALL=C sort ) | while IFS= read -r file; do
        awk -v file="${file#./}" '
            function fail(line, text) { printf "%s:%d: %s\n", file, line, text }

            # The room of "oauth/core/secret.hpp" is "core"; the rooms of policy/ are the concepts and, by role, the models.
            function room(path,    part, n) {
                n = split(path, part, "/")
                if (path == "oauth/config.hpp") return "config"
                if (n < 3) return "all"
                if (part[2] == "policy") return n == 3 || part[3] ~ /^(detail|impl)$/ ? "policy" : "policy/" part[3]
                return part[2]
            }

            function has(list, word) { return index(" " list " ", " " word " ") > 0 }

            BEGIN {
                # What each room may include, itself apart. flow names one default model of each role (below).
                may["error"] = ""
                may["core"] = "error"
                may["jose"] = "core error"                # below request and response: the one signs, the other checks
                may["response"] = "core error jose"
                may["request"] = "core error jose response"   # a request names its answer
                may["oidc"] = "core error jose request response"
                may["machine"] = "core error request response jose oidc"
                may["policy"] = "core error"
                may["flow"] = "core error request response jose oidc machine policy"
                may["provider"] = "core error"
                # "flow -> policy concepts and the defaults it names"
                defaults = "oauth/policy/store/memory_store.hpp oauth/policy/authentication/client_secret_post.hpp"

                mine = room(file)
                if (mine ~ /^policy\//) may[mine] = "core error request jose policy"   # a model, of any role
                guard = toupper(file)
                gsub(/[^A-Z0-9]/, "_", guard)
                if (mine !~ /^(all|config|testing)$/ && !(mine in may)) fail(1, "no such room: " mine)
                if (file ~ /(^|\/)(detail|impl)\//) {
                    n = split(file, part, "/")
                    if (part[1] != "oauth" || part[2] ~ /^(detail|impl)$/ || n < 4) fail(1, "detail/ and impl/ exist only inside a room")
                }
                if ((file ~ /\.ipp$/) != (file ~ /\/impl\//)) fail(1, "impl/ holds the .ipp, and nothing else does")
                # The bodies of a header, which it includes itself.
                header = file
                sub(/\/impl\//, "/", header)
                sub(/ipp$/, "hpp", header)
                bodies = file
                if (!sub(/\/[^\/]*$/, "/impl&", bodies)) bodies = ""
                sub(/hpp$/, "ipp", bodies)
                if (file !~ /^oauth\.hpp$/ && file !~ /^oauth\//) fail(1, "a header outside of oauth/")
            }

            /^[ \t]*#[ \t]*ifndef/ && !guarded { guarded = 1; if ($2 != guard) fail(NR, "the guard is " $2 ", not " guard); wait = NR + 1; next }
            wait && NR == wait { if ($0 !~ "^#define " guard "$") fail(NR, "the guard is not defined in the line after its #ifndef") }
            /^[ \t]*#[ \t]*pragma[ \t]+once/ { fail(NR, "#pragma once instead of a guard") }

            /^[ \t]*#[ \t]*include/ {
                what = $0
                sub(/^[ \t]*#[ \t]*include[ \t]*/, "", what)
                if (what ~ /^"/) { fail(NR, "a header is included by its whole path, in <>"); next }
                sub(/^</, "", what)
                sub(/>.*/, "", what)
                if (what !~ /^oauth(\.hpp|\/)/) next
                theirs = room(what)
                if (what ~ /\.ipp$/) {
                    if (file != "oauth/src.hpp" && what != bodies) fail(NR, "includes the bodies of another header: " what)
                    next
                }
                if (theirs == "config" || mine == "testing" || mine == theirs) next
                if (mine == "config") fail(NR, "config.hpp includes nothing of ours: " what)
                if (mine == "all") {
                    if (what ~ /\/detail\//) fail(NR, "includes a detail/ of another room: " what)
                    next
                }
                if (theirs == "all") fail(NR, mine " includes all of it: " what)
                else if (what ~ /\/detail\// && theirs != "core") fail(NR, "includes a detail/ of another room: " what)
                else if (mine == "flow" && has(defaults, what)) next
                else if (!has(may[mine], theirs)) fail(NR, mine " must not include " theirs ": " what)
            }

            END { if (!guarded) fail(1, "no include guard " guard) }
        ' "$1/${file#./}"
    done > "$2"
    (
        cd "$1"
        # A header and its bodies count as one.
        find oauth -name '*.[hi]pp' -type f -exec grep -H '^ *# *include *<oauth' {} + | sed 's/: *# *include *</ /; s/>.*//; s|/impl/|/|g; s/\.ipp/.hpp/g' |
            awk '$1 != $2 && $1 != "oauth/src.hpp"' | tsort 2>&1 >/dev/null | sed -n 's/^tsort: \(oauth.*\)/\1:1: includes itself by way of others/p'
        find oauth -name '*.ipp' -type f | LC_ALL=C sort | while IFS= read -r bodies; do
            header=$(printf '%s' "$bodies" | sed 's|/impl/|/|; s/ipp$/hpp/')
            grep -q "^#include <$bodies>" oauth/src.hpp || echo "$bodies:1: src.hpp lacks it"
            grep -qs "^#include <$bodies>" "$header" || echo "$bodies:1: its header does not include it"
            grep -q "^#include <$header>" "$bodies" || echo "$bodies:1: does not include its header"
        done
    ) >> "$2"
    cat "$2"
    [ ! -s "$2" ]
}

# plant WHAT FILE LINE... : make FILE of the lines in a fresh copy, and expect that it alone is complained of.
plant()
{
    what=$1
    file=$2
    shift 2
    rm -rf "$work/include"
    cp -R "$here/../include" "$work/include"
    mkdir -p "$(dirname "$work/include/$file")"
    printf '%s\n' "$@" > "$work/include/$file"
    if check "$work/include" "$work/found" > /dev/null; then
        echo "NOT CAUGHT: $what"
        missed=$((missed + 1))
    elif ! grep -q "^$file:[0-9]*: " "$work/found" || grep -qv "^$file:" "$work/found"; then
        echo "CAUGHT ELSEWHERE: $what"
        cat "$work/found"
        missed=$((missed + 1))
    else
        echo "caught: $(cat "$work/found")"
        caught=$((caught + 1))
    fi
}

header()
{
    guard=$(printf '%s' "$2" | tr 'a-z' 'A-Z' | tr -c 'A-Z0-9' '_')
    plant "$1" "$2" "#ifndef $guard" "#define $guard" "" "#include <$3>" "" "#endif"
}

self_test()
{
    caught=0
    missed=0
    if ! check "$here/../include" "$work/found"; then
        echo "the tree itself is not in order"
        return 1
    fi
    header "error includes core" oauth/error/zz_planted.hpp oauth/core/secret.hpp
    header "core includes request" oauth/core/zz_planted.hpp oauth/request/token_request.hpp
    header "core includes a policy" oauth/core/zz_planted.hpp oauth/policy/clock.hpp
    header "request includes oidc" oauth/request/zz_planted.hpp oauth/oidc/id_token.hpp
    header "request includes the detail of response" oauth/request/zz_planted.hpp oauth/response/detail/json_answer.hpp
    header "request includes a machine" oauth/request/zz_planted.hpp oauth/machine/renewal.hpp
    header "response includes request" oauth/response/zz_planted.hpp oauth/request/token_request.hpp
    header "jose includes oidc" oauth/jose/zz_planted.hpp oauth/oidc/id_token.hpp
    header "jose includes request" oauth/jose/zz_planted.hpp oauth/request/token_request.hpp
    header "jose includes response" oauth/jose/zz_planted.hpp oauth/response/retry_after.hpp
    header "core includes jose" oauth/core/zz_planted.hpp oauth/jose/jws.hpp
    header "response includes oidc" oauth/response/zz_planted.hpp oauth/oidc/id_token.hpp
    header "oidc includes a machine" oauth/oidc/zz_planted.hpp oauth/machine/renewal.hpp
    header "a provider includes jose" oauth/provider/zz_planted.hpp oauth/jose/jws.hpp
    header "machine includes a policy" oauth/machine/zz_planted.hpp oauth/policy/clock.hpp
    header "machine includes flow" oauth/machine/zz_planted.hpp oauth/flow/flow.hpp
    header "a concept includes a model" oauth/policy/zz_planted.hpp oauth/policy/store/memory_store.hpp
    header "a model includes another role's model" oauth/policy/store/zz_planted.hpp oauth/policy/transport/beast_transport.hpp
    header "a model includes response" oauth/policy/transport/zz_planted.hpp oauth/response/token_response.hpp
    header "flow includes a model that is no default" oauth/flow/zz_planted.hpp oauth/policy/transport/beast_transport.hpp
    header "flow includes testing" oauth/flow/zz_planted.hpp oauth/testing/manual_clock.hpp
    header "flow includes a provider" oauth/flow/zz_planted.hpp oauth/provider/microsoft.hpp
    header "a provider includes a policy" oauth/provider/zz_planted.hpp oauth/policy/clock.hpp
    header "a model includes flow" oauth/policy/store/zz_planted.hpp oauth/flow/flow.hpp
    header "core includes all of it" oauth/core/zz_planted.hpp oauth.hpp
    header "another room's detail" oauth/provider/zz_planted.hpp oauth/policy/transport/detail/pool.hpp
    header "an unknown room" oauth/zz_room/planted.hpp oauth/core/secret.hpp
    header "detail outside of the rooms" oauth/detail/planted.hpp string
    header "a header among the bodies" oauth/core/impl/zz_planted.hpp string
    header "the bodies of another header" oauth/core/zz_planted.hpp oauth/core/impl/endpoint.ipp
    header "all of the bodies" oauth/core/zz_planted.hpp oauth/src.hpp
    header "bodies that src.hpp lacks" oauth/core/impl/zz_planted.ipp oauth/core/secret.hpp
    header "a header outside of oauth/" zz_planted.hpp string
    plant "a foreign guard" oauth/core/zz_planted.hpp "#ifndef OAUTH_CORE_OTHER_HPP" "#define OAUTH_CORE_OTHER_HPP" "#endif"
    plant "a guard that is not defined" oauth/core/zz_planted.hpp "#ifndef OAUTH_CORE_ZZ_PLANTED_HPP" "#define OAUTH_CORE_ZZ_PLANTED" "#endif"
    plant "no guard" oauth/core/zz_planted.hpp "#include <string>"
    plant "pragma once" oauth/core/zz_planted.hpp "#ifndef OAUTH_CORE_ZZ_PLANTED_HPP" "#define OAUTH_CORE_ZZ_PLANTED_HPP" "#pragma once" "#endif"
    plant "a relative include" oauth/core/zz_planted.hpp "#ifndef OAUTH_CORE_ZZ_PLANTED_HPP" "#define OAUTH_CORE_ZZ_PLANTED_HPP" '#include "secret.hpp"' "#endif"
    rm -rf "$work/include"
    cp -R "$here/../include" "$work/include"
    sed 's|<oauth/core/endpoint.hpp>|<oauth/core/client.hpp>|' "$here/../include/oauth/core/impl/endpoint.ipp" > "$work/include/oauth/core/impl/endpoint.ipp"
    sed 's|^#include <string>|#include <oauth/core/pkce.hpp>|' "$here/../include/oauth/core/base64url.hpp" > "$work/include/oauth/core/base64url.hpp"
    if check "$work/include" "$work/found" > /dev/null || ! grep -q "^oauth/core/base64url.hpp:1: includes itself by way of others" "$work/found" ||
        ! grep -q "^oauth/core/impl/endpoint.ipp:1: does not include its header" "$work/found"; then
        echo "NOT CAUGHT: a header that includes itself by way of others, bodies without their header"
        missed=$((missed + 1))
    else caught=$((caught + 1)); fi
    echo "$caught caught, $missed missed"
    [ "$missed" -eq 0 ]
}

work=$(mktemp -d "${TMPDIR:-/tmp}/rooms.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

case ${1-} in
--self-test) self_test ;;
-*)
    echo "usage: $0 [INCLUDE_FOLDER | --self-test]" >&2
    exit 2
    ;;
*)
    include=${1:-$here/../include}
    [ -d "$include/oauth" ] || { echo "$include holds no oauth/" >&2; exit 2; }
    check "$include" "$work/found" || exit 1
    echo "rooms: $(find "$include" -name '*.[hi]pp' -type f | wc -l | tr -d ' ') headers in order"
    ;;
esac
