#!/usr/bin/env bash
# Tries example/run and test/run as a new user would: in a bare Debian 12, from a clone of what is committed. By hand and as root:
#     test/bare.sh [FOLDER]        some 4 GB under FOLDER (default: a new one under /tmp, removed at the end), a quarter of an hour
# The newcomer's test/run must take no more than 10 minutes on 2 processors, with all that it installs. A machine that has something else to do fails that check.
# Packages come from where this machine's own apt takes them; certificates that this machine trusts beyond the usual ones are trusted inside too.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
((EUID == 0)) || { echo "This needs root, for debootstrap and chroot."; exit 2; }
command -v debootstrap >/dev/null || { echo "This needs debootstrap: apt-get install debootstrap"; exit 2; }
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' | awk '$2 == "bookworm" && $3 == "main" { print $1; exit }')
[[ -n $mirror ]] || { echo "This machine's apt has no source for Debian 12 (bookworm)."; exit 2; }

folder=${1:-}
mounted=()
clean_up()
{
    local place
    for place in "${mounted[@]}"; do umount -l "$place"; done
    if [[ -n ${made:-} ]]; then rm -rf --one-file-system "$made"; fi
}
trap clean_up EXIT
if [[ -z $folder ]]; then made=$(mktemp -d /tmp/oauth-bare.XXXXXX); folder=$made; fi

fresh_root() # name: a bare root with a clone of the repository at /opt/oauth
{
    local place=$folder/$1
    rm -rf --one-file-system "$place"
    cp -a "$folder/base" "$place"
    mount -t proc proc "$place/proc"
    mount -t devpts devpts "$place/dev/pts" -o newinstance,ptmxmode=0666   # terminals, which some tests open
    mounted+=("$place/dev/pts" "$place/proc")
    ln -sf pts/ptmx "$place/dev/ptmx"
    git clone --quiet "$root" "$place/opt/oauth"
}

inside() # name, command...: an environment as after logging in
{
    chroot "$folder/$1" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM="${TERM:-dumb}" \
        ${certificates:+NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt} "${@:2}"
}

passed=0 failed=0
check() # what, status
{
    if (($2 == 0)); then echo "ok: $1"; ((++passed)); else echo "FAILED: $1"; ((++failed)); fi
}

if [[ ! -e $folder/base/etc/debian_version ]]; then
    echo "A bare Debian 12 ..."
    debootstrap --variant=minbase bookworm "$folder/base" "$mirror" >"$folder/debootstrap.log" || { tail "$folder/debootstrap.log"; exit 2; }
    rm -f "$folder/base/etc/apt/sources.list"
    # The sources of Debian itself only; somebody else's would make it less bare.
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do if [[ -e $file ]]; then cp "$file" "$folder/base$file"; fi; done
    cp /etc/apt/apt.conf.d/* "$folder/base/etc/apt/apt.conf.d/"
    cp /etc/resolv.conf /etc/hosts "$folder/base/etc/"
fi
certificates=""
for file in /usr/local/share/ca-certificates/*.crt; do
    [[ -e $file ]] || continue
    certificates=yes
    mkdir -p "$folder/base/usr/local/share/ca-certificates"
    cp "$file" "$folder/base/usr/local/share/ca-certificates/"
done

set +e
echo "example/run where Boost 1.74 is installed ..."
fresh_root old
inside old sh -c 'apt-get update -q && apt-get install -y -q --no-install-recommends libboost1.74-dev g++' >"$folder/old.log" 2>&1 || { tail "$folder/old.log"; exit 2; }
inside old /opt/oauth/example/run </dev/null >"$folder/old.stdout" 2>"$folder/old.stderr"
check "example/run refuses" $(($? != 2))
grep -q 'REMOVE.*libboost1.74-dev' "$folder/old.stderr"; check "it says what would be removed" $?
inside old dpkg -s libboost1.74-dev 2>/dev/null | grep -q '^Status: install ok installed'; check "Boost 1.74 is still there" $?
[[ ! -s $folder/old.stdout ]]; check "nothing on stdout" $?

fresh_root new
for time in first second; do
    echo "example/run, the $time time ..."
    before=$SECONDS
    inside new /opt/oauth/example/run </dev/null >"$folder/example.$time.json" 2>"$folder/example.$time.stderr"
    check "example/run ends with status 0, after $((SECONDS - before)) s" $?
    [[ $(head -c 1 "$folder/example.$time.json") == "{" && $(tail -n 1 "$folder/example.$time.json") == *"}" ]] && grep -q '"access_token"' "$folder/example.$time.json"
    check "a JSON object on stdout" $?
    sed 's/^/    | /' "$folder/example.$time.stderr"
done

# In a root of its own, so that it installs all that it needs by itself.
fresh_root tests
for time in first second; do
    echo "test/run, the $time time ..."
    before=$SECONDS
    inside tests /opt/oauth/test/run </dev/null
    status=$? took=$((SECONDS - before))
    check "test/run ends with status 0" $status
    check "within 10 minutes on $(nproc) processors: $took s" $((took > 600))
done
echo "$passed passed, $failed failed"
((failed == 0))
