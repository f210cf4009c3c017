/** A version of a document as it is given out: its bytes now, decoded when somebody asks, kept no longer than the holder keeps this. */
import { decodeDocument } from '../bson/decode.ts';
import type { Document, StoredDocument } from './contract.ts';

export class DocumentVersion implements StoredDocument {
  readonly bytes: Uint8Array;
  readonly recordId: number;
  #document: Document | undefined;

  constructor(bytes: Uint8Array, recordId: number) {
    this.bytes = bytes;
    this.recordId = recordId;
  }

  document(): Document {
    this.#document ??= decodeDocument(this.bytes);
    return this.#document;
  }
}
