import type { Output } from './output.ts';

/** What a long run shows. */
export interface Progress {
  /** One more phone is done. */
  done(): void;
  stop(): void;
}

/** Only what takes longer than this is worth loading ora for, in milliseconds. */
const LONG = 500;

/** A line on a terminal that counts phones, from the moment a run turns out to be long; elsewhere nothing. */
export function showProgress(output: Output, total: number): Progress {
  let finished = 0;
  let spinner: { text: string; stop(): unknown } | undefined;
  let stopped = false;
  const text = () => (total === 1 ? 'waiting for the phone' : `${finished}/${total} phones`);
  const timer = output.interactive
    ? setTimeout(async () => {
        const { default: ora } = await import('ora');
        // stdin is left alone: the run may be fed by a pipe, and Ctrl-C must reach main.
        if (!stopped) spinner = ora({ text: text(), discardStdin: false }).start();
      }, LONG)
    : undefined;
  return {
    done() {
      finished += 1;
      if (spinner !== undefined) spinner.text = text();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}
