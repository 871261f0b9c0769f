#!/usr/bin/env bash
# For the scripts to source: need_sdk NAME ROOT ends script NAME with 3, and says what to run, unless there is an SDK that
# ROOT/global.json accepts.
need_sdk() {
  local lack
  if ! command -v dotnet >/dev/null; then
    lack="the .NET 10 SDK is missing (no 'dotnet' on PATH)"
  elif ! (cd "$2" && dotnet --version) >/dev/null 2>&1; then
    lack="the .NET SDK here is too old: $2/global.json asks for .NET 10"
  else
    return
  fi
  cat >&2 <<TEXT
$1: $lack.
  On Debian 12, as root:
    wget https://packages.microsoft.com/config/debian/12/packages-microsoft-prod.deb -O /tmp/microsoft.deb
    dpkg -i /tmp/microsoft.deb && apt-get update && apt-get install -y dotnet-sdk-10.0
  Elsewhere: https://learn.microsoft.com/dotnet/core/install/linux
TEXT
  exit 3
}
