/** What a page is told. */
export interface LinkHandlers {
  /** What comes on the stream, by its name. */
  readonly news: Readonly<Record<string, (value: never) => void>>;
  /** @param silent - milliseconds since the server was last heard; undefined while it is there */
  readonly onLink: (silent: number | undefined) => void;
}

/** A server beats every 10 s: who misses two beats and a half is not followed any more, in milliseconds. */
const SILENCE = 25_000;

/** How soon to connect again, in milliseconds. */
const AGAIN = 2000;

/** Follows a stream of the page's own server, connects again for as long as it takes, and tells when it is gone. */
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
        // The server and its page are of one build.
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
