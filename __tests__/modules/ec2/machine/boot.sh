#!/bin/bash
# A stand-in for a fresh instance: this host in namespaces of its own, with a throwaway layer over the folders that user
# data writes to. Reads commands from standard input, one a line, and answers each with its output and "<end> CODE".
# Needs: LAYERS (an empty folder), STUBS (a folder of commands that come first in PATH), CONSOLE (a file).
set -euo pipefail

mount -t tmpfs layers "$LAYERS"
for folder in /etc /opt /usr/bin /var/log; do
  mkdir -p "$LAYERS$folder/upper" "$LAYERS$folder/work"
  mount -t overlay over -o "lowerdir=$folder,upperdir=$LAYERS$folder/upper,workdir=$LAYERS$folder/work" "$folder"
done
mkdir "$LAYERS/run"
mount --bind "$CONSOLE" /dev/console

export PATH="$STUBS:$PATH" RUN="$LAYERS/run"
touch "$RUN/calls"
while read -r line; do
  code=0
  bash -c "$line" 2>&1 </dev/null || code=$?
  printf '\n<end> %s\n' "$code"
done
