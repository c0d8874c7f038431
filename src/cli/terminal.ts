/** A terminal that a command has for itself: it draws on it, and gets every key. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
  /** Calls back with every key; the terminal shows none of them until the function that is returned is called. */
  onKeys(listener: (keys: string) => void): () => void;
  onResize(listener: () => void): () => void;
  /** Called when the process ends, whatever ends it, as long as the function that is returned was not called. */
  onExit(restore: () => void): () => void;
  /** Stops the process as Ctrl-Z does; settles when it goes on. */
  suspend(): Promise<void>;
}

/** The terminal of a process; undefined where it has none for its keys or its output. */
export function openTerminal(host: NodeJS.Process): Terminal | undefined {
  const { stdin, stdout } = host;
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  return {
    get columns() {
      // Some terminals say that they are 0 columns wide.
      return stdout.columns || 80;
    },
    get rows() {
      return stdout.rows || 24;
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
        host.once('SIGCONT', () => resolve());
        // The whole group: the shell looks at what it started, which may be a script around this.
        host.kill(0, 'SIGTSTP');
      }),
  };
}
