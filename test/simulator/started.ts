import { afterEach } from 'vitest';
import {
  type Happening,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/index.ts';

const running: Simulator[] = [];

/** Starts virtual phones that are closed after the test. */
export async function start(options: SimulatorOptions = {}) {
  const simulator = await startSimulator(options);
  running.push(simulator);
  return { simulator, urls: simulator.phones.map(({ url }) => url), url: simulator.phones[0]?.url ?? '' };
}

/** Starts, with a promise of the first happening of a kind. */
export async function startAwaiting(kind: Happening['kind'], options: SimulatorOptions) {
  let tell: (happening: Happening) => void = () => undefined;
  const seen = new Promise<Happening>((resolve) => {
    tell = resolve;
  });
  const onHappening = (happening: Happening) => {
    if (happening.kind === kind) tell(happening);
  };
  return { ...(await start({ ...options, onHappening })), seen };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});
