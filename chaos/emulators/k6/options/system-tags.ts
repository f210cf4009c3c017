/** The tags that k6 itself sets on samples. */
export const defaultSystemTags = [
  'check',
  'error',
  'error_code',
  'expected_response',
  'group',
  'method',
  'name',
  'proto',
  'scenario',
  'service',
  'status',
  'subproto',
  'tls_version',
  'url',
];

export const knownSystemTags: ReadonlySet<string> = new Set([...defaultSystemTags, 'ip', 'ocsp_status']);
