#!/usr/bin/env bash
# Everything that needs a GPU, in one command; what it finds is kept in a folder of logs.
#
#     Tests/GPU/run_all.sh                         with .build/release/anneal, on the first GPU
#     Tests/GPU/run_all.sh --seeds 50 --logs h100 --peer 'python3 airbench94_compiled.py'
#
# The script, the program and `data` can be carried to a machine without Swift, in one folder; see the
# documentation of CUDABackend, "Libraries at run time". Exits with 69 where the GPU or a library of its
# own is missing, with 66 where CIFAR-10 is, and with 1 where a step failed: the others are made first.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# In the package, or carried with the program and its data beside it.
if [ -x "$here/anneal" ]; then
  anneal=$here/anneal
  recipes=$here/data/recipes
else
  package=$(cd "$here/../.." && pwd)
  anneal=$package/.build/release/anneal
  recipes=$package/data/recipes
fi
device=cuda
data=cifar10
seeds=10
logs=runs/gpu
peer=
long=yes

usage() {
  cat <<'END'
usage: run_all.sh [--anneal PROGRAM] [--recipes FOLDER] [--device cuda[:N]] [--data CIFAR10]
                  [--seeds N] [--logs FOLDER] [--peer COMMAND] [--skip-resnet56]

  --anneal PROGRAM   the program (default: anneal beside the script, else the package's)
  --recipes FOLDER   where airbench94.json is (default: data/recipes beside it, else the package's)
  --device DEVICE    the GPU (default: cuda)
  --data CIFAR10     a folder or archive of CIFAR-10 (default: cifar10, where anneal data fetch puts it)
  --seeds N          trainings of airbench94 (default: 10)
  --logs FOLDER      where logs and runs go; not there yet, or empty (default: runs/gpu)
  --peer COMMAND     another program's training of airbench94, run once after each of ours
  --skip-resnet56    leave the 200 epochs of ResNet-56 out
END
}

stop() {
  printf 'run_all.sh: %s\n' "$2" >&2
  exit "$1"
}

while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --skip-resnet56) long=no && shift && continue ;;
    --anneal | --recipes | --device | --data | --seeds | --logs | --peer) ;;
    *) usage >&2 && stop 64 "unknown option '$1'" ;;
  esac
  [ $# -ge 2 ] || stop 64 "$1 needs a value"
  case $1 in
    --anneal) anneal=$2 ;;
    --recipes) recipes=$2 ;;
    --device) device=$2 ;;
    --data) data=$2 ;;
    --seeds) seeds=$2 ;;
    --logs) logs=$2 ;;
    --peer) peer=$2 ;;
  esac
  shift 2
done
[[ $seeds =~ ^[1-9][0-9]{0,3}$ ]] || stop 64 "expected a number of seeds from 1 to 9999, found '$seeds'"
[[ $device =~ ^cuda(:[0-9]+)?$ ]] || stop 64 "expected cuda or cuda:N, found '$device'"

# What is missing is said before anything is run.
[ -x "$anneal" ] || stop 66 "no program at $anneal: swift build -c release --product anneal"
for recipe in airbench94 resnet56-super-convergence; do
  [ -r "$recipes/$recipe.json" ] || stop 66 "no recipe at $recipes/$recipe.json"
done
[ -z "$(ls -A "$logs" 2>/dev/null)" ] || stop 64 "$logs is not empty: name another folder with --logs"
scratch=$(mktemp -d) && trap 'rm -rf "$scratch"' EXIT
# The first use of the GPU, which has the driver's and cuDNN's own words for what is missing.
"$anneal" devices --describe-gpu "$device" >"$scratch/gpu.json" || stop $? "$device cannot be used"
"$anneal" bench loader --data "$data" --batch 1000 --steps 5 >"$scratch/data.log" \
  || stop $? "CIFAR-10 cannot be read: $anneal data fetch cifar10, or --data FOLDER"
mkdir -p "$logs" || stop 74 "$logs cannot be made"
mv "$scratch/gpu.json" "$scratch/data.log" "$logs" || stop 74 "$logs cannot be written to"

failed=()
# step NAME COMMAND…: runs a command, shows what it prints and keeps it in NAME.log.
step() {
  local name=$1
  shift
  printf '\n== %s: %s\n' "$name" "$*"
  "$@" 2>"$logs/$name.err" | tee "$logs/$name.log"
  local status=${PIPESTATUS[0]}
  [ "$status" -eq 0 ] && return 0
  cat "$logs/$name.err" >&2
  printf '%s failed with exit code %s\n' "$name" "$status" >&2
  failed+=("$name")
  return 1
}

