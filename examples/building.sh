#!/bin/sh
# Do-not-disturb for a building: one phone, then a tenth, then all; stops if more than 5 % of a wave failed.
# Run it again with the same arguments after a power cut, or if phones were off: no phone is pressed twice.
# A journal is of one such night: with that of an earlier one, nothing is pressed, and its results are shown.
# usage: building.sh <target> on|off <journal>
set -u

usage='usage: building.sh <target> on|off <journal>'
target=${1:?$usage}
state=${2:?$usage}
journal=${3:?$usage}
set -- "$state" --to "$target" --yes --serial 1,10%,100% --max-fail 5%

# The first run starts the journal, also if a power cut left only a part of its first lines; later runs continue with
# what was not sent.
if ! grep -qs '^{"run":' "$journal"; then
  atcom dnd "$@" --journal "$journal" --report "junit:$journal.xml"
  exit
fi
atcom dnd "$@" --resume "$journal" --report "junit:$journal.xml" && exit
# Not with this journal: running it again would not help.
[ $? -ne 2 ] || exit 2

# Nothing was done on phones that were off or asked for approval. Try those once more, and no others.
atcom dnd "$@" --retry-failed "$journal"
echo "run it again to see what is left"
exit 1
