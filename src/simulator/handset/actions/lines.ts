import { endConference, holdCalls, resumeCalls } from '../calls.ts';
import { freeLine, incomingCall, type Turn } from '../state.ts';
import { openOn } from './dialling.ts';
import { answer } from './talking.ts';

/** LINEKEY2: answers or resumes the call on that line, or opens the line if it has none. Not documented; our choice. */
export function pressLine(turn: Turn): void {
  const { handset, press } = turn;
  const line = press.number ?? 1;
  const call = handset.calls.find((one) => one.line === line);
  // A phone with one line has both calls on it, and its key opens the line for the second call.
  if (call === undefined || (handset.calls.length === 1 && freeLine(handset) === line)) openOn(turn, line);
  else if (call === incomingCall(handset)) answer(turn);
  else if (call.held && call.answered) {
    const others = handset.calls.filter((other) => other !== call);
    // In a conference on hold, this resumes one of the two calls alone.
    endConference(handset);
    holdCalls(turn, others);
    handset.entry = undefined;
    handset.calls = [call, ...others];
    resumeCalls(turn, [call]);
  }
}
