/** A terminal for exclusive use by a command, which draws on it and gets every key. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  /** Whether it has not taken yet what was written. */
  readonly isBehind: boolean;
  write(text: string): void;
  /** Calls back with every key, without echo, until the returned function is called. */
  onKeys(listener: (keys: string) => void): () => void;
  onResize(listener: () => void): () => void;
  /** Called when the process ends, for any reason, unless the returned function was called before. */
  onExit(restore: () => void): () => void;
  /** Suspends the process like Ctrl-Z; settles when it continues, or if nothing can suspend it. */
  suspend(): Promise<void>;
}

/** Milliseconds in which a process is stopped that can be. */
const STOPS_WITHIN = 200;

/** The terminal of a process; undefined if input or output is not a terminal. */
export function openTerminal(host: NodeJS.Process): Terminal | undefined {
  const { stdin, stdout } = host;
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  return {
    get columns() {
      // Some terminals claim to be 0 columns wide.
      return stdout.columns || 80;
    },
    get rows() {
      return stdout.rows || 24;
    },
    get isBehind() {
      return stdout.writableNeedDrain;
    },
    write: (text) => void stdout.write(text),
    onKeys(listener) {
      stdin.setRawMode(true).setEncoding('utf8').resume().on('data', listener);
      return () => {
        stdin.off('data', listener).pause().setRawMode(false);
      };
    },
    onResize(listener) {
      stdout.on('resize', listener);
      return () => void stdout.off('resize', listener);
    },
    onExit(restore) {
      host.once('exit', restore);
      return () => void host.off('exit', restore);
    },
    suspend: () =>
      new Promise((resolve) => {
        const goOn = () => {
          clearTimeout(timer);
          host.off('SIGCONT', goOn);
          resolve();
        };
        host.once('SIGCONT', goOn);
        // The system stops no group of processes without a shell that could continue it, such as that of `docker run`.
        const timer = setTimeout(goOn, STOPS_WITHIN);
        // The whole process group: the shell monitors the process that it started, which may be a script around this
        // one.
        host.kill(0, 'SIGTSTP');
      }),
  };
}
