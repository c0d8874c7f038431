/** What a line key's lamp shows. */
export type Lamp = 'off' | 'open' | 'calling' | 'ringing' | 'talking' | 'held';

/** Everything that can be seen of a phone from outside. */
export interface FaceState {
  readonly state:
    | 'idle'
    | 'dialling'
    | 'calling'
    | 'ringing'
    | 'talking'
    | 'held'
    | 'transfer'
    | 'conference';
  /** The display, without the labels of its soft keys. */
  readonly lcd: readonly string[];
  /** The labels above the soft keys, from left to right. */
  readonly softKeys: readonly string[];
  /** The address in "Allow Remote Control?", or null if no prompt is shown. */
  readonly prompt: string | null;
  /** One per line key. */
  readonly lamps: readonly Lamp[];
  readonly handsetLifted: boolean;
  readonly audio: 'handset' | 'speaker' | 'headset';
  /** The line is open, so the lamp of the speaker or headset is lit. */
  readonly offHook: boolean;
  readonly muted: boolean;
  readonly dnd: boolean;
  readonly calls: readonly FaceCall[];
}

/** A call. The one in focus comes first. */
export interface FaceCall {
  readonly remote: string;
  readonly lamp: Lamp;
}

/** Something that happened on a phone. */
export interface FaceEvent {
  readonly time: string;
  readonly event: string;
  /** The other party, or other details. */
  readonly detail: string;
  /** Whether phones report this event to Action URLs. */
  readonly reported: boolean;
}

/** A request to press keys, as it arrived over HTTP. */
export interface FaceRequest {
  readonly time: string;
  readonly from: string;
  /** The raw text after `?`. */
  readonly query: string;
  readonly outcome: 'pressed' | 'asks' | 'not listed' | 'not understood';
}

/** A key that was just pressed, in the browser or over HTTP. */
export interface FaceKey {
  /** The raw token. */
  readonly token: string;
  /** The keys it stands for: each digit of a number. Empty if the phone has no such key. */
  readonly keys: readonly string[];
  /** The number of the soft key whose label stands for the same key, from 1. */
  readonly softKey: number | null;
  readonly ignored: boolean;
}

/** A phone and its latest activity. */
export interface FacePhone {
  readonly phone: string;
  readonly model: string;
  readonly softKeys: number;
  readonly memoryKeys: number;
  /** The port of its web page. */
  readonly port: number;
  readonly state: FaceState;
  readonly keys: readonly FaceKey[];
  readonly events: readonly FaceEvent[];
  readonly requests: readonly FaceRequest[];
}

/** What a person does at the phone. */
export type FaceAction = { readonly keys: readonly string[] } | { readonly hook: 'off' | 'on' };
