/** What a line key's lamp shows. */
export type Lamp = 'off' | 'open' | 'calling' | 'ringing' | 'talking' | 'held';

/** All that can be seen of a phone from outside. */
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
  /** The address that "Allow Remote Control?" is about, null while it does not show. */
  readonly prompt: string | null;
  /** One for each line key. */
  readonly lamps: readonly Lamp[];
  readonly handsetLifted: boolean;
  readonly audio: 'handset' | 'speaker' | 'headset';
  /** The line is open, so that the lamp of speaker or headset is lit. */
  readonly offHook: boolean;
  readonly muted: boolean;
  readonly dnd: boolean;
  readonly calls: readonly FaceCall[];
}

/** One call, the one in focus first. */
export interface FaceCall {
  readonly remote: string;
  readonly lamp: Lamp;
}

/** Something that happened on a phone. */
export interface FaceEvent {
  readonly time: string;
  readonly event: string;
  /** With whom, or what about it. */
  readonly detail: string;
  /** One of those that phones report to Action URLs. */
  readonly reported: boolean;
}

/** A request for keys, as it came over HTTP. */
export interface FaceRequest {
  readonly time: string;
  readonly from: string;
  /** What stood behind `?` on the wire. */
  readonly query: string;
  readonly outcome: 'pressed' | 'asks' | 'not listed' | 'not understood';
}

/** A key that was just pressed, by a person or over HTTP. */
export interface FaceKey {
  /** As it stood on the wire. */
  readonly token: string;
  /** The keys it is made of: a number has its digits. None where the phone has no such key. */
  readonly keys: readonly string[];
  /** The soft key, from 1 on, whose label stood for the same. */
  readonly softKey: number | null;
  readonly ignored: boolean;
}

/** A phone and what was last seen of it. */
export interface FacePhone {
  readonly phone: string;
  readonly model: string;
  readonly softKeys: number;
  readonly memoryKeys: number;
  /** Of its web page. */
  readonly port: number;
  readonly state: FaceState;
  readonly keys: readonly FaceKey[];
  readonly events: readonly FaceEvent[];
  readonly requests: readonly FaceRequest[];
}

/** What a person does at a phone. */
export type FaceAction = { readonly keys: readonly string[] } | { readonly hook: 'off' | 'on' };
