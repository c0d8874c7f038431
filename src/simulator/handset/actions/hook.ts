import { incomingCall, offHook, type Turn } from '../state.ts';
import { dial, openLine } from './dialling.ts';
import { answer } from './talking.ts';

/**
 * The handset is lifted: it answers, calls the typed number, or opens a line; during a call the sound moves to it. Not
 * documented; our choice.
 */
export function lift(turn: Turn): void {
  const { handset, happen } = turn;
  const { entry, audio } = handset;
  const open = offHook(handset);
  if (audio !== 'handset') {
    handset.audio = 'handset';
    happen('handset');
  }
  if (incomingCall(handset) !== undefined) answer(turn);
  else if (open) return;
  else if (entry === undefined || entry.digits === '') openLine(turn);
  else dial(turn);
}
