/** The process that a run is in. */
export type Draining = Pick<NodeJS.Process, 'once' | 'off' | 'exitCode'>;

/**
 * Makes sure that a run which never comes to its end is no success: when nothing is left that could wake it, Node ends with
 * 0, whatever still waits for something.
 *
 * @param tell - says so, and returns the exit code
 * @returns ends that, once the run has come to its end
 */
export function refuseToDrain(host: Draining, tell: () => number): () => void {
  const drained = () => {
    host.exitCode = tell();
  };
  host.once('beforeExit', drained);
  return () => host.off('beforeExit', drained);
}
