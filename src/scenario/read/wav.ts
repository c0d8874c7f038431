import { AtcomError, isAtcomError } from '../../errors.ts';
import { readPlainBytes } from '../../files/plain.ts';

/** Reads a recording; `shown` is its name in messages. */
export type ReadWav = (file: string, shown: string) => Int16Array;

/** Twelve minutes, in bytes. */
const LONGEST = 11 * 1024 * 1024;

/** Reads each recording once, however many steps and combinations say it. */
export function newWavReader(): ReadWav {
  const known = new Map<string, Int16Array | AtcomError>();
  return (file, shown) => {
    const found = known.get(file) ?? readOrError(file, shown);
    known.set(file, found);
    if (found instanceof AtcomError) throw found;
    return found;
  };
}

function readOrError(file: string, shown: string): Int16Array | AtcomError {
  try {
    return readWav(file, shown);
  } catch (error) {
    if (isAtcomError(error)) return error;
    throw error;
  }
}

/**
 * Reads a recording: WAV, 16-bit PCM, one channel, 8000 samples a second, as in telephony.
 *
 * @param shown - the name of the file in messages
 * @throws {AtcomError} `usage`
 */
function readWav(file: string, shown: string): Int16Array {
  const data = contentOf(file, shown);
  const word = (at: number) => data.toString('latin1', at, at + 4);
  if (data.length < 12 || word(0) !== 'RIFF' || word(8) !== 'WAVE') throw unusable(shown, 'is no WAV file');
  let format:
    | { readonly kind: number; readonly channels: number; readonly rate: number; readonly bits: number }
    | undefined;
  for (let at = 12; at + 8 <= data.length; ) {
    const size = data.readUInt32LE(at + 4);
    const body = at + 8;
    if (word(at) === 'fmt ' && body + 16 <= data.length) {
      format = {
        kind: data.readUInt16LE(body),
        channels: data.readUInt16LE(body + 2),
        rate: data.readUInt32LE(body + 4),
        bits: data.readUInt16LE(body + 14),
      };
    }
    if (word(at) === 'data') {
      if (format?.kind !== 1 || format.channels !== 1 || format.rate !== 8000 || format.bits !== 16) break;
      const end = Math.min(body + size, data.length);
      const samples = new Int16Array(Math.floor((end - body) / 2));
      for (let index = 0; index < samples.length; index += 1)
        samples[index] = data.readInt16LE(body + 2 * index);
      return samples;
    }
    at = body + size + (size % 2);
  }
  throw unusable(shown, 'is no WAV of 8000 Hz, mono, 16 bits');
}

function contentOf(file: string, shown: string): Buffer {
  try {
    return readPlainBytes(file, LONGEST);
  } catch (error) {
    if (!isAtcomError(error) || error.code !== 'unreadable-file') throw error;
    throw unusable(shown, `cannot be read: ${error.details.reason}`);
  }
}

function unusable(shown: string, reason: string): AtcomError {
  return new AtcomError('usage', {
    reason: `${shown} ${reason}`,
    hint: 'sox in.wav -r 8000 -c 1 -b 16 out.wav makes one that a phone can say',
  });
}
