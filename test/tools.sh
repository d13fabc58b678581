# shellcheck shell=bash disable=SC2154
# Sourced by test/run and example/run, which set $build: says what happens, installs what is missing on Debian and Ubuntu. Nothing in here writes to stdout.

heading() { printf '%s\n' "$*" >&2; }
die() { printf '%s\n' "$@" >&2; exit 2; }

# The compiler, CMake and the libraries, asked directly: it is right wherever they came from, and quick.
has_compiler() { command -v g++ >/dev/null && printf '#if __GNUC__ < 12\n#error\n#endif\n' | g++ -E -x c++ - >/dev/null 2>&1; }
has_cmake() { command -v cmake >/dev/null && command -v ninja >/dev/null; }
has_libraries() # what the linker must find, what the preprocessor must find
{
    has_compiler || return 1
    local program="#include <boost/version.hpp>
#if BOOST_VERSION < 108100
#error
#endif
int main() {}" flags=() object status=0
    if [[ -n ${BOOST_ROOT:-} ]]; then flags=("-I$BOOST_ROOT/include" "-L$BOOST_ROOT/lib"); fi
    local header; for header in "${@:2}"; do program="#include <$header>
$program"; done
    # The preprocessor first: it says no in no time, and the headers need not be compiled.
    printf '%s\n' "$program" | g++ -std=c++20 "${flags[@]}" -E -x c++ - >/dev/null 2>&1 || return 1
    object=$(mktemp) || return 1
    # shellcheck disable=SC2086
    printf 'int main() {}\n' | g++ "${flags[@]}" -x c++ - -o "$object" $1 >/dev/null 2>&1 || status=1
    rm -f "$object"
    return $status
}

# The newest Boost that the package sources hold, as a package name's middle: "" for libboost-json-dev itself, "1.81" for libboost-json1.81-dev.
boost_in_archive()
{
    local version
    version=$(apt-cache policy libboost-json-dev 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*\.[0-9]*\).*/\1/p')
    if [[ -n $version ]] && dpkg --compare-versions "$version" ge 1.81; then return 0; fi
    for version in 1.92 1.90 1.88 1.83 1.81; do
        if apt-cache show "libboost-url$version-dev" >/dev/null 2>&1; then printf '%s' "$version"; return 0; fi
    done
    return 1
}

can_be_root() { ((EUID == 0)) || command -v sudo >/dev/null; }
as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

# Install the packages named. Never removes anything without being told so by somebody at a terminal.
apt_install()
{
    local packages=("$@") removed answer log=$build/logs/packages.log
    can_be_root || die "These packages are missing, and without root or sudo they can't be installed here:" "    ${packages[*]}" "Install them, then run this again."
    heading "Installing packages: ${packages[*]}"
    mkdir -p "$build/logs"
    # What can't be simulated says nothing of removals: then nothing is installed either.
    LC_ALL=C apt-get install -s --no-install-recommends "${packages[@]}" >"$log" 2>&1 </dev/null || {
        tail -n 20 "$log" >&2
        die "apt can't install these packages: see above. Nothing was changed; the whole log is in $log" \
            "What to do: have a look at the package sources (/etc/apt) and at held packages (apt-mark showhold), try apt-get --fix-broken install," \
            "or install them in another way. Then run this again."
    }
    removed=$(sed -n 's/^Remv \([^ ]*\).*/\1/p' "$log" | tr '\n' ' ')
    if [[ -n $removed ]]; then
        heading "To install them, apt would have to REMOVE these installed packages: $removed"
        answer=no
        if [[ -t 0 && -t 2 ]]; then read -r -p "Remove them? Type yes to go on: " answer </dev/tty || answer=no; fi
        [[ $answer == yes ]] || die "Nothing was changed. What else you can do: point BOOST_ROOT at a Boost 1.81 or newer of your own (folder with include/ and lib/)," \
            "or use a container, or run this at a terminal and say yes."
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}" >"$log" 2>&1 </dev/null || {
        tail -n 20 "$log" >&2
        die "Installing failed; the whole log is in $log"
    }
}

# $1 what the packages are for; the rest are their names in Debian. Elsewhere they are only named.
need_packages()
{
    local packages=("${@:2}")
    if ! command -v apt-get >/dev/null; then
        die "For $1 these are needed (their names in Debian; your system has them under names of its own):" "    ${packages[*]}" \
            "Wanted: g++ 12 or newer, CMake 3.22, Ninja, Boost 1.81 with JSON, URL and Test, OpenSSL 3. Install them, then run this again."
    fi
    apt_install "${packages[@]}"
}

# A fresh machine has no package lists, or old ones.
refresh_package_lists()
{
    command -v apt-get >/dev/null && can_be_root || return 0
    heading "Reading the package lists"
    mkdir -p "$build/logs"
    as_root apt-get update -q >"$build/logs/packages.log" 2>&1 </dev/null || heading "  (some package lists could not be read; see $build/logs/packages.log)"
}

