// Tries to lock a file on request, with the built program, and writes the result to its pipe: `held` or
// `free`. `take FILE` tries, `drop` releases.
import { constants } from 'node:fs';
import { createInterface } from 'node:readline';
import { openLocked } from '../../dist/fleet/lock.js';

let handle;
console.log(`ready ${process.pid}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [word, file] = line.split(' ');
  if (word === 'take') {
    const locked = await openLocked(file, constants.O_RDWR).catch((error) => error);
    if (locked !== undefined && !(locked instanceof Error)) handle = locked;
    console.log(locked instanceof Error ? locked.message : locked === undefined ? 'held' : 'free');
  } else {
    await handle?.close();
    handle = undefined;
    console.log('dropped');
  }
}
