import type { Output } from './output.ts';

/** The progress of a long run. */
export interface Progress {
  /** Redraws after the text has changed. */
  update(): void;
  /** Writes something above the progress line. */
  above(write: () => void): void;
  stop(): void;
}

/** Runs shorter than this are not worth loading ora for, in milliseconds. */
const LONG = 500;

/** Shows a line on a terminal once a run turns out to be long; does nothing without a terminal. */
export function startProgress(output: Output, text: () => string): Progress {
  let spinner: { text: string; clear(): unknown; render(): unknown; stop(): unknown } | undefined;
  let stopped = false;
  const timer = output.animated
    ? setTimeout(async () => {
        const { ora } = await import('./spinner.ts');
        // stdin and the cursor are left alone: ora's cleanup would end the process at Ctrl-C, before main could report
        // what was sent and what was not.
        const alone = { discardStdin: false, hideCursor: false };
        if (!stopped) spinner = ora({ text: text(), ...alone }).start();
      }, LONG)
    : undefined;
  return {
    update() {
      if (spinner !== undefined) spinner.text = text();
    },
    above(write) {
      spinner?.clear();
      write();
      spinner?.render();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}

/** Progress that counts phones. */
export function showProgress(output: Output, total: number) {
  const started = performance.now();
  const count = { done: 0, failed: 0 };
  const progress = startProgress(output, () => progressText(count, total, performance.now() - started));
  return {
    /** One more phone is done. */
    done(failed = false) {
      count.done += 1;
      if (failed) count.failed += 1;
      progress.update();
    },
    stop: () => progress.stop(),
  };
}

/** `412/1000  ok 405  failed 7  eta 3s`. */
export function progressText(
  { done, failed }: { done: number; failed: number },
  total: number,
  ms: number,
): string {
  if (total === 1) return 'waiting for the phone';
  const eta = done === 0 ? '' : `  eta ${Math.ceil(((total - done) * ms) / done / 1000)}s`;
  return `${done}/${total}  ok ${done - failed}  failed ${failed}${eta}`;
}
