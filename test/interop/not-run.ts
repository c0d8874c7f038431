/** Flows that a stack cannot run, by the table they are missing from, with the reason. */
export const NOT_RUN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'With baresip': {
    'attended transfer': 'baresip 1.0.0 writes Replaces into the address to call, and asks for none itself',
    'early media from a phone': 'virtual phones send none; SIPp sends it to them, below',
  },
};
