/** What a listener itself serves, at these paths and below them. No event can have one. */
export const LISTENER_PATHS = {
  /** Programs of the same user. */
  local: '/_atcom',
  /** The board in a browser. */
  board: '/board',
  /** Counts for Prometheus. */
  metrics: '/metrics',
} as const;

/** Whether a listener itself serves a path. */
export function isListenerPath(path: string): boolean {
  return Object.values(LISTENER_PATHS).some((own) => path === own || path.startsWith(`${own}/`));
}
