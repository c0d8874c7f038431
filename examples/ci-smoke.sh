#!/bin/sh
# CI smoke test: a lab phone accepts keys, calls a number, and ends the call.
# usage: ATCOM_TO=<phone> ci-smoke.sh <number>
# The phone's allow list must contain the address of the CI machine, approved once on the phone.
set -eu

number=${1:?usage: ATCOM_TO=<phone> ci-smoke.sh <number>}
: "${ATCOM_TO:?set it to the lab phone}"

# One JSON document per step, for the log; the first step that fails ends the job with its exit code.
atcom key RELEASE --retry 3 --json
atcom dial "$number" --json
atcom hangup --json
