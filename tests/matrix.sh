#!/bin/sh
# The machines and habits that are not ours: `make test LONG=1`'s tests under each setting of the table.
# sh tests/matrix.sh [NAME…]   all settings, or those named        --list   their names
#                              --turn   the one whose turn it is: another with each commit, of those this processor can
# Tests that make up their examples look for other ones each time; with --turn they take the same as `make test`.
# PYTEST_ARGS is handed to pytest, as "tests/core -q".
set -eu
cd "$(dirname "$0")/.."
table="
sse41     ATEN_CPU_CAPABILITY=default ONEDNN_MAX_CPU_ISA=SSE41
avx2      ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2
avx512    ATEN_CPU_CAPABILITY=avx512 ONEDNN_MAX_CPU_ISA=AVX512_CORE
thread    OMP_NUM_THREADS=1
threads   OMP_NUM_THREADS=2
float32   LATENTSCAPE_TEST_PRECISION=float32
bf16      LATENTSCAPE_TEST_PRECISION=bf16
german    LC_ALL=de_DE.UTF-8 TZ=Asia/Kolkata
home      TZ=America/St_Johns
stranger  OMP_NUM_THREADS=1
"
names=$(printf '%s\n' "$table" | awk 'NF {print $1}')

# Whether this processor lacks the instructions that a setting asks for: it would end every process at the first of them.
lacks() {
  case $1 in avx2 | avx512) ;; *) return 1 ;; esac
  has=${has:-$(env -u ATEN_CPU_CAPABILITY .venv/bin/python -c 'import torch; print(torch.backends.cpu.get_cpu_capability())')}
  case $1-$has in avx2-AVX2 | *-AVX512) return 1 ;; esac
}

export LATENTSCAPE_TEST_EXAMPLES=others
case ${1:-} in
  --list) printf '%s\n' "$names"; exit ;;
  --turn)
    unset LATENTSCAPE_TEST_EXAMPLES
    set --
    for name in $names; do lacks "$name" || set -- "$@" "$name"; done
    shift $(($(git rev-list --count HEAD) % $#))
    set -- "$1" ;;
  "") set -- $names ;;
esac

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cache=${XDG_CACHE_HOME:-$HOME/.cache}

# A locale with a decimal comma, made where it is not installed.
german() {
  locale -a 2>/dev/null | grep -qi '^de_DE\.utf' && return
  command -v localedef >/dev/null && localedef -i de_DE -f UTF-8 "$scratch/de_DE.UTF-8" >/dev/null 2>&1 &&
    export LOCPATH="$scratch" && return
  echo "No de_DE.UTF-8 can be made here: on Debian, apt install locales." >&2
  return 1
}

# A user who is not root, with a copy of the sources and a home of their own; only root can try it.
stranger() {
  [ "$(id -u)" = 0 ] || { echo "Not root: every other setting was tried as a user who is not." >&2; return 0; }
  git clone --quiet . "$scratch/sources"
  mkdir -p "$scratch/theirs/.cache"
  [ ! -d "$cache/latentscape-tests" ] || cp -r "$cache/latentscape-tests" "$scratch/theirs/.cache"
  chmod 755 "$scratch"
  chown -R nobody "$scratch/sources" "$scratch/theirs"
  python=$(readlink -f .venv/bin/python)
  if ! runuser -u nobody -- test -x "$python"; then # as one below root's own home: theirs is a copy
    prefix=$(dirname "$(dirname "$python")")
    cp -r "$prefix" "$scratch/python" && python=$scratch/python/bin/$(basename "$python")
  fi
  library=$(dirname "$(dirname "$python")")/lib
  # None of the packages that this Python may have beside ours.
  runuser -u nobody -- env LD_LIBRARY_PATH="$library" "$python" -m venv --without-pip "$scratch/theirs/python"
  packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  (cd "$scratch/sources" && runuser -u nobody -- env HOME="$scratch/theirs" TMPDIR="$scratch/theirs" \
    LD_LIBRARY_PATH="$library" PYTHONPATH="$scratch/sources:$packages" "$@" "$scratch/theirs/python/bin/python" -m pytest -p no:cacheprovider ${PYTEST_ARGS:-})
}

failed=
for name in "$@"; do
  row=$(printf '%s\n' "$table" | awk -v name="$name" '$1 == name')
  [ -n "$row" ] || { echo "There is no setting $name; there are:" $names >&2; exit 2; }
  lacks "$name" && echo "== $name: not tried, as this processor has no such instructions" && continue
  settings=${row#* }
  echo "== $name: $(echo $settings)"
  case $name in
    german) german && env $settings .venv/bin/pytest ${PYTEST_ARGS:-} ;;
    home)
      mkdir -p "$scratch/a hüme"
      env $settings HOME="$scratch/a hüme" XDG_CACHE_HOME="$cache" \
        .venv/bin/pytest --basetemp "$scratch/a hüme/tmp" ${PYTEST_ARGS:-} ;;
    stranger) stranger $settings ;;
    *) env $settings .venv/bin/pytest ${PYTEST_ARGS:-} ;;
  esac || failed="$failed $name"
done
[ -z "$failed" ] || { echo "Failed under:$failed" >&2; exit 1; }