json_and_url=("-lboost_json -lboost_url -lssl -lcrypto" boost/json/value.hpp boost/url/url.hpp boost/beast/http.hpp openssl/ssl.h)
boost_test=("-lboost_unit_test_framework" boost/test/unit_test.hpp)

# What every build needs. With `tests`: Boost.Test too.
install_build_tools()
{
    local wanted=() boost="" libraries=false
    has_compiler || wanted+=(g++)
    has_cmake || wanted+=(cmake ninja-build)
    [[ -e /etc/ssl/certs/ca-certificates.crt || ! -e /etc/debian_version ]] || wanted+=(ca-certificates)
    if ! has_libraries "${json_and_url[@]}" || { [[ ${1:-} == tests ]] && ! has_libraries "${boost_test[@]}"; }; then libraries=true; fi
    if ((${#wanted[@]} == 0)) && ! $libraries; then return; fi
    refresh_package_lists "${wanted[@]}"
    if $libraries; then
        if command -v apt-get >/dev/null; then
            boost=$(boost_in_archive) || die "This system's package sources hold no Boost 1.81 or newer." \
                "Install one (https://www.boost.org) and say where it is: BOOST_ROOT=/folder/with/include/and/lib $0"
        fi
        wanted+=("libboost${boost}-dev" "libboost-json${boost}-dev" "libboost-url${boost}-dev" libssl-dev)
        if [[ ${1:-} == tests ]]; then wanted+=("libboost-test${boost}-dev"); fi
    fi
    need_packages "building" "${wanted[@]}"
}

# clang, meson and the rest of test/run --all.
install_all_tools()
{
    local wanted=() version
    clang=""
    for version in 19 20 21 22 18 17 16; do
        if command -v "clang++-$version" >/dev/null; then clang=clang++-$version; break; fi
    done
    if [[ -z $clang ]] && command -v apt-get >/dev/null; then
        refresh_package_lists clang
        for version in 19 18 17 16; do
            if apt-cache show "clang-$version" >/dev/null 2>&1; then wanted+=("clang-$version" "libclang-rt-$version-dev"); clang=clang++-$version; break; fi
        done
    fi
    if command -v "$clang" >/dev/null && ! printf 'int main() {}\n' | "$clang" -fsanitize=address,undefined -x c++ - -o /dev/null 2>/dev/null; then
        wanted+=("libclang-rt-${clang##*-}-dev")
    fi
    [[ -n $clang ]] || die "No clang 16 or newer, and none in the package sources."
    command -v meson >/dev/null || wanted+=(meson)
    command -v pkg-config >/dev/null || wanted+=(pkg-config)
    if ((${#wanted[@]})); then need_packages "test/run --all" "${wanted[@]}"; fi
}

# For test/benchmark/run.
install_benchmark_tools()
{
    local wanted=()
    command -v valgrind >/dev/null || wanted+=(valgrind)
    printf '#include <benchmark/benchmark.h>\n' | g++ -E -x c++ - >/dev/null 2>&1 || wanted+=(libbenchmark-dev)
    if ((${#wanted[@]})); then refresh_package_lists "${wanted[@]}"; need_packages "the benchmark" "${wanted[@]}"; fi
}

# Node.js for the servers that are not ours. Debian 12 has version 18; 20 and newer will do, the registry has it as a package.
install_node()
{
    export PATH=$build/node/node_modules/node/bin:$PATH
    if node_is_new && command -v npm >/dev/null; then return; fi
    local wanted=()
    command -v npm >/dev/null || wanted+=(nodejs npm)
    if ((${#wanted[@]})); then need_packages "the identity provider that the tests run against" "${wanted[@]}"; fi
    node_is_new && return
    heading "Installing Node.js 22 into build/node"
    mkdir -p "$build/node"
    (cd "$build/node" && npm install --no-save --no-audit --no-fund --loglevel=error node@22) >"$build/logs/node.log" 2>&1 </dev/null
    # The shell remembers where the old one is.
    hash -r
    node_is_new && return
    tail -n 20 "$build/logs/node.log" >&2
    die "Installing Node.js failed; the log is in $build/logs/node.log"
}
node_is_new() { command -v node >/dev/null && node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null; }

processors() { nproc 2>/dev/null || getconf _NPROCESSORS_ONLN; }

# How many sources of united tests to compile at once: each may need 3 GB.
compilers()
{
    local memory
    memory=$(awk '/^MemAvailable:/ { print int($2 / 3000000) }' /proc/meminfo 2>/dev/null)
    printf '%s\n' "$(processors)" "${memory:-1000}" | awk 'NR == 1 || $1 < least { least = $1 } END { print least < 1 ? 1 : least }'
}

if [[ -n ${BOOST_ROOT:-} ]]; then export CMAKE_PREFIX_PATH=$BOOST_ROOT${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}; fi
