import { SETTLED_PATH } from './local-stream.ts';
import { meet, newAgent, type OtherListener } from './meet.ts';
import { newNonce } from './same-user.ts';

/** How long the other program may take to read what has reached it, in milliseconds; one that is stopped takes for ever. */
const SLOWEST_ECHO = 3000;

/** Asks the other program for lines behind all that has reached it. They come with the events, in their order. */
export function newEchoes(place: OtherListener) {
  const awaited = new Map<string, (came: boolean) => void>();
  const echo = () =>
    new Promise<boolean>((resolve) => {
      const [nonce, agent] = [newNonce(), newAgent()];
      const end = (came: boolean) => {
        clearTimeout(timer);
        awaited.delete(nonce);
        agent.destroy();
        resolve(came);
      };
      const timer = setTimeout(end, SLOWEST_ECHO, false);
      awaited.set(nonce, end);
      meet(place, SETTLED_PATH, agent, nonce).then(
        (answer) => answer.resume(),
        () => end(false),
      );
    });
  /** The one that is under way. */
  let current: Promise<boolean> | undefined;
  let next: Promise<boolean> | undefined;
  return {
    /** Settles with whether one came. One is enough for all who ask before it is asked for. */
    ask(): Promise<boolean> {
      next ??= (current ?? Promise.resolve(true)).then((came) => {
        next = undefined;
        // Who did not answer the one before would not answer the next one in its time either.
        if (!came) return false;
        const asking = echo().finally(() => {
          if (current === asking) current = undefined;
        });
        current = asking;
        return asking;
      });
      return next;
    },
    take: (nonce: string) => awaited.get(nonce)?.(true),
    close() {
      for (const end of awaited.values()) end(false);
    },
  };
}
