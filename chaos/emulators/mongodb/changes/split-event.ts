/** $changeStreamSplitLargeEvent: an event larger than a document may be, in parts that a client puts together again. */
import { encodeDocument } from '../bson/encode.ts';
import { documentBytesMax } from '../commands/incoming-document.ts';
import type { Document } from '../storage/contract.ts';

/** Room for `_id` and `splitEvent` in each part. */
const overheadBytes = 1024;

/** One event alone when it is small enough. */
export function splitEvent(event: Document): Document[] {
  if (encodeDocument(event).length <= documentBytesMax) return [event];
  const { _id: token, ...fields } = event;
  const parts: Document[] = [];
  let part: Document = {};
  let bytes = overheadBytes;
  for (const [name, value] of Object.entries(fields)) {
    const size = encodeDocument({ [name]: value }).length;
    if (bytes + size > documentBytesMax && Object.keys(part).length > 0) {
      parts.push(part);
      part = {};
      bytes = overheadBytes;
    }
    part[name] = value;
    bytes += size;
  }
  parts.push(part);
  return parts.map((item, index) => ({
    _id: token,
    splitEvent: { fragment: index + 1, of: parts.length },
    ...item,
  }));
}
