import { find, setText } from '../parts/element.ts';
import type { FaceEvent, FaceKey, FacePhone, FaceRequest, FaceState } from './data.ts';

/** News of one phone. */
export interface OfPhone<News> {
  readonly phone: string;
  readonly news: News;
}

/** What a page does with what comes. */
export interface View {
  /** All that there is: at the beginning, and whenever the phone was gone. */
  phones(all: readonly FacePhone[]): void;
  state?(of: OfPhone<FaceState>): void;
  key?(of: OfPhone<FaceKey>): void;
  event?(of: OfPhone<FaceEvent>): void;
  request?(of: OfPhone<FaceRequest>): void;
}

/** Names the page, for people and for the list of windows. */
export function entitle(title: string, window = title): void {
  setText(find('title'), title);
  document.title = window;
}
