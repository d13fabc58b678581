#!/usr/bin/env bash
# The package as its users take it, each way a tiny program that is built and run: run.sh BUILD_FOLDER
# shellcheck disable=SC2317
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$1
flags=(-std=c++20 -O0)
if [[ -n ${BOOST_ROOT:-} ]]; then
    export CMAKE_PREFIX_PATH=$BOOST_ROOT
    flags+=("-isystem$BOOST_ROOT/include" "-L$BOOST_ROOT/lib" "-Wl,-rpath,$BOOST_ROOT/lib")
fi
rm -rf "$build"
mkdir -p "$build"

install_by_cmake()
{
    cmake -S "$root" -B "$build/cmake" -G Ninja -DOAUTH_BUILD_TESTS=OFF -DOAUTH_BUILD_EXAMPLES=OFF >"$build/cmake.log"
    cmake --install "$build/cmake" --prefix "$build/moved" >>"$build/cmake.log"
    # What was installed must not know where it was installed.
    mv "$build/moved" "$build/installed"
}

install_by_meson()
{
    meson setup "$build/meson" "$root" --prefix /usr >"$build/meson.log"
    DESTDIR=$build/meson_installed meson install --no-rebuild -C "$build/meson" >>"$build/meson.log"
}

find_package()
{
    cmake -S "$here/find_package" -B "$build/find_package" -G Ninja -DCMAKE_PREFIX_PATH="$build/installed;${BOOST_ROOT:-}" >"$build/find_package.log"
    cmake --build "$build/find_package"
    "$build/find_package/consumer"
}

add_subdirectory()
{
    cmake -S "$here/add_subdirectory" -B "$build/add_subdirectory" -G Ninja >"$build/add_subdirectory.log"
    cmake --build "$build/add_subdirectory"
    "$build/add_subdirectory/consumer"
}

pkg_config()
{
    local arguments; arguments=$(PKG_CONFIG_PATH=$build/installed/share/pkgconfig pkg-config --cflags --libs oauth)
    # shellcheck disable=SC2086
    g++ "${flags[@]}" "$here/consumer.cpp" $arguments -o "$build/pkg_config"
    "$build/pkg_config"
}

# The larger functions once for the program, in a source of their own.
compiled_separately()
{
    local arguments; arguments=$(PKG_CONFIG_PATH=$build/installed/share/pkgconfig pkg-config --cflags --libs oauth)
    echo '#include <oauth/src.hpp>' >"$build/oauth_src.cpp"
    # shellcheck disable=SC2086
    g++ "${flags[@]}" -DOAUTH_SEPARATE_COMPILATION "$root/test/benchmark/core_only.cpp" "$build/oauth_src.cpp" $arguments -o "$build/compiled_separately"
    "$build/compiled_separately" "$root/test/benchmark/bodies/1526.json"
}

described() { local what; for what in --modversion --print-requires --libs-only-l --cflags-only-other; do PKG_CONFIG_PATH=$1/share/pkgconfig pkg-config "$what" oauth; done; }

# Both build systems install the same headers, and pkg-config reads the same from either.
same_either_way()
{
    diff -r "$build/installed/include" "$build/meson_installed/usr/include"
    diff <(described "$build/installed") <(described "$build/meson_installed/usr")
}

# Distributions name the folders absolutely, or call them otherwise.
other_folders()
{
    # CMake refuses to install headers absolutely into the tree they come from, where the build folder may be.
    outside=$(mktemp -d)   # not local: the trap is sprung after the function
    trap 'rm -rf "$outside"' EXIT
    install_to()
    {
        local where=$outside/$1; shift
        cmake -S "$root" -B "$where/build" -G Ninja -DOAUTH_BUILD_TESTS=OFF -DOAUTH_BUILD_EXAMPLES=OFF -DCMAKE_INSTALL_PREFIX="$where/root" "$@" >"$where.log"
        cmake --install "$where/build" >>"$where.log"
    }
    headers_of() { ls "$(PKG_CONFIG_PATH=$1/pkgconfig pkg-config --variable=includedir oauth)/oauth.hpp"; }
    install_to absolute -DCMAKE_INSTALL_INCLUDEDIR="$outside/absolute/headers" -DCMAKE_INSTALL_DATADIR="$outside/absolute/data"
    headers_of "$outside/absolute/data"
    install_to mixed -DCMAKE_INSTALL_DATADIR="$outside/mixed/data"
    headers_of "$outside/mixed/data"
    install_to nested -DCMAKE_INSTALL_INCLUDEDIR=a/headers -DCMAKE_INSTALL_DATADIR=a/b/data
    headers_of "$outside/nested/root/a/b/data"
}

meson_subproject()
{
    local project=$build/meson_project
    mkdir -p "$project/subprojects/oauth"
    cp "$here/meson_subproject/meson.build" "$here/consumer.cpp" "$project"
    cp -R "$root/meson.build" "$root/include" "$project/subprojects/oauth"
    meson setup "$build/meson_subproject" "$project" >"$build/meson_subproject.log"
    meson test -C "$build/meson_subproject"
}

install_by_cmake
install_by_meson
set +e
passed=0 failed=0 running=0
ways=(find_package add_subdirectory pkg_config compiled_separately same_either_way other_folders meson_subproject)
for way in "${ways[@]}"; do
    # Not as the condition of an `if`, where -e would not count.
    { (set -e; $way); echo $? >"$build/$way.status"; } >"$build/$way.said" 2>&1 &
    if ((++running % $(nproc 2>/dev/null || echo 1) == 0)); then wait; fi
done
wait
for way in "${ways[@]}"; do
    cat "$build/$way.said"
    if [[ $(cat "$build/$way.status") == 0 ]]; then echo "ok: $way"; ((++passed)); else echo "FAILED: $way"; ((++failed)); fi
done
echo "package: $passed passed, $failed failed"
((failed == 0))
