#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Evalwright authors
# SPDX-License-Identifier: GPL-3.0-or-later
# The main job in the terminal, from a behaviour to a figure, with the local models that are installed.
#
#   scripts/main-job.sh FOLDER EVALWRIGHT-CLI [WRITER]
#
# WRITER, a catalogue model, writes and checks the statements: smollm2-135m unless named. Makes
# FOLDER/agreeableness.evalwright and FOLDER/scaling.svg. What is in the project already is not asked again, so a
# second run only prints. Standard output is the results, standard error what is going on.
# resources/sample was made by it with WRITER qwen2.5-coder-1.5b and the catalogue's other Apache-licensed models.
set -euo pipefail

[ $# = 2 ] || [ $# = 3 ] || { echo "usage: $0 FOLDER EVALWRIGHT-CLI [WRITER]" >&2; exit 2; }
folder=$1 cli=$2
project=$folder/agreeableness.evalwright
figure=$folder/scaling.svg
dataset=agreeableness
writer=${3:-smollm2-135m}

say() { printf '%s\n' "$*" >&2; }
# Exit status 3 is "done in part": single requests failed, the rest is there and is shown.
run() {
  local status=0
  "$cli" -p "$project" "$@" || status=$?
  [ "$status" = 0 ] || [ "$status" = 3 ] || { say "error: 'evalwright-cli $1' ended with status $status."; exit "$status"; }
}
# names LIST CONDITION: the names in a list of a JSON answer, one a line.
names() {
  python3 -c '
import json, sys
for entry in json.load(sys.stdin)[sys.argv[1]]:
    if entry.get(sys.argv[2], True):
        print(entry["name"])' "$@"
}

mkdir -p "$folder"
if [ ! -e "$project" ]; then
  "$cli" project new "$project" --name "Agreeableness" >&2
fi

# Every catalogue model that is installed takes part; the default one always is.
mapfile -t installed < <("$cli" engine status --json | names models ok)
mapfile -t known < <("$cli" -p "$project" model list --json | names models "")
for name in "${installed[@]}"; do
  if ! printf '%s\n' "${known[@]}" | grep -qxF "$name"; then
    run model add "$name" --local "$name" >&2
  fi
done

say "Writing statements about an agreeable person, and checking them …"
# The published temperature of 1.4 is for models a thousand times larger; this one writes word salad at it. The data set
# remembers the change.
run generate "$dataset" --recipe persona-yes-no --writer "$writer" --checker "$writer" --samples 120 --keep 20 --seed 1 \
  --set stages.0.sampling.temperature=0.8
say "Asking ${#installed[@]} model(s): ${installed[*]} …"
run evaluate --dataset "$dataset" --model "${installed[@]}" --seed 1

printf '\nResults\n'
run results
printf '\nScaling\n'
run scaling --dataset "$dataset"
run figure scaling --dataset "$dataset" -o "$figure" --force >&2
run project check >&2

printf '\nProject: %s\nFigure:  %s\n' "$(readlink -f "$project")" "$(readlink -f "$figure")"
