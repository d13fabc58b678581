#!/usr/bin/env bash
# The package as its users take it, each way a tiny program that is built and run: run.sh BUILD_FOLDER [WAY...]
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
    DESTDIR=$build/meson_installed meson install -C "$build/meson" >>"$build/meson.log"
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
    local arguments; read -r -a arguments < <(PKG_CONFIG_PATH=$build/installed/share/pkgconfig pkg-config --cflags --libs oauth)
    g++ "${flags[@]}" "$here/consumer.cpp" "${arguments[@]}" -o "$build/pkg_config"
    "$build/pkg_config"
}

# Both build systems install the same headers, and pkg-config reads the same from either.
same_either_way()
{
    diff -r "$build/installed/include" "$build/meson_installed/usr/include"
    local variable; for variable in --modversion --print-requires; do
        [[ $(PKG_CONFIG_PATH=$build/installed/share/pkgconfig pkg-config $variable oauth) == $(PKG_CONFIG_PATH=$build/meson_installed/usr/share/pkgconfig pkg-config $variable oauth) ]]
    done
    PKG_CONFIG_SYSROOT_DIR=$build/meson_installed PKG_CONFIG_PATH=$build/meson_installed/usr/share/pkgconfig pkg-config --libs oauth | grep -q -- '-lboost_json -lboost_url'
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
failed=0
for way in find_package add_subdirectory pkg_config same_either_way meson_subproject; do
    if (set -e; $way); then echo "ok: $way"; else echo "FAILED: $way"; failed=1; fi
done
exit $failed
