#!/bin/sh
# Runs an example as its test: without arguments, nothing on stdin, in an empty home; it must end by itself with exit status 0.
set -eu
# meson names the program from where it builds.
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
home=$(mktemp -d "${TMPDIR:-/tmp}/oauth-example.XXXXXX")
trap 'rm -rf "$home"' EXIT
cd "$home"
env -u TENANT_ID -u CLIENT_ID -u CLIENT_SECRET -u REDIRECT_URI -u AUTHORITY -u ISSUER -u CLIENT_KEY -u CLIENT_CERTIFICATE -u BROWSER -u DISPLAY -u WAYLAND_DISPLAY -u XDG_CONFIG_HOME -u XDG_STATE_HOME -u XDG_DATA_HOME \
    -u XDG_CACHE_HOME -u XDG_RUNTIME_DIR HOME="$home" "$program" </dev/null
