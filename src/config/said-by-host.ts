/** What an address says itself. Its host or port may be a range: `10.0.0.[1-9]:8080`. */
const SCHEME = /^(https?):\/\//i;
const PORT = /^(?:https?:\/\/)?(?:\[[^\]]*\]|[^:]*):([^:/]+)\/?$/i;

/** The scheme and the port that an address says itself, as they are written. */
export function saidByHost(host: string): { readonly scheme?: string; readonly port?: string } {
  const scheme = SCHEME.exec(host)?.[1]?.toLowerCase();
  const port = PORT.exec(host)?.[1];
  return { ...(scheme === undefined ? {} : { scheme }), ...(port === undefined ? {} : { port }) };
}
