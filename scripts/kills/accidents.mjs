// Ways to cut runs short. Each returns how many runs were.
import { existsSync, linkSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const SIGNALS = ['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGABRT'];
const PRESSES = 200;
const LONGEST = 600;

/** A run with its journal on a small tmpfs, or with a small file limit; the journal is copied back. */
const COPY_THERE = 'test ! -e left/q || cp -p left/q small/q || exit 90';
const COPY_BACK = 'code=$?; cp -p small/q left/q; exit $code';

export const Accident = {
  signal: async (night, random) => {
    const disturbed = disturb(night, random, {});
    return bad(await disturbed.ended);
  },
  'full disk': async (night, random) => {
    const before = [
      'unshare',
      '--mount',
      'sh',
      '-c',
      `mount -t tmpfs -o size=${room(night, random)} none small
      ${COPY_THERE}
      "$@"
      ${COPY_BACK}`,
      'sh',
    ];
    return bad(await night.start({ journal: 'small/q', before }).ended);
  },
  'size limit': async (night, random) => {
    const blocks = Math.ceil(room(night, random) / 1024);
    const before = [
      'bash',
      '-c',
      `${COPY_THERE}; (ulimit -f ${blocks}; "$@"); ${COPY_BACK}; rm small/q`,
      'bash',
    ];
    return bad(await night.start({ journal: 'small/q', before }).ended);
  },
  /** Two or three concurrent runs on one journal, under other names; one may be killed. */
  'at once': async (night, random) => {
    const names = [night.journal, join('left', '.', 'q'), ...otherNames(night)];
    const runs = [
      disturb(night, random, {}),
      ...Array.from({ length: 1 + random.below(2) }, () =>
        random.below(2) === 0
          ? disturb(night, random, { journal: random.of(names) })
          : night.start({ journal: random.of(names) }),
      ),
    ];
    const ends = await Promise.all(runs.map(({ ended }) => ended));
    for (const name of ['symbolic', 'hard']) rmSync(join(night.folder, 'left', name), { force: true });
    return ends.map(bad).reduce((sum, one) => sum + one, 0);
  },
};

/** A symbolic and a hard link to the journal, once it exists; a dangling link is replaced by one. */
function otherNames(night) {
  const symbolic = join(night.folder, 'left', 'symbolic');
  const hard = join(night.folder, 'left', 'hard');
  symlinkSync('q', symbolic);
  if (!existsSync(night.journal)) return [symbolic];
  linkSync(night.journal, hard);
  return [symbolic, hard];
}

/** Starts a run that gets a signal at a random key press, or after some milliseconds. */
function disturb(night, random, options) {
  const signal = random.of(SIGNALS);
  const at = random.below(2) === 0 ? 1 + random.below(PRESSES) : undefined;
  const after = random.below(LONGEST);
  let pressed = 0;
  const onPress = () => {
    pressed += 1;
    if (pressed === at) run.child.kill(signal);
  };
  const run = night.start({ ...options, onPress });
  if (at === undefined) {
    const timer = setTimeout(() => run.child.kill(signal), after);
    void run.ended.then(() => clearTimeout(timer));
  }
  return run;
}

/** The size of the journal and a little more, in bytes. */
function room(night, random) {
  const size = existsSync(night.journal) ? statSync(night.journal).size : 0;
  return 4096 * (Math.ceil(size / 4096) + random.below(6));
}

/** Whether a run was cut short: 1 or 0. */
function bad({ code, signal, out }) {
  if (signal !== null || code === null) return 1;
  return code > 128 || /"code": ?"(journal|journal-locked|cancelled|interrupted)"/.test(out) ? 1 : 0;
}
