import { find, setText } from '../parts/element.ts';
import type { FaceEvent, FaceKey, FacePhone, FaceRequest, FaceState } from './data.ts';

/** An update about one phone. */
export interface OfPhone<News> {
  readonly phone: string;
  readonly news: News;
}

/** How a page handles updates. */
export interface View {
  /** The complete state: at first, and after every reconnection. */
  phones(all: readonly FacePhone[]): void;
  state?(of: OfPhone<FaceState>): void;
  key?(of: OfPhone<FaceKey>): void;
  event?(of: OfPhone<FaceEvent>): void;
  request?(of: OfPhone<FaceRequest>): void;
}

/** Sets the heading and the window title. */
export function entitle(title: string, window = title): void {
  setText(find('title'), title);
  document.title = window;
}
