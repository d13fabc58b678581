#!/bin/sh
# What a program does not include costs it nothing: checks what each header brings along, directly or not.
#
#   test/header_map.sh COMPILER [FLAGS...]     FLAGS name the folders of oauth and Boost
#
# Exit status: 0 all in order, 1 something is brought along that must not be, 2 the script was called wrongly.
set -eu
[ $# -gt 0 ] || { echo "usage: test/header_map.sh COMPILER [FLAGS...]" >&2; exit 2; }
include=$(cd "$(dirname "$0")/../include" && pwd)
checked=0
broken=0
work=$(mktemp -d "${TMPDIR:-/tmp}/header_map.XXXXXX")
trap 'rm -rf "$work"' EXIT

# All that the headers named on standard input bring along, a path a line.
reach()
{
    sed 's/.*/#include <&>/' | "$@" -std=c++20 -M -x c++ - >"$work/rule" || { echo "the compiler could not read them" >&2; exit 2; }
    tr -s ' \\' '\n\n' <"$work/rule" | grep '\.[hi]' || true
}

fail() { echo "$1"; broken=$((broken + 1)); }

# HEADERS, PATTERN: none of what they bring along may match.
without()
{
    echo "$headers" | reach "$@" >"$work/reached"
    found=$(grep -E "$pattern" "$work/reached" | head -n 3 || true)
    checked=$((checked + 1))
    [ -z "$found" ] || fail "$what brings along:
$found"
}

rooms() { (cd "$include" && for room; do find "oauth/$room" -name '*.hpp'; done | LC_ALL=C sort); }

network='/boost/(asio|beast)/|/openssl/ssl\.h|/sys/socket\.h'
what="error, core" headers=$(rooms error core) pattern="$network|/oauth/(jose|request|response|oidc|machine|flow|policy|provider|testing)/"
without "$@"
what="request, response" headers=$(rooms request response) pattern="$network|/oauth/(oidc|machine|flow|policy|provider|testing)/"
without "$@"
what="jose, oidc, machine" headers=$(rooms jose oidc machine) pattern="$network|/oauth/(flow|policy|provider|testing)/"
without "$@"
what="provider" headers=$(rooms provider) pattern="$network|/boost/json/|/openssl/|/oauth/(jose|request|response|oidc|machine|flow|policy|testing)/"
without "$@"
what="the stores" headers=$(rooms policy/store) pattern="$network|/oauth/(response|oidc|machine|flow|provider|testing)/|policy/(transport|receiver|browser)/"
without "$@"
what="the ways of client authentication" headers=$(rooms policy/authentication policy/request_signer policy/sender_constraint) pattern="$network|/oauth/(response|oidc|machine|flow|provider|testing)/"
without "$@"
what="beast_transport" headers=oauth/policy/transport/beast_transport.hpp pattern='/boost/json/|/oauth/(jose|request|response|oidc|machine|flow|provider|testing)/'
without "$@"
# A program's own transport, and what it takes for the rest unless it says otherwise.
what="flow" headers=oauth/flow/flow.hpp pattern="$network|/oauth/(provider|testing)/|policy/(transport|receiver|browser|request_signer|sender_constraint)/|file_store"
without "$@"

# Where the larger functions are compiled by themselves, the main job's core brings along no parser, neither of JSON nor of URLs.
core=$(sed -n 's/^#include <\(oauth\/.*\)>.*/\1/p' "$include/../test/benchmark/core_only.cpp")
what="the core, compiled separately" headers=$core pattern="$network|/boost/(json|url)/|\.ipp\$|/oauth/(jose|oidc|machine|flow|policy|testing)/"
without "$@" -DOAUTH_SEPARATE_COMPILATION

# And oauth.hpp brings all that a user may want, but the testing kit.
all=$(cd "$include" && find oauth -name '*.hpp' -not -path '*/detail/*' -not -path 'oauth/testing/*' -not -path oauth/src.hpp | LC_ALL=C sort)
reached=$(echo oauth.hpp | reach "$@")
for header in $all; do
    echo "$reached" | grep -q "/$header\$" || fail "oauth.hpp lacks $header"
done
checked=$((checked + 1))

# Nor does a header need the GNU C library: each that asks for it is compiled as elsewhere, once what it includes of the system is read.
for header in $(cd "$include" && grep -rl '__GLIBC' oauth | LC_ALL=C sort); do
    checked=$((checked + 1))
    { grep '^#include <' "$include/$header"; printf '#undef __GLIBC__\n#undef __GLIBC_PREREQ\n#include <%s>\n' "$header"; } >"$work/elsewhere.cpp"
    "$@" "-I$include" -std=c++20 -fsyntax-only "$work/elsewhere.cpp" >"$work/said" 2>&1 || fail "$header without the GNU C library: $(head -n 3 "$work/said")"
done

# Where the system can have more than fsync does (macOS), that is asked for.
checked=$((checked + 1))
echo '#include <oauth/policy/store/detail/file_handle.hpp>' >"$work/medium.cpp"
"$@" "-I$include" -std=c++20 -DF_FULLFSYNC=51 -fsyntax-only "$work/medium.cpp" >"$work/said" 2>&1 || fail "file_handle.hpp with F_FULLFSYNC: $(head -n 3 "$work/said")"
"$@" "-I$include" -std=c++20 -DF_FULLFSYNC=51 -E "$work/medium.cpp" | grep -q '::fcntl(.*, 51) == 0' || fail "file_handle.hpp does not use F_FULLFSYNC"

# Nothing was ever compiled on Windows here; but what oauth.hpp brings along there asks for no header of POSIX. Of the compiler's own headers none is read: those that would be are named.
on_windows=$work/on_windows
checked=$((checked + 1))
if echo '#include <oauth.hpp>' | "$1" -std=c++20 -D_WIN32 -nostdinc "-I$include" -M -MG -x c++ - >"$on_windows" 2>&1; then
    found=$(tr -s ' \\' '\n\n' <"$on_windows" | grep -E '(^|/)file_store\.hpp$|^(unistd|fcntl|poll|spawn|termios|pwd|netdb)\.h$|^(sys|arpa|netinet)/' || true)
    [ -z "$found" ] || fail "oauth.hpp on Windows brings along:
$found"
    grep -q 'memory_store\.hpp' "$on_windows" || fail "oauth.hpp on Windows lacks memory_store.hpp"
else
    fail "oauth.hpp on Windows: $(head -n 3 "$on_windows")"
fi

echo "$checked checked, $broken broken"
[ $broken -eq 0 ]
