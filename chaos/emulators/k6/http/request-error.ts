/** Why a request got no answer, with k6's error codes. Codes of system calls that are not listed stay in their family. */
export class RequestError extends Error {
  readonly errorCode: number;
  /** What had come of the answer's body; undefined when not even its head had. */
  readonly partialBody: Buffer | undefined;

  constructor(errorCode: number, message: string, cause?: unknown, partialBody?: Buffer) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'RequestError';
    this.errorCode = errorCode;
    this.partialBody = partialBody;
  }
}

export const errorCodes = {
  blacklistedIp: 1110,
  blockedHostname: 1111,
  connectionReset: 1220,
  decompression: 1701,
  dial: 1210,
  dialRefused: 1212,
  dialTimeout: 1211,
  dialUnknownErrno: 1213,
  dns: 1100,
  dnsNoSuchHost: 1101,
  generic: 1000,
  invalidUrl: 1020,
  pipe: 1201,
  requestTimeout: 1050,
  tcp: 1200,
  tls: 1300,
  unknownAuthority: 1310,
  wrongHostname: 1311,
} as const;

export function dialError(error: Error): RequestError {
  const code = 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ECONNREFUSED':
      return new RequestError(errorCodes.dialRefused, 'dial: connection refused', error);
    case 'ENOTFOUND':
      return new RequestError(errorCodes.dnsNoSuchHost, 'lookup: no such host', error);
    case 'EAI_AGAIN':
      return new RequestError(errorCodes.dns, 'lookup: temporary failure in name resolution', error);
    case 'ETIMEDOUT':
      return new RequestError(errorCodes.dialTimeout, 'dial: i/o timeout', error);
    case 'ECONNRESET':
      return new RequestError(errorCodes.connectionReset, 'dial: connection reset by peer', error);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return new RequestError(errorCodes.wrongHostname, `x509: ${error.message}`, error);
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return new RequestError(errorCodes.unknownAuthority, 'x509: unknown authority', error);
    case '':
      return new RequestError(errorCodes.dial, `dial: ${error.message}`, error);
    default:
      if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code.startsWith('CERT_')) {
        return new RequestError(errorCodes.tls, `tls: ${error.message}`, error);
      }
      return new RequestError(errorCodes.dialUnknownErrno, `dial: ${error.message}`, error);
  }
}

/** What ended a connection that was open. Without an error the server closed it before the answer was complete. */
export function connectionError(error: Error | undefined, partialBody: Buffer | undefined): RequestError {
  const make = (code: number, message: string): RequestError =>
    new RequestError(code, message, error, partialBody);
  if (error === undefined)
    return make(errorCodes.generic, partialBody === undefined ? 'EOF' : 'unexpected EOF');
  if (error instanceof RequestError) return make(error.errorCode, error.message);
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNRESET') return make(errorCodes.connectionReset, 'read: connection reset by peer');
  if (code === 'EPIPE') return make(errorCodes.pipe, 'write: broken pipe');
  return make(errorCodes.tcp, error.message);
}
