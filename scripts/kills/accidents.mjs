// How runs come to a bad end. Each returns how many runs did.
import { existsSync, linkSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const SIGNALS = ['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGABRT'];
const PRESSES = 200;
const LONGEST = 600;

/** A run with a small tmpfs, or little left to write, on which the journal stands; what is there is copied back. */
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
  /** Two or three runs of one journal at once, by other names of it; one may be killed. */
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

/** A symbolic and a hard link to the journal, once there is one; a link to nothing is made into one. */
function otherNames(night) {
  const symbolic = join(night.folder, 'left', 'symbolic');
  const hard = join(night.folder, 'left', 'hard');
  symlinkSync('q', symbolic);
  if (!existsSync(night.journal)) return [symbolic];
  linkSync(night.journal, hard);
  return [symbolic, hard];
}

/** Starts a run that gets a signal at some press, or after some milliseconds. */
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

/** What the journal has, and some more: bytes. */
function room(night, random) {
  const size = existsSync(night.journal) ? statSync(night.journal).size : 0;
  return 4096 * (Math.ceil(size / 4096) + random.below(6));
}

/** Whether a run did not come to its own end: 1 or 0. */
function bad({ code, signal, out }) {
  if (signal !== null || code === null) return 1;
  return code > 128 || /"code": ?"(journal|journal-locked|cancelled|interrupted)"/.test(out) ? 1 : 0;
}
