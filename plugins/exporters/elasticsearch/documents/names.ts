/** Span kinds as the Collector writes them, by number. */
export const kindNames = ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'] as const;

/** Span statuses likewise. */
export const statusNames = ['Unset', 'Ok', 'Error'] as const;
