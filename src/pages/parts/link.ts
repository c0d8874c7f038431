/** What to do with messages of the stream. */
export interface LinkHandlers {
  /** A handler for each message, by name. */
  readonly news: Readonly<Record<string, (value: never) => void>>;
  /** @param silent - milliseconds since the server was last heard; undefined while connected */
  readonly onLink: (silent: number | undefined) => void;
}

/**
 * The server sends a heartbeat every 10 s. After two and a half intervals of silence the connection counts as lost. In
 * milliseconds.
 */
const SILENCE = 25_000;

/** The delay before reconnecting, in milliseconds. */
const AGAIN = 2000;

/** Follows a stream of the page's own server, reconnects indefinitely, and reports when the connection is lost. */
export function follow(path: string, { news, onLink }: LinkHandlers): void {
  let source: EventSource | undefined;
  let heard = Date.now();
  let linked = false;
  const hear = () => {
    heard = Date.now();
    if (!linked) onLink(undefined);
    linked = true;
  };
  const connect = () => {
    source?.close();
    source = new EventSource(path);
    for (const [name, take] of Object.entries(news)) {
      source.addEventListener(name, ({ data }) => {
        hear();
        // Server and page come from the same build.
        take(JSON.parse(data) as never);
      });
    }
    source.addEventListener('beat', hear);
    source.addEventListener('error', lose);
  };
  const lose = () => {
    source?.close();
    source = undefined;
    linked = false;
    onLink(Date.now() - heard);
    setTimeout(connect, AGAIN);
  };
  setInterval(() => {
    if (linked && Date.now() - heard > SILENCE) lose();
    else if (!linked) onLink(Date.now() - heard);
  }, 1000);
  connect();
}
