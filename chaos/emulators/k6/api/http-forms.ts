/** What responses do with HTML. */
export interface HttpForms {
  select(document: string, url: string, selector: unknown): unknown;
  submission(document: string, url: string, settings: unknown): { body: unknown; method: string; params: unknown; url: string };
  link(document: string, url: string, settings: unknown): { params: unknown; url: string };
}
