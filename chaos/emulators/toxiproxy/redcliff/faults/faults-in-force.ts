/** The protocol faults of one proxy, in a form that can be asked for every message at next to no cost. */
import type { Interest } from '../protocol/scanner.ts';
import type { ProtocolFault } from './protocol-fault.ts';

export class FaultsInForce implements Interest {
  list: readonly ProtocolFault[] = [];
  /** Whether any of them acts on requests, so that requests have to be held until their command is known. */
  actOnRequests = false;

  add(fault: ProtocolFault): void {
    this.#set([...this.list, fault]);
  }

  remove(fault: ProtocolFault): void {
    this.#set(this.list.filter((candidate) => candidate !== fault));
  }

  get inCommands(): boolean {
    return this.list.length > 0;
  }

  #set(list: readonly ProtocolFault[]): void {
    this.list = list;
    this.actOnRequests = list.some((fault) => fault.side === 'request');
  }
}
