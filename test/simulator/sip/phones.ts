import { type Happening, type SipAccount, startSimulator } from '../../../src/simulator/index.ts';

/** Phones at a PBX, with what a test asks about them, once the registrar has decided on each. */
export async function sipPhones(
  host: string,
  numbers: readonly string[],
  account: Partial<SipAccount> = {},
  own: (number: string) => Partial<SipAccount> = () => ({}),
) {
  const all: Happening[] = [];
  const watchers = new Set<() => void>();
  const simulator = await startSimulator({
    approved: true,
    sip: numbers.map((number) => ({
      uri: `sip:${number}@${host}`,
      password: `secret-${number}`,
      ...account,
      ...own(number),
    })),
    onHappening: (happening) => {
      all.push(happening);
      for (const look of watchers) look();
    },
  });
  const decided = (number: string) =>
    all.some(({ phone, kind }) => phone === number && /^register(ed|Failed)$/.test(kind));
  await new Promise<void>((resolve) => {
    const look = () => {
      if (!numbers.every(decided)) return;
      watchers.delete(look);
      resolve();
    };
    watchers.add(look);
    look();
  });
  const used = new Set<Happening>();
  /** The next happening of a kind on a phone; each counts once. */
  const until = (number: string, kind: Happening['kind']): Promise<Happening> =>
    new Promise((resolve) => {
      const look = () => {
        const found = all.find((one) => one.phone === number && one.kind === kind && !used.has(one));
        if (found === undefined) return;
        used.add(found);
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      look();
    });
  /** `6002;DIAL` on a phone. */
  const press = async (number: string, keys: string) => {
    const url = simulator.phones.find(({ extension }) => extension === number)?.url ?? '';
    const { status } = await fetch(`${url}/cgi-bin/server.cgi?key=${keys}`);
    if (status !== 200) throw new Error(`${number} answered ${status}`);
  };
  /** `dial 6002`, answered. */
  const call = async (from: string, to: string) => {
    await press(from, `${to};DIAL`);
    await until(to, 'incomingCall');
    await press(to, 'ANSWER');
    await Promise.all([until(from, 'established'), until(to, 'established')]);
  };
  /** What a phone hears in its first call, once it hears something. */
  const hears = async (number: string) => {
    for (;;) {
      const [audio] = simulator.audio(number);
      if (audio !== undefined && !audio.sound.silence && audio.sound.milliseconds >= 300) return audio;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  /** What a phone reported of its calls so far. */
  const events = (number: string) =>
    all
      .filter(
        ({ phone, kind }) =>
          phone === number && !/^(digits|registered|toneHeard|dtmf|joined|split)$/.test(kind),
      )
      .map(({ kind, remote = '' }) => `${kind} ${remote}`.trim());
  /** What happened so far is waited for no more. */
  const forget = () => {
    for (const happening of all) used.add(happening);
  };
  return { simulator, all, until, press, call, hears, events, forget };
}
