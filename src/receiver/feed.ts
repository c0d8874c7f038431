import type { ReceiverOptions } from './options.ts';
import type { Phonebook } from './phonebook.ts';
import type { SameUser } from './same-user.ts';
import type { Receiver } from './server.ts';

/** How to listen on a port that another program of the same user may own. */
export interface SharedOptions extends Omit<ReceiverOptions, 'phones' | 'secret' | 'hub'> {
  readonly phonebook: Phonebook;
  /** The secret shared by programs of the same user, or why it cannot be used; without it nothing is shared. */
  readonly sameUser?: SameUser | Error | undefined;
  /** Milliseconds to find out who has the port, and attach there: from 1000 to 3000, as it is by default. */
  readonly within?: number | undefined;
  /** Aborts attaching. */
  readonly signal?: AbortSignal | undefined;
}

/** Where events come from: a receiver of this program, or of another one. */
export interface EventFeed {
  readonly port: number;
  /** The addresses that are bound; none where another program does not tell them. */
  readonly addresses: readonly string[];
  /** `http://127.0.0.1:8088`: where programs of this computer reach it. Another place may be a stranger's. */
  readonly origin: string;
  /** The receiver in this process. */
  readonly receiver?: Receiver;
  /** Settles when the other program's receiver ends, with an error if it sent anything that is not an event. */
  readonly ended?: Promise<Error | undefined>;
  close(): Promise<void>;
}
