#!/usr/bin/env bash
# Installs the vfsblock command for everybody, with what mount(8), /etc/fstab and systemd need to mount images by themselves.
#   sudo ./install.sh                 builds and installs under /usr/local, and the mount helper in /sbin
#   sudo ./install.sh --uninstall     takes all of it away again
#   ./install.sh --destdir DIR        installs into DIR instead of /, for packages and tests
#   ./install.sh --prefix DIR         somewhere else than /usr/local
#   ./install.sh --sbin DIR           somewhere else than /sbin, where mount(8) does not look
#   ./install.sh --program DIR        installs the program that was published into DIR, and builds nothing
#   ./install.sh --help               prints this
# Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something is missing.
set -euo pipefail
root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
. "$root/.ci/need-sdk.sh"
destdir='' prefix=/usr/local sbin=/sbin program='' action=install

complain() {
  echo "install.sh: $2" >&2
  exit "$1"
}

while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    --uninstall) action=uninstall ;;
    --destdir | --prefix | --sbin | --program)
      [ $# -ge 2 ] || complain 2 "$1 needs a directory"
      printf -v "${1#--}" '%s' "${2%/}"
      shift
      ;;
    *) complain 2 "unknown option '$1'; ./install.sh --help lists them" ;;
  esac
  shift
done

library=$prefix/lib/vfsblock
files=(
  "$prefix/bin/vfsblock"
  "$prefix/share/man/man1/vfsblock.1"
  "$prefix/share/bash-completion/completions/vfsblock"
  "$sbin/mount.vfsblock"
  "$sbin/umount.fuse.vfsblock"
)

if [ "$action" = uninstall ]; then
  for file in "${files[@]}"; do
    rm -f -- "$destdir$file"
  done
  rm -rf -- "$destdir$library"
  exit 0
fi

mkdir -p -- "$destdir$prefix/bin" "$destdir$sbin" 2>/dev/null && [ -w "$destdir$prefix/bin" ] && [ -w "$destdir$sbin" ] ||
  complain 1 "cannot write to $destdir$prefix and $destdir$sbin: sudo ./install.sh, or name other directories"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ -z "$program" ]; then
  need_sdk install.sh "$root"
  program=$scratch/program
  echo "building vfsblock ..." >&2
  dotnet publish "$root/fs/VfsBlock.Tool" -c Release -o "$program" --nologo -v quiet >"$scratch/log" 2>&1 || {
    cat "$scratch/log" >&2
    complain 1 "the build failed"
  }
fi
[ -x "$program/vfsblock" ] || complain 1 "there is no program in $program"

# The helpers are told where the program is; everything else finds it on PATH.
helper() {
  sed "s|@PROGRAM@|$prefix/bin/vfsblock|" "$root/fs/VfsBlock.Tool/mount/$1" >"$scratch/$1"
  install -D -m 755 "$scratch/$1" "$destdir$sbin/$1"
}

rm -rf -- "$destdir$library"
mkdir -p -- "$destdir$library" "$destdir$prefix/bin"
cp -R -- "$program/." "$destdir$library/"
chmod -R a+rX -- "$destdir$library"
chmod 755 "$destdir$library/vfsblock"
ln -sfn -- "$library/vfsblock" "$destdir$prefix/bin/vfsblock"
install -D -m 644 "$root/docs/man/vfsblock.1" "$destdir$prefix/share/man/man1/vfsblock.1"
install -D -m 644 "$root/fs/VfsBlock.Tool/vfsblock.bash" "$destdir$prefix/share/bash-completion/completions/vfsblock"
helper mount.vfsblock
helper umount.fuse.vfsblock
echo "installed: $destdir$prefix/bin/vfsblock; vfsblock --help and man vfsblock tell more"
