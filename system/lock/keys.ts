/** Names of the locks, `{domain}:lock:{id}[:{subId}]`: parts that guard the same thing must use the same one. */
export const lockKeys = {
  auction: (sessionId: string, auctionId: string) => `auction:lock:${sessionId}:${auctionId}`,
  battle: (battleId: string) => `battle:lock:${battleId}`,
  city: (sessionId: string, city: number) => `city:lock:${sessionId}:${city}`,
  nation: (sessionId: string, nation: number) => `nation:lock:${sessionId}:${nation}`,
  session: (sessionId: string) => `session:lock:${sessionId}`,
  tournamentRound: (tournamentId: string, round: number) => `tournament:lock:${tournamentId}:round:${round}`,
  turn: (sessionId: string) => `session:lock:${sessionId}:turn`,
} as const;
