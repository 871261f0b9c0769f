#!/usr/bin/env bash
# Builds everything and runs every test. Ends with one line: N passed, N failed, N skipped.
#   ./test.sh            all test projects
#   ./test.sh Interop    only the projects whose name contains "Interop"
set -uo pipefail
CDPATH='' cd -- "$(dirname -- "$0")" || exit 1
. .ci/need-sdk.sh

need_sdk test.sh "$PWD"
if [ ! -e /dev/fuse ]; then
  echo "note: /dev/fuse is missing, so the mounted tests are skipped. As root: modprobe fuse"
elif [ ! -r /dev/fuse ] || [ ! -w /dev/fuse ]; then
  echo "note: /dev/fuse is closed to this user, so the mounted tests are skipped. As root: chmod 666 /dev/fuse"
fi
command -v fusermount3 >/dev/null || echo "note: fusermount3 is missing, so nobody but root can mount. As root: apt-get install -y fuse3"
command -v gcc >/dev/null || echo "note: gcc is missing, so the comparison with the system's headers is skipped. As root: apt-get install -y gcc libc6-dev"

dotnet build VfsBlock.sln --nologo -v quiet || { echo "test.sh: the build failed" >&2; exit 1; }

passed=0 failed=0 skipped=0 broken=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for project in tests/*.Tests/*"${1:-}"*.csproj; do
  echo "== $(basename "$project" .csproj)"
  dotnet test "$project" --no-build --nologo --logger 'console;verbosity=minimal' 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  # "Passed!  - Failed:     0, Passed:    12, Skipped:     0, Total:    12, Duration: ..."
  counts=$(sed -nE 's/.*Failed: +([0-9]+), Passed: +([0-9]+), Skipped: +([0-9]+), Total.*/\1 \2 \3/p' "$log" | tail -n 1)
  read -r f p s <<<"${counts:-0 0 0}"
  failed=$((failed + f)) passed=$((passed + p)) skipped=$((skipped + s))
  if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
    echo "test.sh: $project ended with exit code $status before it could say how many tests failed" >&2
    broken=1 failed=$((failed + 1))
  fi
done
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] || broken=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$broken"
