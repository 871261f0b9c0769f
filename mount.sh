#!/usr/bin/env bash
# Mounts a VfsBlock image: a whole file system in one file. Builds the program first if that is needed, and makes the
# image if it is not there (it starts small and grows).
#   ./mount.sh [IMAGE] [DIR]   mounts IMAGE, by default ./vfsblock.img, on DIR, by default ./mnt; makes DIR if there is none
#   ./mount.sh -u [DIR]        unmounts DIR; returns when everything is durable
#   ./mount.sh --help          prints this
# Exit codes are those of artifacts/vfsblock/vfsblock (see its --help): 2 wrong usage, 3 something is missing, 4 DIR
# cannot be mounted on, 5 DIR is in use, 6 nothing is mounted on DIR, 7 the image cannot be used, 1 anything else.
set -uo pipefail
root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd) || exit 1
program=$root/artifacts/vfsblock/vfsblock
. "$root/.ci/need-sdk.sh"

complain() {
  echo "mount.sh: $2" >&2
  exit "$1"
}

# Sources newer than the program, or no program at all.
is_stale() {
  [ ! -x "$program" ] || [ -n "$(find "$root"/{interop,storage,fs,Directory.Build.props,Directory.Packages.props,global.json} \
    \( -name bin -o -name obj \) -prune -o \
    \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name global.json \) -newer "$program.dll" -print -quit)" ]
}

build() {
  need_sdk mount.sh "$root"
  # Built aside and moved into place: a server that runs keeps the files it has open.
  local fresh=$root/artifacts/vfsblock.$$
  echo "building vfsblock ..." >&2
  dotnet publish "$root/fs/VfsBlock.Tool" -c Release -o "$fresh" --nologo -v quiet >"$fresh.log" 2>&1 || {
    cat "$fresh.log" >&2
    rm -rf "$fresh" "$fresh.log"
    complain 1 "the build failed"
  }
  rm -rf "$root/artifacts/vfsblock" "$fresh.log"
  mv "$fresh" "$root/artifacts/vfsblock"
  touch "$program.dll"
}

action=mount
case ${1:-} in
  -h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
    exit 0
    ;;
  -u | --unmount)
    action=unmount
    shift
    ;;
  -*) complain 2 "unknown option '$1'; ./mount.sh --help lists them" ;;
esac
if [ "$action" = unmount ]; then
  [ $# -le 1 ] || complain 2 "-u takes one directory"
  directory=${1:-$root/mnt}
else
  [ $# -le 2 ] || complain 2 "one image and one directory; ./mount.sh --help says more"
  image=${1:-$root/vfsblock.img}
  directory=${2:-$root/mnt}
fi

# Unmounting is done by whatever program there is: it may be the one that mounted.
if [ "$action" = mount ] && is_stale || [ ! -x "$program" ]; then
  mkdir -p "$root/artifacts" || complain 1 "cannot write to $root: make a clone of your own"
  build
fi

if [ "$action" = unmount ]; then
  exec "$program" unmount "$directory"
fi

[ -e "$directory" ] || mkdir -p -- "$directory" 2>/dev/null
if [ ! -e "$image" ]; then
  "$program" format "$image" || exit
fi
"$program" mount "$image" "$directory" || exit
printf 'unmount: %q -u' "$root/mount.sh"
[ $# -lt 2 ] || printf ' %q' "$directory"
echo