# number FILE KEY: the number that a key of a JSON object on one line has; its last one.
number() {
  grep -o "\"$2\":[-+0-9.eE]*" "$1" 2>/dev/null | tail -n 1 | cut -d: -f2
}

step devices "$anneal" devices
# Every operation, and the losses of 50 steps with a schedule, beside a plain reference.
step self-test "$anneal" devices --self-test
for precision in float32 bfloat16 float16; do
  # Once with a wait in every step, once with the host running ahead of the GPU.
  for interval in 1 10; do
    step "bench-resnet56-$precision-$interval" "$anneal" bench train --device "$device" \
      --data "$data" --network resnet56 --batch 1000 --steps 100 --precision "$precision" \
      --loss-every "$interval"
    step "bench-airbench94-$precision-$interval" "$anneal" bench train --device "$device" \
      --data "$data" --network airbench94 --batch 1024 --steps 100 \
      --augment translate,altflip --precision "$precision" --loss-every "$interval"
  done
done

# train NAME RECIPE SEED: a run with its epochs in NAME.log and its time to an accuracy in NAME.time.
train() {
  step "$1" "$anneal" train "$recipes/$2.json" --data "$data" --device "$device" --seed "$3" \
    --loss-every 24 --run "$logs/$1" --json && "$anneal" dawnbench "$logs/$1" --json --target "$4" >"$logs/$1.time"
}

# The same global batch on one GPU and on two, gradients by NCCL: the losses of the epochs agree.
gpus=$(grep -o '"computeCapability"' <("$anneal" devices --json 2>/dev/null) | wc -l)
if [ "$gpus" -ge 2 ]; then
  for processes in 1 2; do
    step "processes-$processes" "$anneal" train --network resnet56 --data "$data" --epochs 2 \
      --batch 1000 --accumulate 2 --processes "$processes" --device cuda --json lr=0.1 momentum=0.9
  done
else
  printf '\n== processes: %s GPU here, two are needed\n' "$gpus"
fi

table=$logs/airbench94.tsv
printf 'seed\taccuracy\ttotal seconds\tseconds to 94 %%\tpeer seconds\n' >"$table"
for ((seed = 0; seed < seeds; seed++)); do
  name=airbench94-$seed
  train "$name" airbench94 "$seed" 0.94
  hours=$(number "$logs/$name.time" hours)
  seconds=$(awk -v hours="$hours" 'BEGIN { if (hours != "") printf "%.3f", 3600 * hours }')
  peer_seconds=
  if [ -n "$peer" ]; then
    begin=$(date +%s.%N)
    # Its own words about accuracy and time are in its log; the clock here counts its start too.
    if step "peer-$seed" bash -c "$peer"; then
      peer_seconds=$(awk -v a="$begin" -v b="$(date +%s.%N)" 'BEGIN { printf "%.3f", b - a }')
    fi
  fi
  printf '%s\t%s\t%s\t%s\t%s\n' "$seed" "$(number "$logs/$name.log" testAccuracy)" \
    "$(number "$logs/$name.log" wallSeconds)" "$seconds" "$peer_seconds" >>"$table"
done
if [ "$long" = yes ]; then train resnet56 resnet56-super-convergence 0 0.924; fi

printf '\n== airbench94\n'
cat "$table"
awk -F '\t' '
  function summary(name, unit, digits, count, sum, squares,    mean, deviation) {
    if (count == 0) { printf "%s: none\n", name; return }
    mean = sum / count
    deviation = count > 1 ? sqrt((squares - count * mean * mean) / (count - 1) + 1e-30) : 0
    printf "%s: mean %.*f%s, standard deviation %.*f, of %d\n", name, digits, mean, unit, digits,
      deviation, count
  }
  NR > 1 && $2 != "" { n++; a += 100 * $2; aa += 1e4 * $2 * $2 }
  NR > 1 && $3 != "" { m++; t += $3; tt += $3 * $3 }
  NR > 1 && $4 != "" { k++; s += $4; ss += $4 * $4 }
  NR > 1 && $5 != "" { p++; q += $5; qq += $5 * $5 }
  END {
    summary("test accuracy", " %", 3, n, a, aa)
    summary("seconds of a training, evaluations included", "", 3, m, t, tt)
    summary("seconds of training to 94 %", "", 3, k, s, ss)
    if (p > 0) summary("seconds of the peer process", "", 3, p, q, qq)
  }' "$table" | tee "$logs/summary.txt"
if [ -s "$logs/resnet56.time" ]; then
  printf 'ResNet-56: ' && cat "$logs/resnet56.time"
fi

if [ ${#failed[@]} -gt 0 ]; then
  stop 1 "failed: ${failed[*]}; all logs are in $logs"
fi
printf '\nall logs are in %s\n' "$logs"
