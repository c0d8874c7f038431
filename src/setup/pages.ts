/** A page of the phone's web interface: its title, and the commands that read and write it. */
export interface PageDefinition {
  readonly label: string;
  readonly read: string;
  readonly write?: string;
}

/**
 * The pages that are used here. Their commands come from the scripts of the web interface of a public firmware; the
 * vendor's document does not mention them.
 */
export const PAGES = {
  status: { label: 'Status', read: 'status_get' },
  'action-urls': {
    label: 'Phone – Action URL',
    read: 'user_get_phone_action_url',
    write: 'user_set_phone_action_url',
  },
  'remote-control': {
    label: 'Phone – Remote Control',
    read: 'user_get_phone_remote_control_config_url',
    write: 'user_set_phone_remote_control_config_url',
  },
} as const satisfies Readonly<Record<string, PageDefinition>>;

/** The name of a page. */
export type PageName = keyof typeof PAGES;

/** The pages that can be changed. */
export type WritablePage = Exclude<PageName, 'status'>;

/** The path of all pages. */
export const WEB_PATH = '/cgi-bin/web_cgi_main.cgi';
