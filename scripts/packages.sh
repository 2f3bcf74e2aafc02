# SPDX-FileCopyrightText: 2026 The Evalwright authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by ./start and ./run-tests: what has to be installed, and installing it. Sourced, not run.
# shellcheck shell=bash

# What building and running needs; the names are those of Debian 12.
packages=(
  build-essential cmake ninja-build ccache mold pkg-config
  qt6-base-dev libqt6sql6-sqlite qt6-svg-dev qt6-tools-dev qt6-l10n-tools
  libqcustomplot-dev libqscintilla2-qt6-dev
  libboost-dev libeigen3-dev libexpected-dev libcli11-dev libkainjow-mustache-dev nlohmann-json3-dev
  libcurl4-openssl-dev libssl-dev libsqlite3-dev libzip-dev libzstd-dev libstemmer-dev
  python3 python3-pip   # run the engine for local models, and download it
  nghttp2-proxy         # https and HTTP/2 in the tests
  ca-certificates fonts-dejavu-core
  fonts-lohit-deva fonts-wqy-microhei   # Hindi and Chinese in the window of raters
)

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

# The packages of the list that are not installed, one a line.
missing_packages() {
  # dpkg-query complains about each name that it never heard of; that is just another way to be missing.
  local installed
  installed=$(dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null |
    sed -n 's/ installed$//p' || true)
  printf '%s\n' "${packages[@]}" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "this needs root, and there is no sudo; run as root: $*"
  fi
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"
}

# Says what is missing and how big it is, asks unless told not to ($1 = yes) or root, and installs it.
install_packages() {
  local yes=$1 missing=() uris bytes disk answer
  if [ "${EVALWRIGHT_SKIP_PACKAGES:-}" = 1 ]; then
    return 0
  fi
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    say "This system has no apt. Evalwright needs these packages, here under their Debian 12 names:"
    printf '  %s\n' "${packages[@]}" >&2
    say "Install what they hold, then run this again with EVALWRIGHT_SKIP_PACKAGES=1."
    exit 1
  fi
  mapfile -t missing < <(missing_packages)
  if [ "${#missing[@]}" = 0 ]; then
    return 0
  fi
  say "Missing packages: ${missing[*]}"

  # The lists of a fresh system are empty, and asking for sizes needs them.
  if ! apt-get install --print-uris --yes --no-install-recommends -qq "${missing[@]}" >/dev/null 2>&1; then
    if [ "$yes" != yes ] && [ "$(id -u)" != 0 ]; then
      say "The package lists have to be fetched first (sudo apt-get update)."
      confirm "Fetch them?"
    fi
    as_root apt-get update -qq || fail "the package lists cannot be fetched; check the network and run this again."
  fi
  uris=$(apt-get install --print-uris --yes --no-install-recommends -qq "${missing[@]}") ||
    fail "apt cannot install these packages together; see its message above."
  bytes=$(printf '%s\n' "$uris" | awk "/^'/ { sum += \$3 } END { printf \"%d\", sum / 1e6 + 0.5 }")
  # Names from the file names, e.g. cmake_3.25.1-1_amd64.deb; Installed-Size is in KiB.
  disk=$(printf '%s\n' "$uris" | awk "/^'/ { sub(/_.*/, \"\", \$2); print \$2 }" |
    xargs -r apt-cache show --no-all-versions 2>/dev/null | awk '/^Installed-Size:/ { sum += $2 } END { printf "%d", sum * 1.024e-3 + 0.5 }')
  say "With what they depend on: $(printf '%s\n' "$uris" | grep -c "^'") packages, $bytes MB to download, $disk MB on disk."
  if [ "$yes" != yes ] && [ "$(id -u)" != 0 ]; then
    confirm "Install them with sudo?"
  fi
  if ! apt_install "${missing[@]}"; then
    # Old lists name files that the server no longer has.
    say "Trying once more with fresh package lists."
    if ! { as_root apt-get update -qq && apt_install "${missing[@]}"; }; then
      fail "the packages could not be installed; see apt's message above. Run this again to go on."
    fi
  fi
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" = 0 ] || fail "still missing after the installation: ${missing[*]}"
}

# Goes on only when a person at the terminal agrees.
confirm() {
  local answer
  [ -t 0 ] || fail "nobody is here to be asked; run it with --yes to agree in advance."
  read -r -p "$1 [y/N] " answer
  case $answer in
    [yY]*) ;;
    *) fail "stopped; nothing was changed." ;;
  esac
}

# The command line program of a build folder.
cli_of() {
  local candidate
  for candidate in "$1/app/cli/evalwright-cli" "$1/app/evalwright-cli"; do
    if [ -x "$candidate" ]; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}
